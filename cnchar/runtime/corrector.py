"""The corrector as Python code and commands use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from cnchar.bundle import open_bundle, resolve
from cnchar.errors import BadInput
from cnchar.runtime.suggestions import open_suggestions
from cnchar.tasks.correct import Candidate, candidates
from cnchar.tasks.correct_parts import TASK, Parts, read_parts
from cnchar.tasks.edits import Correction, OwnPairs, Wish, choose, read_own_pairs
from cnchar.tasks.looks import Free, Network
from cnchar.tasks.tables import NEURAL
from cnchar.text.batches import line_size, together
from cnchar.text.markup import Kind, open_reader
from cnchar.text.sentences import split_long
from cnchar.text.terms import Span, Terms, read_terms
from cnchar.text.untouched import free_places

if TYPE_CHECKING:
    from cnchar.runtime.neural import Device

BLOCK_CHARS = 1 << 15  # that are looked at together; longer lines are cut
MARGIN = 244  # characters on both sides of a cut that the other side sees too: as far as two looks reach


class Corrector:
    """Finds wrong characters and says which ones are meant. Thread-safe."""

    def __init__(
        self,
        parts: Parts,
        network: Network,
        batch_chars: int,
        *,
        name: str = "",
        version: str = "",
        wish: Wish | None = None,
        protect: Terms | None = None,
        own: OwnPairs | None = None,
        markup: Kind = "none",
    ) -> None:
        self.parts, self.network, self.batch_chars = parts, network, batch_chars
        self.name, self.version = name, version
        self.wish, self.protect, self.own, self.markup = wish or Wish(), protect, own, markup

    @overload
    def __call__(self, text: str) -> Correction: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, text: Iterable[str]) -> Iterator[Correction]: ...

    def __call__(self, text: str | Iterable[str]) -> Correction | Iterator[Correction]:
        """The edits of a string, or of each string of an iterable, in order and without reading far ahead.

        Each string is a text of its own, with the corrector's markup; it may have many lines.
        """
        if isinstance(text, str):
            return self.correct([text], [text_spans(text, self.markup)])[0]
        return self._many(text)

    def correct(self, texts: Sequence[str], protected: Sequence[Iterable[Span]]) -> list[Correction]:
        """The edits of texts of any length; `protected` has for each the spans that are left alone besides."""
        free = [free_places(text, spans, self.protect) for text, spans in zip(texts, protected, strict=True)]
        found = self._candidates(list(map(self._mended, texts, free)), [np.frombuffer(each, np.bool_) for each in free])
        rows = zip(texts, found, free, strict=True)
        return [choose(text, likely, may, self.parts.threshold, self.wish, self.own) for text, likely, may in rows]

    def _mended(self, text: str, free: bytearray) -> str:
        """The text as the network sees it: the user's own pairs are made already."""
        return text if self.own is None else self.own.mend(text, free, self.wish.least(self.parts.threshold))

    def _candidates(self, texts: Sequence[str], free: Sequence[Free]) -> list[list[Candidate]]:
        """Of each text, in pieces of bounded size whatever the texts are like."""
        found: list[list[Candidate]] = [[] for _ in texts]
        open_pieces = (piece for piece in _cut(texts) if free[piece.text][piece.low : piece.high].any())
        for pieces in together(open_pieces, line_size, BLOCK_CHARS):
            whole = [texts[piece.text][piece.start : piece.stop] for piece in pieces]
            may = [free[piece.text][piece.start : piece.stop] for piece in pieces]
            answers = candidates(
                self.parts, self.network, whole, may, self.batch_chars, same_sound=self.wish.same_sound
            )
            for piece, answer in zip(pieces, answers, strict=True):
                moved = (each._replace(place=each.place + piece.start) for each in answer)
                found[piece.text] += [each for each in moved if piece.low <= each.place < piece.high]
        return found

    def _many(self, texts: Iterable[str]) -> Iterator[Correction]:
        for batch in together(texts, line_size, BLOCK_CHARS):
            yield from self.correct(batch, [text_spans(text, self.markup) for text in batch])


@dataclass(frozen=True)
class _Piece:
    """text[start:stop] is looked at, for what stands at low:high."""

    text: int
    start: int
    stop: int
    low: int
    high: int

    def __len__(self) -> int:
        return self.stop - self.start


def _cut(texts: Sequence[str]) -> Iterator[_Piece]:
    """The lines of texts, long ones in pieces."""
    for number, text in enumerate(texts):
        begin = 0
        for line in text.split("\n"):
            end = begin + len(line)
            for low, high in split_long(line, BLOCK_CHARS):
                low, high = begin + low, begin + high
                yield _Piece(number, max(begin, low - MARGIN), min(end, high + MARGIN), low, high)
            begin = end + 1


def text_spans(text: str, kind: Kind) -> Iterator[Span]:
    """What is code or markup in a text of one or more lines."""
    reader, begin = open_reader(kind), 0
    for line in text.split("\n"):
        yield from ((begin + start, begin + end) for start, end in reader.spans(line))
        begin += len(line) + 1


def load_corrector(
    model: str = TASK,
    *,
    min_confidence: float | None = None,
    same_sound: bool = False,
    max_edits: int | None = None,
    nbest: int = 3,
    detect: bool = False,
    protect: str | Path | Iterable[str] | None = None,
    confusion: str | Path | None = None,
    markup: Kind = "none",
    device: Device = "auto",
    threads: int | None = None,
) -> Corrector:
    """Open a corrector.

    Args:
        model: a shipped name or a folder.
        min_confidence, same_sound, max_edits, nbest, detect: as tasks.edits.Wish has them.
        protect: a file of words that are never changed, one a line, or the words themselves.
        confusion: a file of the user's own pairs, wrong<TAB>right a line.
        markup: what texts are written in: "none", "markdown", "html" or "latex"; its code and its tags are left alone.
        device, threads: what the network runs on (runtime.neural.open_network).

    Raises:
        CncharError: what cannot be read or does not fit together.
    """
    wish = Wish(min_confidence, same_sound, max_edits, nbest, detect)
    terms = _read_terms(protect) if isinstance(protect, str | Path) else Terms(protect or ())
    own = read_own_pairs(_lines(Path(confusion), "confusion pairs"), str(confusion)) if confusion is not None else None
    bundle = open_bundle(resolve(model, TASK), TASK, (NEURAL,))
    parts = read_parts(bundle)
    network, batch_chars = open_suggestions(bundle, parts, device, threads)
    return Corrector(
        parts, network, batch_chars,
        name=bundle.name, version=str(bundle.version), wish=wish, protect=terms, own=own, markup=markup,
    )  # fmt: skip


def _read_terms(path: str | Path) -> Terms:
    return read_terms(_lines(Path(path), "words to protect"), str(path))


def _lines(path: Path, what: str) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: the {what} are not UTF-8 (byte {error.start}).") from None
    except (FileNotFoundError, IsADirectoryError):
        raise BadInput(f"{path}: no such file of {what}.") from None
