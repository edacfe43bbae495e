"""Hanzi to pinyin as Python code and commands use it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import overload

from cnchar.bundle import open_bundle, resolve
from cnchar.errors import BadInput
from cnchar.lookup.userdict import UserDictionary
from cnchar.pinyin.pronounce import pronounce
from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.styles import STYLES, Style
from cnchar.pinyin.words import Word, read_words
from cnchar.runtime.engines import LookupEngine
from cnchar.runtime.segmenter import Segmenter
from cnchar.runtime.user_files import dictionary_lines
from cnchar.tasks import segment
from cnchar.tasks.hanzi2pinyin import Pronunciation, Rewritten, pronounced, rewrite
from cnchar.tasks.tables import LOOKUP

SEGMENTER = "segment-fast"


class Pronouncer:
    """Says how the characters of a text are read: of one string, or of any number of them as they come. Thread-safe."""

    def __init__(self, style: Style = "tone", heteronym: bool = False, user: Mapping[str, Word] | None = None) -> None:
        self.style, self.user = style, user or {}
        self._others = load_readings() if heteronym else None
        # A character alone is a word only where it would be one anyway: 行 must not break up 银行.
        forced = {word.text: word.weight for word in self.user.values() if len(word.text) > 1}
        bundle = open_bundle(resolve(SEGMENTER, segment.TASK), segment.TASK, (LOOKUP,))
        self._segmenter = Segmenter(LookupEngine(bundle, None, UserDictionary(forced, "force") if forced else None))

    @overload
    def __call__(self, text: str) -> Pronunciation: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, text: Iterable[str]) -> Iterator[Pronunciation]: ...

    def __call__(self, text: str | Iterable[str]) -> Pronunciation | Iterator[Pronunciation]:
        """The readings of a string, or of each string of an iterable, in order and without reading far ahead."""
        if isinstance(text, str):
            return self._read(self._segmenter(text))
        return map(self._read, self._segmenter(text))

    def _read(self, line: segment.Segmentation) -> Pronunciation:
        return pronounced(line.text, pronounce(line.words, self.user), self.style, self._others)


class Rewriter:
    """Writes pinyin in another style; what is no pinyin stays. Thread-safe."""

    def __init__(self, style: Style = "tone") -> None:
        self.style = style

    @overload
    def __call__(self, text: str) -> Rewritten: ...  # type: ignore[overload-overlap]
    @overload
    def __call__(self, text: Iterable[str]) -> Iterator[Rewritten]: ...

    def __call__(self, text: str | Iterable[str]) -> Rewritten | Iterator[Rewritten]:
        """The syllables of a string, or of each string of an iterable."""
        if isinstance(text, str):
            return rewrite(text, self.style, load_readings())
        return (rewrite(each, self.style, load_readings()) for each in text)


def load_pronouncer(style: Style = "tone", heteronym: bool = False, user_dict: str | Path | None = None) -> Pronouncer:
    """Open a pronouncer. `user_dict`: a file of word<TAB>pinyin<TAB>weight lines.

    Raises:
        CncharError: an unknown style, a dictionary that cannot be read.
    """
    check_style(style)
    words = read_words(dictionary_lines(Path(user_dict)), str(user_dict)) if user_dict is not None else None
    return Pronouncer(style, heteronym, words)


def check_style(style: str) -> None:
    """Raises BadInput for a style that there is not."""
    if style not in STYLES:
        raise BadInput(f"unknown style {style!r}: use one of {', '.join(STYLES)}.")
