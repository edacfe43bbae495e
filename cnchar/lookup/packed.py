"""Tables of packed weights, summed for millions of characters a second in plain numpy.

An entry is one uint32: three int8 weights, biased to unsigned, and a check byte.

    bits  0- 7  weight of the first label  + 128
    bits  8-15  weight of the second label + 128
    bits 16-23  weight of the third label  + 128
    bits 24-31  check (hashed tables), 0 (direct tables)

The fourth label's weight is zero by convention: a softmax over four labels has three degrees of freedom. Sums run in
16-bit lanes of two uint32 accumulators, so one addition adds two labels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array32 = NDArray[np.uint32]

BIAS = 128
NEUTRAL = np.uint32(BIAS | BIAS << 8 | BIAS << 16)  # an entry without weight
MISS = np.uint32(1 << 24)
LANES = np.uint32(0x00FF00FF)
LOW = np.uint32(0xFFFF)


def pack(weights: NDArray[np.floating], scale: float) -> Array32:
    """Weights (R, 3) as entries (R,): rounded to int8 steps of 1/scale, clipped at the ends."""
    whole = np.clip(np.rint(weights * scale), -BIAS, BIAS - 1).astype(np.int64) + BIAS
    entries: Array32 = (whole[:, 0] | whole[:, 1] << 8 | whole[:, 2] << 16).astype(np.uint32)
    return entries


def unpack(entries: Array32) -> NDArray[np.int32]:
    """Weights (..., 3) of entries (...), without the scale."""
    parts = [(entries >> np.uint32(shift)) & np.uint32(0xFF) for shift in (0, 8, 16)]
    return np.stack(parts, axis=-1).astype(np.int32) - BIAS


class Accumulator:
    """Sums of entries for a run of at most `size` characters; reused from run to run."""

    def __init__(self, size: int) -> None:
        self._even, self._odd = np.empty(size, np.uint32), np.empty(size, np.uint32)
        self._entries, self._scratch = np.empty(size, np.uint32), np.empty(size, np.uint32)
        self._index = np.empty(size, np.intp)

    def start(self, size: int) -> None:
        """Begin the sums of `size` characters."""
        self.size, self.added = size, 0
        self._even[:size] = 0
        self._odd[:size] = 0

    def add_direct(self, table: Array32, index: NDArray[np.integer]) -> None:
        """Add table[index[i]] to character i."""
        entries = self._entries[: self.size]
        table.take(index, out=entries, mode="clip")
        self._add(entries)

    def add_hashed(self, table: Array32, slots: Array32, checks: Array32, salt: int) -> None:
        """Add table[slots[i] ^ salt] to character i where that entry has the check byte checks[i] (upper 8 bits)."""
        entries, index = self._entries[: self.size], self._index[: self.size]
        salted = self._scratch[: self.size]
        np.bitwise_xor(slots, np.uint32(salt), out=salted)
        index[:] = salted
        table.take(index, out=entries, mode="clip")
        np.bitwise_xor(entries, checks, out=entries)
        # A foreign check byte leaves a value above MISS; cut down to it, it adds no weight and counts one miss.
        np.minimum(entries, MISS, out=entries)
        self._add(entries)

    def _add(self, entries: Array32) -> None:
        n = self.size
        scratch = self._scratch[:n]
        np.bitwise_and(entries, LANES, out=scratch)
        np.add(self._even[:n], scratch, out=self._even[:n])
        np.right_shift(entries, np.uint32(8), out=scratch)
        np.bitwise_and(scratch, LANES, out=scratch)
        np.add(self._odd[:n], scratch, out=self._odd[:n])
        self.added += 1

    def sums(self) -> NDArray[np.int32]:
        """Sums of the weights, (3, N)."""
        even, odd = self._even[: self.size], self._odd[: self.size]
        out = np.empty((3, self.size), np.int32)
        bias = (self.added - (odd >> np.uint32(16)).astype(np.int32)) * BIAS
        np.subtract((even & LOW).astype(np.int32), bias, out=out[0])
        np.subtract((odd & LOW).astype(np.int32), bias, out=out[1])
        np.subtract((even >> np.uint32(16)).astype(np.int32), bias, out=out[2])
        return out
