"""Which words of a block were in the training data: the others are out of vocabulary (OOV)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cnchar.evaluate.blocks import SegmentedBlock

_BITS = 21  # of a code point; three of them, plus one each so that NUL counts, fit a key of 64 bits
_PACKED = 3
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: Knuth's multiplicative hashing


class KnownWords:
    """A set of words without white space, asked for a block of words at a time.

    Words of up to three characters, 19 of 20 in running text, are packed into integers and looked up in a table, each
    in its one slot. Longer words, and those that lost their slot to another, are looked up in the set.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        short = " ".join(word for word in self._words if len(word) <= _PACKED)
        block = SegmentedBlock.of_lines([short])
        keys = _keys(block, *block.words())
        bits = max(8, (4 * len(keys)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._table = np.zeros(1 << bits, dtype=np.uint64)
        self._contested = np.zeros(1 << bits, dtype=bool)  # slots that more than one word wanted
        slots = self._slots(keys)
        self._table[slots] = keys
        self._contested[slots[self._table[slots] != keys]] = True

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, word: object) -> bool:
        return word in self._words

    def mask(self, block: SegmentedBlock) -> NDArray[np.bool_]:
        """Whether each word of the block is known, newlines not counted as words: (words,)."""
        starts, ends = block.words()
        keys = _keys(block, starts, ends)
        slots = self._slots(keys)
        long = ends - starts > _PACKED
        known: NDArray[np.bool_] = (self._table[slots] == keys) & ~long
        ask = np.flatnonzero(long | (self._contested[slots] & ~known))
        spans = zip(block.places[starts[ask]].tolist(), (block.places[ends[ask] - 1] + 1).tolist(), strict=True)
        known[ask] = [block.text[start:end] in self._words for start, end in spans]
        return known

    def _slots(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        return ((keys * _SPREAD) >> self._shift).astype(np.int64)


def _keys(block: SegmentedBlock, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The first three characters of each word as one integer: (words,)."""
    characters = block.characters.astype(np.uint64) + np.uint64(1)
    keys = np.zeros(len(starts), dtype=np.uint64)
    for i in range(_PACKED):
        here = characters.take(starts + i, mode="clip")
        keys |= np.where(ends - starts > i, here << np.uint64(_BITS * i), np.uint64(0))
    return keys
