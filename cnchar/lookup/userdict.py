"""The user's own words: read from a file, found in text at thousands of words for no visible cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnchar.errors import BadInput
from cnchar.lookup.symbols import Codes

Mode = Literal["prefer", "force"]
Format = Literal["tsv", "jieba"]
DEFAULT_WEIGHT = 100
_GATE_BITS = 16
_K = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Match:
    """Where user words stand: half-open [start, stop) in the text, and what each is worth in nats a character."""

    starts: NDArray[np.intp]
    stops: NDArray[np.intp]
    bonuses: NDArray[np.float64]


class UserDictionary:
    """Words with weights: how often the word would occur among a million (contract.md, "Dictionaries").

    A word is found in any context where its exact characters stand. Words may hold white space.
    """

    def __init__(self, words: dict[str, int], mode: Mode = "prefer") -> None:
        self.words, self.mode = words, mode
        self._by_length: dict[int, tuple[NDArray[np.uint64], NDArray[np.float64]]] = {}
        self._gate = np.zeros(1 << _GATE_BITS, bool)
        for length in sorted({len(word) for word in words}):
            group = [word for word in words if len(word) == length]
            codes = np.array([[ord(c) for c in word] for word in group], np.uint32)  # (W, length)
            keys = _keys(codes.ravel(), np.arange(len(group)) * length, length)
            order = np.argsort(keys)
            bonuses = np.array([bonus(words[word]) for word in group])
            self._by_length[length] = keys[order], bonuses[order]
            self._gate[_gate_index(codes[:, 0])] = True

    def __len__(self) -> int:
        return len(self.words)

    def find(self, codes: Codes) -> Match:
        """All occurrences in a text, overlapping ones too, by length and then by place."""
        candidates = np.flatnonzero(self._gate.take(_gate_index(codes)))
        starts, stops, bonuses = [], [], []
        for length, (keys, values) in self._by_length.items():
            at = candidates[candidates <= len(codes) - length]
            mine = _keys(codes, at, length)
            where = np.minimum(np.searchsorted(keys, mine), len(keys) - 1)
            hit = keys[where] == mine
            starts.append(at[hit])
            stops.append(at[hit] + length)
            bonuses.append(values[where[hit]])
        if not starts:
            return Match(np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0))
        return Match(np.concatenate(starts), np.concatenate(stops), np.concatenate(bonuses))


def longest_first(match: Match) -> Match:
    """The matches that are left when longer words, and among equals earlier ones, take their characters."""
    order = np.lexsort((match.starts, match.starts - match.stops))
    taken: set[int] = set()
    kept = []
    for index in order.tolist():
        span = range(int(match.starts[index]), int(match.stops[index]))
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(index)
    return Match(match.starts[kept], match.stops[kept], match.bonuses[kept])


def bonus(weight: int) -> float:
    """What a user word of this weight adds to each of its characters, in nats: 3 for weight 1, 9 for 100."""
    return 3.0 * (1.0 + math.log10(weight))


def read_user_dictionary(
    lines: Iterable[str], name: str, mode: Mode = "prefer", form: Format = "tsv"
) -> UserDictionary:
    """Read `word<TAB>weight` lines, or jieba's `word freq pos`. A word given twice has its last weight.

    Raises:
        BadInput: naming the file and line of an empty word or of a weight that is no positive integer.
    """
    words: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        line = line.lstrip("\ufeff") if number == 1 else line
        line = line.rstrip("\r\n")
        if line.strip() and not line.startswith("#"):
            word, weight = _parse(line, form, f"{name}, line {number}")
            words[word] = weight
    return UserDictionary(words, mode)


def _parse(line: str, form: Format, place: str) -> tuple[str, int]:
    word, _, weight = line.partition("\t")
    if form == "jieba":
        if weight:
            raise BadInput(f"{place}: a tab, but jieba's lines are `word freq pos`, with blanks between; see tsv.")
        word, weight = _of_jieba(word.strip())
    word, weight = word.strip(), weight.strip()
    if not word:
        raise BadInput(f"{place}: no word before the tab; a line is word<TAB>weight.")
    if not weight:
        return word, DEFAULT_WEIGHT
    if not (weight.isascii() and weight.isdecimal() and int(weight[:18]) > 0):
        raise BadInput(f"{place}: the weight {weight!r} of {word!r} is not a positive whole number.")
    return word, int(weight[:18])


def _of_jieba(line: str) -> tuple[str, str]:
    """The word and the frequency, if any, of `word freq pos`, read from its end: a word may have blanks in it."""
    rest, _, last = line.rpartition(" ")
    if rest and last.isascii() and last.isalpha() and last.islower():
        line = rest
    rest, _, last = line.rpartition(" ")
    return (rest, last) if rest and last.isascii() and last.isdecimal() else (line, "")


def _gate_index(codes: Codes) -> NDArray[np.uint32]:
    return codes & np.uint32((1 << _GATE_BITS) - 1)


def _keys(codes: Codes, starts: NDArray[np.intp], length: int) -> NDArray[np.uint64]:
    """64-bit keys of the runs of `length` code points that begin at `starts`."""
    keys = np.zeros(len(starts), np.uint64)
    for k in range(length):
        keys = (keys ^ codes.take(starts + k)) * _K
        keys ^= keys >> np.uint64(29)
    return keys


def iter_words(match: Match) -> Iterator[tuple[int, int, float]]:
    """(start, stop, bonus) of each match."""
    yield from zip(match.starts.tolist(), match.stops.tolist(), match.bonuses.tolist(), strict=True)
