"""What a language model learns from text without labels: what follows each symbol, or what it is that was hidden.

Each objective makes a batch for CharacterModel.forward of rows of packed lines.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.packed_lines import BEGIN, FIRST_CHARACTER, MASK, PADDING
from cnchar.train.batches import Batch

Rows = NDArray[np.int64]

_MASKED, _CHANGED = 0.8, 0.1  # of the hidden characters; the rest is shown, and asked for all the same


def foresee(symbols: Rows, targets: Rows) -> Batch:
    """The causal objective: each symbol (B, T) is asked what follows it, (B, T); PADDING in both behind the ends."""
    return _batch(symbols, symbols, np.where(symbols == PADDING, UNLABELLED, targets))


@dataclass(frozen=True)
class Hide:
    """The objective of Devlin et al. 2019: some characters are hidden, and asked for.

    share: of a row's symbols, rounded, so that all rows of one length count the same. symbols: the vocabulary's size.
    """

    share: float
    symbols: int

    def __call__(self, symbols: Rows, starts: NDArray[np.bool_] | None, chance: np.random.Generator) -> Batch:
        """A batch of rows (B, T). `starts` (B, T): where words begin, which are then hidden whole (Cui et al. 2021)."""
        hidden = self._choose(symbols, starts, chance)
        how = chance.random(symbols.shape)
        others = chance.integers(FIRST_CHARACTER, max(self.symbols, FIRST_CHARACTER + 1), symbols.shape)
        shown = np.where(hidden & (how < _MASKED), MASK, symbols)
        shown = np.where(hidden & (how >= 1 - _CHANGED), others, shown)
        return _batch(shown, symbols, np.where(hidden, symbols, UNLABELLED))

    def _choose(
        self, symbols: Rows, starts: NDArray[np.bool_] | None, chance: np.random.Generator
    ) -> NDArray[np.bool_]:
        """Which characters are hidden, (B, T): those of the words that chance puts first, as many as the share says."""
        size, length = symbols.shape
        words: Rows = np.cumsum(np.ones_like(symbols) if starts is None else starts, axis=1, dtype=np.int64)
        place = np.take_along_axis(chance.random((size, length + 1)), words, axis=1)
        place[symbols < FIRST_CHARACTER] = 2.0  # never
        rank = np.argsort(np.argsort(place, axis=1, kind="stable"), axis=1, kind="stable")
        wanted = np.rint(self.share * np.count_nonzero(symbols != PADDING, axis=1))
        chosen: NDArray[np.bool_] = (rank < wanted[:, None]) & (symbols >= FIRST_CHARACTER)
        return chosen


def _batch(shown: Rows, symbols: Rows, targets: Rows) -> Batch:
    texts = np.cumsum(symbols == BEGIN, axis=1)
    arrays = {"chars": shown, "targets": targets, "texts": texts}
    return {name: torch.from_numpy(np.ascontiguousarray(values)) for name, values in arrays.items()}
