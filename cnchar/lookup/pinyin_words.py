"""The words of a pinyin decoder by how they sound: whatever has a certain run of syllables, in one binary search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

LONGEST = 7  # syllables; 9 bits each in a key of 63
NOTHING = -1
_BITS = 9

Keys = NDArray[np.int64]
Ints = NDArray[np.int32]
Index = NDArray[np.intp]


def longer_keys(keys: Keys, syllables: NDArray[np.integer], place: int | Index) -> Keys:
    """The keys of runs of `place` syllables (zeros at first), with one more behind each."""
    return keys | (syllables.astype(np.int64) + 1) << _BITS * (LONGEST - 1 - place)


def ragged(counts: NDArray[np.integer]) -> tuple[Index, Index]:
    """For groups of these sizes: the group of each member and its number in the group."""
    owners = np.repeat(np.arange(len(counts)), counts)
    return owners, np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)


@dataclass(frozen=True)
class SyllableEdges:
    """The syllables of many lattices in one row, sorted by start; their P places are numbered on from line to line."""

    starts: Index  # (S,)
    stops: Index  # (S,)
    syllables: NDArray[np.integer]  # (S,)
    places: int

    @cached_property
    def firsts(self) -> Index:
        """The edges from place p are firsts[p] to firsts[p + 1], (P + 1,)."""
        return np.searchsorted(self.starts, np.arange(self.places + 1))


@dataclass(frozen=True)
class WordEdges:
    """Words that may stand between places, each over 1 to LONGEST syllables."""

    words: Index  # (E,)
    syllables: Ints  # (E, LONGEST) which edges of the row, NOTHING behind the last


@dataclass(frozen=True)
class PinyinWords:
    """W words with their readings, sorted by key; a word with two readings is there twice."""

    keys: Keys  # (G,) ascending, the distinct runs of syllables
    firsts: Ints  # (G + 1,) the words of key g are firsts[g] to firsts[g + 1], the likeliest first
    units: NDArray[np.integer]  # (sum of lengths,) the units of all words, one after the other

    def __len__(self) -> int:
        return int(self.firsts[-1])

    @cached_property
    def lengths(self) -> NDArray[np.int8]:
        """How many syllables each word has, (W,)."""
        return np.repeat(lengths_of(self.keys), np.diff(self.firsts))

    @cached_property
    def offsets(self) -> Ints:
        """Where the units of each word begin, (W + 1,)."""
        return np.concatenate([[0], np.cumsum(self.lengths, dtype=np.int64)]).astype(np.int32)

    def between(self, row: SyllableEdges, most: int) -> WordEdges:
        """All words on the ways through the lattices, of each run of syllables the `most` likeliest."""
        paths = np.arange(len(row.starts), dtype=np.int32)[:, None]  # (N, length)
        keys = longer_keys(np.zeros(len(paths), np.int64), row.syllables, 0)
        found: list[tuple[Index, Ints]] = []
        for length in range(1, LONGEST + 1):
            numbers, known, longer = self._search(keys, length)
            at = np.flatnonzero(known)
            begin = self.firsts[numbers[at]]
            owners, rank = ragged(np.minimum(self.firsts[numbers[at] + 1] - begin, most))
            found.append((begin[owners] + rank, _wide(paths[at[owners]])))
            at = np.flatnonzero(longer)
            begin = row.firsts[row.stops[paths[at, -1]]]
            owners, rank = ragged(row.firsts[row.stops[paths[at, -1]] + 1] - begin)
            following = begin[owners] + rank
            if not len(following):
                break
            keys = longer_keys(keys[at[owners]], row.syllables[following], length)
            paths = np.concatenate([paths[at[owners]], following[:, None].astype(np.int32)], axis=1)
        return WordEdges(np.concatenate([words for words, _ in found]), np.concatenate([wide for _, wide in found]))

    def _search(self, keys: Keys, length: int) -> tuple[Index, NDArray[np.bool_], NDArray[np.bool_]]:
        """For runs of `length` syllables: the number of each one's key, whether it is there, and whether a longer
        one is that begins with it, each (N,)."""
        last = len(self.keys) - 1
        at = np.searchsorted(self.keys, keys)
        inside = np.minimum(at, last)
        known = self.keys[inside] == keys
        after = at + known
        rest = _BITS * (LONGEST - length)
        return inside, known, (self.keys[np.minimum(after, last)] >> rest == keys >> rest) & (after <= last)


def key_of(syllables: Sequence[int]) -> int:
    """The key of a word of these syllables."""
    return sum(syllable + 1 << _BITS * (LONGEST - 1 - place) for place, syllable in enumerate(syllables))


def lengths_of(keys: Keys) -> NDArray[np.int8]:
    """How many syllables there are in each key, (N,)."""
    filled = np.zeros(len(keys), np.int8)
    for place in range(LONGEST):
        filled += (keys >> _BITS * place & (1 << _BITS) - 1) != 0
    return filled


def regroup(keys: Keys, scores: NDArray[np.floating], units: NDArray[np.integer]) -> tuple[PinyinWords, Index]:
    """Words in any order, their units one after the other, as they must stand; and which of them stands where."""
    order = np.lexsort((-scores, keys))
    lengths = lengths_of(keys)
    begins = (np.cumsum(lengths, dtype=np.int64) - lengths)[order]
    owners, place = ragged(lengths[order])
    in_order = keys[order]
    starts = np.flatnonzero(np.append(True, in_order[1:] != in_order[:-1]))
    firsts = np.append(starts, len(keys)).astype(np.int32)
    return PinyinWords(in_order[starts], firsts, units.take(begins[owners] + place)), order


def _wide(paths: Ints) -> Ints:
    out = np.full((len(paths), LONGEST), NOTHING, np.int32)
    out[:, : paths.shape[1]] = paths
    return out
