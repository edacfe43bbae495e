"""Writing on from a prompt, symbol by symbol: by chance, or the likeliest text that a beam finds.

What foresees the next symbol is a `Step`: any network, in whatever library, that goes on from what it remembers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from cnchar.decode.sampling import Sampling, Special, choose

REMEMBERED = 64  # symbols that the repetition penalty looks back
State = tuple[Any, ...]  # arrays of numpy or of another library, B rows each
Chars = NDArray[np.int64]
Logits = NDArray[np.float32]


class Step(Protocol):
    """A network that reads on from what it remembers. It never changes a state."""

    grows: bool
    """Whether a state holds all symbols that were read, as that of attention does, so that it has to end somewhere."""

    def begin(self, rows: int) -> State:
        """The state before the first symbol."""

    def advance(self, chars: Chars, state: State) -> tuple[Logits, State]:
        """Read symbols (B, T), T > 0. Gives the logits (B, V) of the symbol that comes next, and the new state."""


@dataclass(frozen=True)
class Reading:
    """What a step remembers of B rows of symbols; where that grows, the symbols too (B, P), at most `most` of them.

    Where its memory is full, it begins anew with the latter half of the symbols.
    """

    step: Step
    most: int
    symbols: Chars
    state: State

    @classmethod
    def begin(cls, step: Step, most: int, rows: int = 1) -> Reading:
        """Nothing read yet."""
        return cls(step, most, np.zeros((rows, 0), np.int64), step.begin(rows))

    def read(self, chars: Chars) -> tuple[Logits, Reading]:
        """Read symbols (B, T), T > 0. Gives the logits (B, V) of the symbol that comes next, and what is remembered."""
        symbols = np.concatenate([self.symbols, chars], 1) if self.step.grows else self.symbols
        if start := first_kept(symbols.shape[1], self.most):
            return Reading.begin(self.step, self.most, len(symbols)).read(symbols[:, start:])
        logits, state = self.step.advance(chars, self.state)
        return logits, Reading(self.step, self.most, symbols, state)

    def pick(self, rows: NDArray[np.intp]) -> Reading:
        """What is remembered of other rows (R,), each as often as it is named."""
        return Reading(self.step, self.most, self.symbols[rows], tuple(part[rows] for part in self.state))


def first_kept(length: int, most: int) -> int:
    """The first of so many symbols that is remembered: each time memory is full, half of it is forgotten."""
    step = most - most // 2
    return max(0, -((most - length) // step)) * step


def sample(
    step: Step, prompt: Sequence[int], special: Special, sampling: Sampling, chance: np.random.Generator, most: int
) -> Iterator[int]:
    """Symbols that go on from a prompt of one symbol or more, without end but for the model's own.

    most: how many symbols a memory that grows may hold.
    """
    reading, written = Reading.begin(step, most), list(prompt)
    read = np.array([written], np.int64)
    while True:
        logits, reading = reading.read(read)
        symbol = choose(logits[0], written[-REMEMBERED:], special, sampling, chance)
        if symbol == special.end:
            return
        yield symbol
        written = [*written[-REMEMBERED:], symbol]
        read = np.array([[symbol]], np.int64)


def search(step: Step, prompt: Sequence[int], special: Special, width: int, length: int, most: int) -> list[int]:
    """The likeliest text that goes on from a prompt, found by a beam of `width` texts: at most `length` symbols.

    Texts of unlike lengths are compared by their mean log-probability, the end counted as a symbol.
    """
    logits, reading = Reading.begin(step, most).read(np.array([prompt], np.int64))
    texts: list[list[int]] = [[]]
    totals = np.zeros(1)
    best: tuple[float, list[int]] = (-np.inf, [])
    for count in range(1, length + 1):
        scores = totals[:, None] + _log_shares(logits)  # (B, V)
        scores[:, special.never] = -np.inf
        ends = scores[:, special.end] / count
        best = max(best, (float(ends.max()), texts[int(ends.argmax())]), key=lambda each: each[0])
        scores[:, special.end] = -np.inf
        rows, chosen = _highest(scores, width)
        totals = scores[rows, chosen]
        texts = [[*texts[row], symbol] for row, symbol in zip(rows.tolist(), chosen.tolist(), strict=True)]
        logits, reading = reading.pick(rows).read(chosen[:, None])
    return max(best, (float(totals[0]) / length, texts[0]), key=lambda each: each[0])[1]


def _log_shares(logits: Logits) -> NDArray[np.float64]:
    """The logarithms of the probabilities (B, V)."""
    behind = logits.astype(np.float64) - logits.max(1, keepdims=True)
    shares: NDArray[np.float64] = behind - np.log(np.exp(behind).sum(1, keepdims=True))
    return shares


def _highest(scores: NDArray[np.float64], most: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows (N,) and columns (N,) of the highest finite scores of a table, at most so many, the highest first."""
    flat = scores.ravel()
    most = min(most, int(np.isfinite(flat).sum()))
    found = np.argpartition(-flat, most - 1)[:most]
    rows, columns = np.divmod(found[np.argsort(-flat[found])], scores.shape[1])
    return rows, columns
