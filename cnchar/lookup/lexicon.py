"""Which runs of characters are dictionary words, for every position at once.

The word list is a static function after Chazelle et al., "The Bloomier filter" (SODA 2004): each word's value is the
exclusive-or of three table cells, so half a million words take 2.5 bytes each and no word is ever missed; a run that is
no word passes for one once in 2**CHECK_BITS times.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

MIN_LENGTH, MAX_LENGTH = 2, 6
CLASS_BITS = 4
CHECK_BITS = 16 - CLASS_BITS
_LENGTH_KEYS = np.array([0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646D], np.uint32)
_FINAL = (np.uint32(0x7FEB352D), np.uint32(0x846CA68B))
_SPREAD = np.array([0x2C1B3C6D, 0x297A2D39, 0x1B56C4E9], np.uint32)
_GATE_BITS = 20

Array32 = NDArray[np.uint32]


def _finish(keys: Array32) -> Array32:
    """A 32-bit finaliser (Wellons' lowbias32) over polynomial keys."""
    out = keys ^ (keys >> np.uint32(16))
    out *= _FINAL[0]
    out ^= out >> np.uint32(15)
    out *= _FINAL[1]
    out ^= out >> np.uint32(16)
    return out


def run_keys(symbols: Array32, length: int) -> Array32:
    """Keys of all runs of `length` symbols, (N - length + 1,)."""
    count = max(0, len(symbols) - length + 1)
    keys = np.full(count, np.uint32(length), np.uint32)
    for k in range(length):
        keys += (symbols[k : k + count] + np.uint32(1)) * _LENGTH_KEYS[k]
    return keys


def _gate_index(symbols: Array32) -> NDArray[np.intp]:
    """Where a pair of neighbouring symbols stands in the gate, (N - 1,)."""
    return (_finish(run_keys(symbols, 2)) >> np.uint32(32 - _GATE_BITS)).astype(np.intp)


class Lexicon:
    """A set of symbol runs of 2 to 6 symbols, each with a 4-bit class mask.

    Args:
        cells: the static function, three segments of equal size, (3 * segment,) uint16.
        gate: for each hashed pair of symbols the length of the longest word that begins with it, (2**20,) uint8.
    """

    def __init__(self, cells: NDArray[np.uint16], gate: NDArray[np.uint8]) -> None:
        self.cells, self.gate = cells, gate
        self._segment = np.uint32(len(cells) // 3)

    @classmethod
    def build(cls, words: Mapping[tuple[int, ...], int]) -> Lexicon:
        """Make the tables of symbol runs with their class masks (1 to 15)."""
        keys, values = _keys_of(words)
        gate = np.zeros(1 << _GATE_BITS, np.uint8)
        for length in range(MIN_LENGTH, MAX_LENGTH + 1):
            heads = np.array([w[:2] for w in words if len(w) == length], np.uint32).reshape(-1, 2)
            for pair in heads:
                gate[_gate_index(pair)] = length
        return cls(_solve(keys, values), gate)

    def classes(self, keys: Array32) -> NDArray[np.uint8]:
        """Class masks of run keys, 0 for what is no word."""
        value = np.zeros(len(keys), np.uint16)
        for cell in _cells(keys, self._segment):
            value ^= self.cells.take(cell)
        value ^= _check(keys)
        return np.where(value < (1 << CLASS_BITS), value, 0).astype(np.uint8)

    def matches(self, symbols: Array32, classes: int) -> list[list[NDArray[np.intp]]]:
        """For each of the first `classes` class bits, and each length 2 to 6, where words of it begin."""
        found: list[list[NDArray[np.intp]]] = [[] for _ in range(classes)]
        if len(symbols) < MIN_LENGTH:
            return [[np.empty(0, np.intp)] * (MAX_LENGTH - 1) for _ in range(classes)]
        longest = self.gate.take(_gate_index(symbols))
        longest[(symbols[:-1] == 0) | (symbols[1:] == 0)] = 0
        at = np.flatnonzero(longest)
        keys = np.zeros(0, np.uint32)
        for length in range(MIN_LENGTH, MAX_LENGTH + 1):
            at = at[longest.take(at) >= length]
            at = at[at <= len(symbols) - length]
            if length > MIN_LENGTH:  # no word runs over a separator
                at = at[symbols.take(at + length - 1) != 0]
            keys = np.full(len(at), np.uint32(length), np.uint32)
            for k in range(length):
                keys += (symbols.take(at + k) + np.uint32(1)) * _LENGTH_KEYS[k]
            mask = self.classes(keys)
            for bit in range(classes):
                found[bit].append(at[(mask >> bit) & 1 == 1])
        return found


def spans_code(starts: list[NDArray[np.intp]], size: int) -> NDArray[np.uint16]:
    """What the dictionary says at each character, (size,): longest word that starts, ends, passes here, base 7."""
    first, last, inner = (np.zeros(size + MAX_LENGTH, np.uint8) for _ in range(3))
    for length, at in enumerate(starts, MIN_LENGTH):  # ascending: the longest is written last
        first[at] = length
        last[at + (length - 1)] = length
        for k in range(1, length - 1):
            inner[at + k] = length
    code = first[:size].astype(np.uint16)
    code *= np.uint16(7)
    code += last[:size]
    code *= np.uint16(7)
    code += inner[:size]
    return code


def _check(keys: Array32) -> NDArray[np.uint16]:
    """Check bits of each key, standing above the class bits."""
    return ((_finish(keys * _SPREAD[0]) >> np.uint32(32 - CHECK_BITS)) << np.uint32(CLASS_BITS)).astype(np.uint16)


def _cells(keys: Array32, segment: np.uint32) -> list[NDArray[np.intp]]:
    """The three cells of each key, one in each segment."""
    hashed = _finish(keys)
    out = []
    for k in range(3):
        mixed = hashed * _SPREAD[k]
        mixed ^= mixed >> np.uint32(16)
        # (x * segment) >> 32 spreads x over the segment without a division.
        cell = (mixed.astype(np.uint64) * np.uint64(segment)) >> np.uint64(32)
        out.append(cell.astype(np.intp) + k * int(segment))
    return out


def _keys_of(words: Mapping[tuple[int, ...], int]) -> tuple[Array32, NDArray[np.uint16]]:
    keys, values = [], []
    for length in range(MIN_LENGTH, MAX_LENGTH + 1):
        group = [w for w in words if len(w) == length]
        if group:
            flat = np.array(group, np.uint32)  # (W, length)
            key = np.full(len(flat), np.uint32(length), np.uint32)
            for k in range(length):
                key += (flat[:, k] + np.uint32(1)) * _LENGTH_KEYS[k]
            keys.append(key)
            values.append(np.array([words[w] for w in group], np.uint16))
    if not keys:
        return np.empty(0, np.uint32), np.empty(0, np.uint16)
    # Two words with the same 32-bit key are one to us: their classes are joined.
    unique, where = np.unique(np.concatenate(keys), return_inverse=True)
    joined = np.zeros(len(unique), np.uint16)
    np.bitwise_or.at(joined, where, np.concatenate(values))
    return unique, joined


def _solve(keys: Array32, values: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Cells whose exclusive-or gives each key its value: peel keys that own a cell, then fill in reverse order."""
    segment = np.uint32(int(1.23 * len(keys) / 3) + 32)
    while True:
        order = _peel(np.stack(_cells(keys, segment)), int(segment))
        if order is not None:
            break
        segment = np.uint32(int(segment) + 1 + int(segment) // 64)
    cells = np.zeros(3 * int(segment), np.uint16)
    where = np.stack(_cells(keys, segment), 1)
    want = values ^ _check(keys)
    for batch, own in reversed(order):
        rest = np.zeros(len(batch), np.uint16)
        for k in range(3):
            rest ^= np.where(where[batch, k] == own, 0, cells[where[batch, k]]).astype(np.uint16)
        cells[own] = want[batch] ^ rest
    return cells


def _peel(where: NDArray[np.intp], segment: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]] | None:
    """Rounds of (keys, the cell each one owns), or None where the three-way graph has a core."""
    alive = np.ones(where.shape[1], bool)
    rounds = []
    while alive.any():
        living = np.flatnonzero(alive)
        flat = where[:, living].ravel()
        degree = np.bincount(flat, minlength=3 * segment)
        owner = np.zeros(3 * segment, np.intp)
        owner[flat] = np.tile(living, 3)
        lone = np.flatnonzero(degree == 1)
        keys, first = np.unique(owner[lone], return_index=True)
        if not len(keys):
            return None
        rounds.append((keys, lone[first]))
        alive[keys] = False
    return rounds
