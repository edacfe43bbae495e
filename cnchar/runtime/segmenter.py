"""Segmenters: the shipped look-up model, or jieba for comparison, behind one face."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, overload

from cnchar.bundle import Bundle, open_bundle, resolve
from cnchar.errors import BadBundle, BadInput, MissingExtra
from cnchar.lookup.templates import unpad
from cnchar.tasks import segment as task
from cnchar.tasks.segment import Marks, Segmentation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cnchar.lookup.lexicon import Lexicon
    from cnchar.lookup.register import RegisterGuess
    from cnchar.lookup.symbols import Codes
    from cnchar.lookup.tagger import LookupTagger, Weights
    from cnchar.lookup.templates import View
    from cnchar.lookup.userdict import Format, Mode, UserDictionary

ARCHITECTURE = "lookup-tagger"
BLOCK_CHARS = 1 << 18
BLOCK_LINES = 4096


class Engine(Protocol):
    """What segments a block of lines."""

    name: str
    version: str

    def words(self, block: str) -> Iterator[Segmentation]:
        """The lines of a block and their words."""

    def joined(self, block: str, delimiter: str) -> str:
        """The block with `delimiter` between words."""


class Segmenter:
    """Cuts text into words: one string, or any number of them as they come. Thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.name, self.version = engine, engine.name, engine.version

    @overload
    def __call__(self, text: str) -> Segmentation: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, text: Iterable[str]) -> Iterator[Segmentation]: ...

    def __call__(self, text: str | Iterable[str]) -> Segmentation | Iterator[Segmentation]:
        """The words of a string, or of each string of an iterable, in order and without reading far ahead."""
        if isinstance(text, str):
            return self._one(text)
        return self._many(text)

    def text(self, block: str, delimiter: str = " ") -> str:
        """Lines joined by newlines, with `delimiter` between the words; white space becomes the delimiter."""
        return self.engine.joined(block, delimiter)

    def _one(self, text: str) -> Segmentation:
        if "\n" not in text:
            return next(iter(self.engine.words(text)))
        words: list[str] = []  # a newline inside a text is white space like any other
        for line in self.engine.words(text):
            words += [*line.words, "\n"]
        return Segmentation(text, _join_space(words[:-1]))

    def _many(self, texts: Iterable[str]) -> Iterator[Segmentation]:
        batch: list[str] = []
        size = 0
        for text in texts:
            if "\n" in text:
                yield from self._batch(batch)
                yield self._one(text)
                batch, size = [], 0
                continue
            batch.append(text)
            size += len(text)
            if size >= BLOCK_CHARS or len(batch) >= BLOCK_LINES:
                yield from self._batch(batch)
                batch, size = [], 0
        yield from self._batch(batch)

    def _batch(self, batch: list[str]) -> Iterator[Segmentation]:
        return self.engine.words("\n".join(batch)) if batch else iter(())


def _join_space(words: list[str]) -> tuple[str, ...]:
    """Neighbouring runs of white space as one word."""
    out: list[str] = []
    for word in words:
        if out and word.isspace() and out[-1].isspace():
            out[-1] += word
        else:
            out.append(word)
    return tuple(out)


@dataclass(frozen=True)
class Analysis:
    """A block of N characters: code points, what the templates read, scores (4, N) with the marks written in, marks."""

    codes: Codes
    view: View
    scores: NDArray[np.int32]
    marks: Marks


class LookupEngine:
    """The look-up tagger with one standard's tables and perhaps a user dictionary."""

    def __init__(self, bundle: Bundle, standard: str | None = None, user: UserDictionary | None = None) -> None:
        self.name, self.version = bundle.name, str(bundle.version)
        self.user = user
        self.tagger = _read_tagger(bundle, standard)

    def words(self, block: str) -> Iterator[Segmentation]:
        """The lines of a block and their words."""
        seen = self.analyse(block)
        return task.words_of(block, task.decode(seen.scores, seen.codes, seen.marks), seen.marks.space)

    def joined(self, block: str, delimiter: str) -> str:
        """The block with `delimiter` between words."""
        seen = self.analyse(block)
        ends = task.decode(seen.scores, seen.codes, seen.marks)
        return task.join_words(seen.codes, ends, seen.marks.space, delimiter)

    def analyse(self, block: str) -> Analysis:
        """What decoding, --scores and --explain look at."""
        codes = task.to_codes(block)
        view = self.tagger.view(codes)
        scores = self.tagger.scores(view)
        marks = task.mark(block, codes, unpad(view.kinds), self.user)
        task.constrain(scores, marks, self.tagger.weights.scale)
        return Analysis(codes, view, scores, marks)

    def confidences(self, sentence: Segmentation) -> list[float]:
        """The probability of each word of a line; 1 for white space."""
        from cnchar.decode.posterior import word_posteriors

        if not sentence.text:
            return []
        seen = self.analyse(sentence.text)
        values = seen.scores / self.tagger.weights.scale
        out: list[float] = []
        for is_space, group in groupby(sentence.spans, key=lambda span: bool(seen.marks.space[span[0]])):
            spans = list(group)
            start, stop = spans[0][0], spans[-1][1]
            inside = [(a - start, b - start) for a, b in spans]
            out += [1.0] * len(spans) if is_space else word_posteriors(values[:, start:stop], inside)
        return out


class JiebaEngine:
    """jieba's accurate mode, for comparison. Needs the [jieba] extra."""

    name = "jieba"

    def __init__(self, user: UserDictionary | None = None) -> None:
        try:
            import jieba
        except ImportError:
            raise MissingExtra("The model jieba", "jieba") from None
        jieba.setLogLevel("WARNING")
        self.version = jieba.__version__
        self._tokenizer = jieba.Tokenizer()
        for word, weight in (user.words if user else {}).items():
            self._tokenizer.add_word(word, weight)

    def words(self, block: str) -> Iterator[Segmentation]:
        """The lines of a block and their words."""
        for line in block.split("\n"):
            yield Segmentation(line, _join_space(self._tokenizer.lcut(line)))

    def joined(self, block: str, delimiter: str) -> str:
        """The block with `delimiter` between words."""
        return "\n".join(delimiter.join(w for w in line.words if not w.isspace()) for line in self.words(block))


def load_segmenter(
    model: str = "fast",
    standard: str | None = None,
    user_dict: str | Path | None = None,
    user_dict_mode: Mode = "prefer",
    user_dict_format: Format = "tsv",
) -> Segmenter:
    """Open a segmenter. Raises CncharError for what cannot be read or does not fit together."""
    user = _read_user(Path(user_dict), user_dict_mode, user_dict_format) if user_dict is not None else None
    if model == "jieba":
        if standard is not None:
            raise BadInput("--standard belongs to cnchar's own models; jieba has one standard only.")
        return Segmenter(JiebaEngine(user))
    bundle = open_bundle(resolve(model, task.TASK), task.TASK, (ARCHITECTURE,))
    return Segmenter(LookupEngine(bundle, standard, user))


def _read_user(path: Path, mode: Mode, form: Format) -> UserDictionary:
    from cnchar.lookup.userdict import read_user_dictionary

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: the user dictionary is not UTF-8 (byte {error.start}).") from None
    except (FileNotFoundError, IsADirectoryError):
        raise BadInput(f"{path}: no such user dictionary.") from None
    return read_user_dictionary(text.split("\n"), str(path), mode, form)


def _read_tagger(bundle: Bundle, standard: str | None) -> LookupTagger:
    from cnchar.lookup.lexicon import Lexicon
    from cnchar.lookup.register import RegisterGuess
    from cnchar.lookup.symbols import SymbolTable
    from cnchar.lookup.tagger import LookupTagger, Weights

    standards = bundle.get("standards", dict)
    if standard is None and bundle.get("standard", str) not in standards:
        raise BadBundle(f"{bundle.folder}: the config's standard is not one of its standards.")
    standard = standard or bundle.get("standard", str)
    if standard not in standards:
        raise BadInput(f"no standard {standard!r} in the model {bundle.name}; it has {', '.join(standards)}.")
    entry = standards[standard]
    try:
        weights = Weights(
            bundle.array(f"{standard}.direct.npy", "uint32"),
            bundle.array(f"{standard}.hashed.npy", "uint32"),
            float(entry["scale"]),
            frozenset(entry["without"]),
        )
        fold = dict(line.split("\t") for line in bundle.lines("fold.tsv"))
        symbols = SymbolTable(bundle.lines("vocab.txt"), fold)
        lexicon = Lexicon(bundle.array("lexicon.npy", "uint16"), bundle.array("gate.npy", "uint16"))
        register = RegisterGuess(bundle.array("register.npy", "uint32"), int(entry["register_margin"]))
        _check_fit(weights, lexicon, register)
        return LookupTagger(symbols, lexicon, register, weights)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise BadBundle(f"{bundle.folder}: the config or a table does not fit together ({error}).") from None


def _check_fit(weights: Weights, lexicon: Lexicon, register: RegisterGuess) -> None:
    """Raises ValueError for what would only fail, or silently give nonsense, once text comes."""
    from cnchar.lookup.register import PAIR_BITS
    from cnchar.lookup.symbols import MAX_SYMBOLS
    from cnchar.lookup.templates import DIRECT_SIZES, HASHED

    whole = 1 <= weights.bits <= 24 and len(weights.hashed) == 1 << weights.bits
    if not whole or len(weights.direct) != sum(DIRECT_SIZES.values()):
        raise ValueError(f"weights for {len(weights.direct)} and {len(weights.hashed)} features")
    if not 1 <= weights.scale <= 1000:
        raise ValueError(f"a scale of {weights.scale}")
    if unknown := weights.without - {*DIRECT_SIZES, *HASHED}:
        raise ValueError(f"unknown features {', '.join(map(repr, sorted(map(str, unknown))))[:100]}")
    if len(register.table) != MAX_SYMBOLS + (1 << PAIR_BITS) or not 0 <= register.margin < 1 << 31:
        raise ValueError(f"a table of {len(register.table)} for the register with a margin of {register.margin:g}")
    if not len(lexicon.cells):
        raise ValueError("an empty lexicon")
