"""Words with their readings: the user's (contract.md, "Dictionaries") and a few of our own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cnchar.errors import BadInput
from cnchar.pinyin.split import best_path, split
from cnchar.pinyin.styles import read
from cnchar.pinyin.syllables import NEUTRAL, NO_TONE, SYLLABLES, Syllable
from cnchar.pinyin.tokens import HANZI

DEFAULT_WEIGHT = 100
OWN = Path(__file__).parent / "data" / "words.tsv"
_HANZI = re.compile(f"[{HANZI}]")


@dataclass(frozen=True)
class Word:
    """A word, how often it would occur among a million, and one reading a hanzi if any were given."""

    text: str
    reading: tuple[Syllable, ...] | None = None
    weight: int = DEFAULT_WEIGHT

    def by_character(self) -> tuple[Syllable | None, ...]:
        """The reading with None for each character that is no hanzi, (len(text),)."""
        syllables = iter(self.reading or ())
        return tuple(next(syllables, None) if _HANZI.match(character) else None for character in self.text)


def read_words(lines: Iterable[str], name: str) -> dict[str, Word]:
    """Read `word<TAB>pinyin<TAB>weight` lines; pinyin and weight may be left out. The last of two lines holds.

    Raises:
        BadInput: naming the file and line of what is no pinyin, does not fit the word, or is no weight.
    """
    words: dict[str, Word] = {}
    for number, line in enumerate(lines, 1):
        line = (line.lstrip("\ufeff") if number == 1 else line).rstrip("\r\n")
        if line.strip() and not line.startswith("#"):
            word = _parse(line, f"{name}, line {number}")
            words[word.text] = word
    return words


@cache
def own_words() -> dict[str, Word]:
    """Words that ship with the package: what pypinyin's phrases lack or have wrong."""
    with OWN.open(encoding="utf-8", newline="\n") as lines:
        return read_words(lines, OWN.name)


def _parse(line: str, place: str) -> Word:
    text, pinyin, weight, *more = [cell.strip() for cell in line.split("\t")] + ["", ""]
    if len(more) > 2:
        raise BadInput(f"{place}: more than three columns; a line is word<TAB>pinyin<TAB>weight.")
    if not text:
        raise BadInput(f"{place}: no word before the tab; a line is word<TAB>pinyin<TAB>weight.")
    if pinyin.isdecimal() and not weight:  # word<TAB>weight, as for the other commands
        pinyin, weight = "", pinyin
    if weight and not (weight.isascii() and weight.isdecimal() and int(weight[:18]) > 0):
        raise BadInput(f"{place}: the weight {weight!r} of {text!r} is not a positive whole number.")
    return Word(text, _reading(text, pinyin, place) if pinyin else None, int(weight[:18] or DEFAULT_WEIGHT))


def _reading(text: str, pinyin: str, place: str) -> tuple[Syllable, ...]:
    wanted = len(_HANZI.findall(text))
    syllables = [read(each) for each in re.split(r"[\s'’]+", pinyin)]
    if None in syllables or len(syllables) != wanted:
        syllables = list(_cut(pinyin))
    if not wanted or len(syllables) != wanted:
        raise BadInput(
            f"{place}: {pinyin!r} is not the pinyin of {text!r}; write one syllable a hanzi, such as hang2 zhang3."
        )
    return tuple(syllable for syllable in syllables if syllable is not None)


def _cut(pinyin: str) -> Iterable[Syllable]:
    """The syllables of pinyin that is written together, as few as can be."""
    lattice = split(pinyin)
    if lattice is not None:
        for edge in best_path(lattice, [1.0] * len(SYLLABLES)):
            yield Syllable(SYLLABLES[lattice.syllables[edge]], int(lattice.tones[edge]))


def with_tones(given: Syllable, listed: Iterable[Syllable]) -> Syllable:
    """A reading given without a tone gets that of the character's likeliest reading of that sound."""
    if given.tone != NO_TONE:
        return given
    return next((each for each in listed if each.plain == given.plain), Syllable(given.plain, NEUTRAL))
