"""Which runs of characters are dictionary words, for every position at once.

The word list is a static function after Chazelle et al., "The Bloomier filter" (SODA 2004): each word's value is the
exclusive-or of three table cells, so half a million words take 2.5 bytes each and no word is ever missed; a run that is
no word passes for one once in 2**CHECK_BITS times. A gate on pairs of characters keeps most runs from being looked up.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

MIN_LENGTH, MAX_LENGTH = 2, 6
LENGTHS = range(MIN_LENGTH, MAX_LENGTH + 1)
CLASS_BITS = 4
CHECK_BITS = 16 - CLASS_BITS
GATE_BITS = 18
ENDS = 8  # the gate's upper byte
_LENGTH_KEYS = np.array([0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646D], np.uint32)
_FINAL = (np.uint32(0x7FEB352D), np.uint32(0x846CA68B))
_SPREAD = np.array([0x2C1B3C6D, 0x297A2D39, 0x1B56C4E9, 0x5851F42D], np.uint32)

Array32 = NDArray[np.uint32]
Index = NDArray[np.intp]


class Lexicon:
    """A set of symbol runs of 2 to 6 symbols, each with a 4-bit class mask.

    Args:
        cells: the static function, three segments of equal size, (3 * segment,) uint16.
        gate: for each hashed pair of symbols, which lengths the words have that begin with it (bits 0 to 4, from 2)
            and that end with it (bits 8 to 12), (2**GATE_BITS,) uint16.
    """

    def __init__(self, cells: NDArray[np.uint16], gate: NDArray[np.uint16]) -> None:
        if len(cells) % 3 or len(gate) != 1 << GATE_BITS:
            raise ValueError(f"lexicon of {len(cells)} cells with a gate of {len(gate)}")
        self.cells, self.gate = cells, gate

    @classmethod
    def build(cls, words: Mapping[tuple[int, ...], int]) -> Lexicon:
        """Make the tables of symbol runs with their class masks (1 to 15)."""
        gate = np.zeros(1 << GATE_BITS, np.uint16)
        keys, values = [np.empty(0, np.uint32)], [np.empty(0, np.uint16)]
        for length in LENGTHS:
            group = [word for word in words if len(word) == length]
            flat = np.array(group, np.uint32).reshape(-1, length)
            bit = np.uint16(1 << length - MIN_LENGTH)
            gate[_gate_index(flat[:, 0], flat[:, 1])] |= bit
            gate[_gate_index(flat[:, -2], flat[:, -1])] |= bit << np.uint16(ENDS)
            keys.append(_keys([flat[:, k] for k in range(length)]))
            values.append(np.array([words[word] for word in group], np.uint16))
        return cls(_solve(*_distinct(np.concatenate(keys), np.concatenate(values))), gate)

    def classes(self, keys: Array32) -> NDArray[np.uint8]:
        """Class masks of run keys, 0 for what is no word."""
        hashed = _finish(keys)
        value = _check(hashed)
        segment = len(self.cells) // 3
        for k, cell in enumerate(_cells(hashed, segment)):
            value ^= self.cells[k * segment : (k + 1) * segment].take(cell)
        return np.where(value < (1 << CLASS_BITS), value, 0).astype(np.uint8)

    def matches(self, symbols: Array32, classes: int) -> list[list[Index]]:
        """For each of the first `classes` class bits, and each length 2 to 6, where words of it begin."""
        found: list[list[Index]] = [[] for _ in range(classes)]
        pairs = self._pairs(symbols)
        begins, ends = pairs.astype(np.uint8), (pairs >> np.uint16(ENDS)).astype(np.uint8)
        inside = symbols != 0
        for length in LENGTHS:
            if length == MIN_LENGTH:  # most pairs would be candidates: look all of them up, without gathering
                mask = self.classes(_keys([symbols[:-1], symbols[1:]])) * (begins & np.uint8(1))
                at = np.flatnonzero(mask != 0)
                self._note(found, at, mask[at])
                continue
            at = self._candidates(begins, ends, length)
            if length > 4:  # the pairs at both ends hold no separator; nor may what is between them
                middle = inside[at + 2]
                for k in range(3, length - 2):
                    middle &= inside[at + k]
                at = at[middle]
            mask = self.classes(_keys([symbols.take(at + k) for k in range(length)]))
            words = np.flatnonzero(mask != 0)
            self._note(found, at[words], mask[words])
        return found

    @staticmethod
    def _note(found: list[list[Index]], at: Index, mask: NDArray[np.uint8]) -> None:
        """Add the words of one length that begin at these places, with their class masks, to each class's list."""
        for bit, places in enumerate(found):
            places.append(at[(mask & np.uint8(1 << bit)).astype(bool)])

    def _pairs(self, symbols: Array32) -> NDArray[np.uint16]:
        """The gate's entry of each symbol and its right neighbour, (N - 1,); 0 where one is a separator."""
        if len(symbols) < MIN_LENGTH:
            return np.empty(0, np.uint16)
        pairs = self.gate.take(_gate_index(symbols[:-1], symbols[1:]))
        pairs[(symbols[:-1] == 0) | (symbols[1:] == 0)] = 0
        return pairs

    @staticmethod
    def _candidates(begins: NDArray[np.uint8], ends: NDArray[np.uint8], length: int) -> Index:
        """Where a run of `length` begins and ends with pairs that words of this length begin and end with."""
        last = length - MIN_LENGTH
        count = max(0, len(begins) - last)
        return np.flatnonzero((begins[:count] & ends[last : last + count] & np.uint8(1 << last)) != 0)


def spans_code(starts: list[Index], size: int) -> NDArray[np.uint16]:
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


def _finish(keys: Array32) -> Array32:
    """A 32-bit finaliser (Wellons' lowbias32) over polynomial keys."""
    out = keys ^ (keys >> np.uint32(16))
    out *= _FINAL[0]
    out ^= out >> np.uint32(15)
    out *= _FINAL[1]
    out ^= out >> np.uint32(16)
    return out


def _keys(columns: list[Array32]) -> Array32:
    """Keys of runs given as one array of symbols for each place, (R,)."""
    keys = np.full(len(columns[0]), np.uint32(len(columns)), np.uint32)
    for k, column in enumerate(columns):
        keys += (column + np.uint32(1)) * _LENGTH_KEYS[k]
    return keys


def _gate_index(left: Array32, right: Array32) -> Index:
    """Where pairs of symbols stand in the gate."""
    mixed: Array32 = left * _LENGTH_KEYS[0] + right * _LENGTH_KEYS[1]
    mixed ^= mixed >> np.uint32(15)
    mixed *= _FINAL[0]
    return (mixed >> np.uint32(32 - GATE_BITS)).astype(np.intp)


def _check(hashed: Array32) -> NDArray[np.uint16]:
    """Check bits of finished keys, standing above the class bits."""
    mixed: Array32 = hashed * _SPREAD[3]
    return (mixed >> np.uint32(32 - CHECK_BITS) << np.uint32(CLASS_BITS)).astype(np.uint16)


def _cells(hashed: Array32, segment: int) -> list[NDArray[np.int64]]:
    """Each finished key's cell in each of the three segments: (x * segment) >> 32 spreads x without a division."""
    spread = ((hashed * _SPREAD[k]).astype(np.uint64) * np.uint64(segment) for k in range(3))
    return [(product >> np.uint64(32)).view(np.int64) for product in spread]


def _distinct(keys: Array32, values: NDArray[np.uint16]) -> tuple[Array32, NDArray[np.uint16]]:
    """Two words with the same 32-bit key are one to us: their classes are joined."""
    unique, where = np.unique(keys, return_inverse=True)
    joined = np.zeros(len(unique), np.uint16)
    np.bitwise_or.at(joined, where, values)
    return unique, joined


def _solve(keys: Array32, values: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Cells whose exclusive-or gives each key its value: peel keys that own a cell, then fill in reverse order."""
    hashed = _finish(keys)
    segment = int(1.23 * len(keys) / 3) + 32
    while (order := _peel(_places(hashed, segment), segment)) is None:
        segment += 1 + segment // 64
    cells = np.zeros(3 * segment, np.uint16)
    where = _places(hashed, segment).T
    want = values ^ _check(hashed)
    for batch, own in reversed(order):
        rest = np.zeros(len(batch), np.uint16)
        for k in range(3):
            rest ^= np.where(where[batch, k] == own, 0, cells[where[batch, k]]).astype(np.uint16)
        cells[own] = want[batch] ^ rest
    return cells


def _places(hashed: Array32, segment: int) -> Index:
    """The cells of each key in the table of all three segments, (3, keys)."""
    return np.stack(_cells(hashed, segment)).astype(np.intp) + segment * np.arange(3)[:, None]


def _peel(where: Index, segment: int) -> list[tuple[Index, Index]] | None:
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
