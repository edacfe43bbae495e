"""The look-up tagger: what each tag is worth at each character, by summing table entries."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.lookup.lexicon import Lexicon, spans_code
from cnchar.lookup.packed import MISS, Accumulator, Array32, unpack
from cnchar.lookup.register import RegisterGuess
from cnchar.lookup.symbols import SEPARATOR, Codes, SymbolTable
from cnchar.lookup.templates import DIRECT_SIZES, View, direct_features, hashed_features, pad

CHUNK = 1 << 14  # characters at a time: the temporaries stay in the processor's cache
NEWLINE = 10


@dataclass(frozen=True)
class Weights:
    """One standard's tables.

    direct: entries of all direct templates in turn; hashed: 2**bits entries; scale: units of a score that make one nat;
    without: templates that are not used.
    """

    direct: Array32
    hashed: Array32
    scale: float
    without: frozenset[str] = frozenset()

    @property
    def bits(self) -> int:
        """log2 of the size of the hashed table."""
        return len(self.hashed).bit_length() - 1


@dataclass(frozen=True)
class Contribution:
    """What one feature adds to the four tags of one character, in nats."""

    template: str
    values: NDArray[np.float64]


class LookupTagger:
    """Scores characters. Thread-safe: what changes during a call belongs to the thread."""

    def __init__(self, symbols: SymbolTable, lexicon: Lexicon, register: RegisterGuess, weights: Weights) -> None:
        self.symbols, self.lexicon, self.register, self.weights = symbols, lexicon, register, weights
        offsets = np.cumsum([0, *DIRECT_SIZES.values()])
        self._direct = {
            name: weights.direct[start:stop]
            for name, start, stop in zip(DIRECT_SIZES, offsets[:-1], offsets[1:], strict=True)
        }
        self._local = threading.local()

    def view(self, codes: Codes) -> View:
        """What the templates read, for text whose lines end in newlines."""
        symbols, kinds = self.symbols.read(codes)
        dict_a, dict_b = (spans_code(found, len(symbols)) for found in self.lexicon.matches(symbols, 2))
        ends = np.flatnonzero(codes == NEWLINE)
        starts = np.concatenate([[0], ends[ends < len(codes) - 1] + 1])
        lengths = np.diff(starts, append=len(codes))
        register = np.repeat(self.register.of_lines(symbols, starts), lengths)
        register[symbols == SEPARATOR] = 0  # a newline belongs to neither line
        return View(pad(symbols), pad(kinds), pad(dict_a), pad(dict_b), pad(register))

    def scores(self, view: View) -> NDArray[np.int32]:
        """(4, N) scores of B, M, E, S, in units of 1 / weights.scale nats."""
        size = len(view)
        out = np.zeros((4, size), np.int32)
        for start in range(0, size, CHUNK):
            stop = min(start + CHUNK, size)
            out[:3, start:stop] = self._sums(view.chunk(start, stop))
        return out

    def _sums(self, view: View) -> NDArray[np.int32]:
        total = self._accumulator()
        total.start(len(view))
        weights, without = self.weights, self.weights.without
        for name, index in direct_features(view):
            if name not in without:
                total.add_direct(self._direct[name], index)
        for name, slots, checks, salt in hashed_features(view, weights.bits):
            if name not in without:
                total.add_hashed(weights.hashed, slots, checks, salt)
        return total.sums()

    def contributions(self, view: View) -> Iterator[Contribution]:
        """What each template adds at every character: values (N, 4)."""
        weights = self.weights
        empty = np.zeros((len(view), 1))
        for name, index in direct_features(view):
            if name not in weights.without:
                part = unpack(self._direct[name].take(index)) / weights.scale
                yield Contribution(name, np.concatenate([part, empty], axis=1))
        for name, slots, checks, salt in hashed_features(view, weights.bits):
            if name not in weights.without:
                entries = weights.hashed.take(slots ^ np.uint32(salt))
                hit = (entries ^ checks) < MISS
                part = unpack(entries) * hit[:, None] / weights.scale
                yield Contribution(name, np.concatenate([part, empty], axis=1))

    def _accumulator(self) -> Accumulator:
        if not hasattr(self._local, "accumulator"):
            self._local.accumulator = Accumulator(CHUNK)
        accumulator: Accumulator = self._local.accumulator
        return accumulator
