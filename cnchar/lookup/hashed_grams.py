"""A table from hashed n-grams to small classes, looked up by the hundred thousand at once.

A bucket is one uint64 of four cells; a cell is 12 bits of an n-gram's hash, its mark, and 4 bits for its class. So a
look-up is one random access and a few operations on four cells at once, and an n-gram takes two bytes. One that is not
in the table is taken for another one once in a thousand times. What finds its bucket full when the table is built is
left out, the least important first: such tables are pruned to size anyway.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

CLASSES = 16
CELLS = 4
_CLASS_BITS = 4
_ONES = np.uint64(0x0001_0001_0001_0001)
_TOPS = np.uint64(0x8000_8000_8000_8000)
_MARKS = np.uint64(0xFFF0_FFF0_FFF0_FFF0)
_MIX = np.uint64(0x9E37_79B9_7F4A_7C15)
_SPREAD = np.uint64(0xD6E8_FEB8_6659_FD93)
_HALF = np.uint64(32)


def spread(keys: NDArray[np.integer]) -> Hashes:
    """Keys (N,) as well-mixed 64-bit numbers, to be joined by `join`."""
    out = keys.astype(np.uint64) + np.uint64(1)
    out *= _MIX
    out ^= out >> _HALF
    out *= _SPREAD
    out ^= out >> _HALF
    return out


def join(left: Hashes, right: Hashes) -> Hashes:
    """The hash of an n-gram from that of its beginning and that of its last part; broadcasts, and order matters."""
    out: Hashes = left * _SPREAD
    out += right
    out ^= out >> _HALF
    out *= _MIX
    return out


class HashedGrams:
    """Classes, 0 to 15, by hash. `cells`: (4 * B,) uint16 for B buckets, 0 where a cell is empty."""

    def __init__(self, cells: NDArray[np.uint16]) -> None:
        if not len(cells) or len(cells) % CELLS:
            raise ValueError(f"{len(cells)} cells do not make whole buckets")
        self.cells = cells
        self._buckets = cells.view("<u8")

    def find(self, hashes: Hashes) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
        """Which of the hashes (N,) are in the table, ascending, and their classes."""
        bucket, mark = _place(hashes, len(self._buckets))
        cells = self._buckets.take(bucket)
        differ = mark * _ONES
        differ ^= cells
        differ &= _MARKS  # the cell of a hit is zero now
        zero = differ - _ONES
        zero &= ~differ
        zero &= _TOPS  # the lowest bit that is set is right; those above may come from the borrow
        hits = np.flatnonzero(zero)
        low = zero[hits]
        low &= ~low + np.uint64(1)
        shift = np.zeros(len(hits), np.uint64)
        for cell in range(1, CELLS):
            shift[low == np.uint64(0x8000 << 16 * cell)] = 16 * cell
        return hits, (cells[hits] >> shift & np.uint64(CLASSES - 1)).astype(np.uint8)

    @classmethod
    def build(cls, hashes: Hashes, classes: NDArray[np.uint8], buckets: int) -> HashedGrams:
        """The table of distinct hashes, the most important first: those that find their bucket full are left out."""
        bucket, mark = _place(hashes, buckets)
        order = np.argsort(bucket, kind="stable")
        in_order = bucket[order]
        rank = np.arange(len(order)) - np.searchsorted(in_order, in_order)
        kept = rank < CELLS
        cells = np.zeros(buckets * CELLS, np.uint16)
        cells[in_order[kept] * CELLS + rank[kept]] = mark[order[kept]].astype(np.uint16) | classes[order[kept]]
        return cls(cells)


def _place(hashes: Hashes, buckets: int) -> tuple[NDArray[np.intp], Hashes]:
    """The bucket of each hash, from its upper half, and its mark, never 0, where it stands in a cell."""
    bucket = hashes >> _HALF
    bucket *= np.uint64(buckets)
    bucket >>= _HALF
    mark = hashes >> np.uint64(8)
    mark &= np.uint64(0xFFF0)
    mark += (mark == 0) * np.uint64(1 << _CLASS_BITS)
    return bucket.astype(np.intp), mark
