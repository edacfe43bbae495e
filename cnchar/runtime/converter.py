"""Pinyin to hanzi as Python code and commands use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, overload

from cnchar.errors import BadInput
from cnchar.pinyin.pronounce import pronounce
from cnchar.pinyin.spellings import EXACT, Typing, parse_fuzzy
from cnchar.pinyin.syllables import Syllable
from cnchar.pinyin.words import Word, read_words
from cnchar.runtime.pinyin_search import BATCH_EDGES, PinyinModel, open_pinyin_model
from cnchar.runtime.user_files import dictionary_lines
from cnchar.tasks.pinyin2hanzi import TASK, Conversion, Punct, answer
from cnchar.tasks.pinyin_line import PinyinLine, read_line
from cnchar.text.batches import together

if TYPE_CHECKING:
    from cnchar.runtime.neural import Device

BATCH_LINES = 1 << 10


@dataclass(frozen=True)
class Wish:
    """How lines are read and what is wanted of each."""

    typing: Typing = EXACT
    all_pinyin: bool = False
    nbest: int = 1
    punct: Punct = "keep"


class Converter:
    """Turns pinyin into hanzi: one string, or any number of them as they come. Thread-safe."""

    def __init__(self, model: PinyinModel, wish: Wish = Wish()) -> None:
        self._model, self.wish = model, wish
        self._typing = replace(wish.typing, without=model.decoder.silent)
        self.name, self.version = model.name, model.version

    @overload
    def __call__(self, text: str) -> Conversion: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, text: Iterable[str]) -> Iterator[Conversion]: ...

    def __call__(self, text: str | Iterable[str]) -> Conversion | Iterator[Conversion]:
        """The hanzi of a string, or of each string of an iterable, in order and without reading far ahead."""
        if isinstance(text, str):
            return next(self._many([text]))
        return self._many(text)

    def read(self, text: str) -> PinyinLine:
        """A line as it is understood, before anything is decoded."""
        return read_line(text, self._typing, all_pinyin=self.wish.all_pinyin)

    def _many(self, texts: Iterable[str]) -> Iterator[Conversion]:
        for batch in together(map(self.read, texts), lambda line: len(line.starts), BATCH_EDGES, BATCH_LINES):
            yield from self._convert(batch)

    def _convert(self, lines: Sequence[PinyinLine]) -> Iterator[Conversion]:
        parts = [list(line.lattices()) for line in lines]
        found = iter(self._model.search([lattice for each in parts for lattice, _ in each], self.wish.nbest))
        for line, each in zip(lines, parts, strict=True):
            ways = [(paths, edges) for paths, (_, edges) in zip(islice(found, len(each)), each, strict=True)]
            yield answer(line, ways, self.wish.nbest, self.wish.punct)


def load_converter(
    model: str = TASK,
    *,
    fast: bool = False,
    nbest: int = 1,
    fuzzy: str = "",
    abbreviations: bool = False,
    typos: bool = False,
    loose_umlaut: bool = False,
    erhua: bool = False,
    all_pinyin: bool = False,
    user_dict: str | Path | None = None,
    punct: Punct = "keep",
    device: Device = "auto",
    threads: int | None = None,
) -> Converter:
    """Open a converter.

    Args:
        model: a shipped name or a folder.
        fast: leave the network out; look-ups alone.
        nbest: how many candidates a line gets at most.
        fuzzy: pairs of sounds that may stand for each other, such as "zh=z,n=l,eng=en".
        abbreviations, typos, loose_umlaut, erhua: what else is understood (spellings.Typing).
        all_pinyin: whatever can be pinyin is, English words too.
        user_dict: a file of word<TAB>pinyin<TAB>weight lines.
        punct: keep marks as they are, or make them Chinese.
        device, threads: what the network runs on (runtime.neural.open_network).

    Raises:
        CncharError: what cannot be read or does not fit together.
    """
    if nbest < 1:
        raise BadInput(f"--nbest {nbest}: there is at least one candidate.")
    if punct not in ("keep", "zh"):
        raise BadInput(f"--punct {punct}: use keep or zh.")
    typing = Typing(parse_fuzzy(fuzzy), abbreviations, typos, loose_umlaut, erhua)
    words = read_words(dictionary_lines(Path(user_dict)), str(user_dict)) if user_dict is not None else {}
    opened = open_pinyin_model(model, fast=fast, device=device, threads=threads)
    if readable := list(_with_readings(words)):
        opened = replace(opened, decoder=opened.decoder.with_words(readable))
    return Converter(opened, Wish(typing, all_pinyin, nbest, punct))


def _with_readings(words: Mapping[str, Word]) -> Iterator[tuple[str, tuple[Syllable, ...], int]]:
    """Words of hanzi alone, each with its reading: the one given, else as it is read in text."""
    for word in words.values():
        reading = word.reading or tuple(syllable for syllable in pronounce([word.text]) if syllable is not None)
        if len(reading) == len(word.text):
            yield word.text, reading, word.weight
