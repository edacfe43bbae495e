"""The objective `pinyin`: hanzi are shown as the syllables they are typed with, and asked for.

So that a model does equally well on whole lines, on what stands alone, and where some is written already, each row of
text is shown in one of several ways, by chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.packed_lines import BEGIN, PADDING
from cnchar.train.engine.batches import Batch
from cnchar.train.text.objectives import Chosen, Rows, TextRows
from cnchar.train.text.sounds import SILENT

_STRETCH = 3  # characters that are kept together


@dataclass(frozen=True)
class AsTyped:
    """Syllables with all that stands around them; which of its units each is, is asked.

    syllables: the symbol that each unit is typed as, (U,). borders: lines are told apart by their [BOS] alone, as
    recurrent networks need it; without it they do not see each other at all.
    alone: share of the rows in which each run of hanzi is seen without what stands around it. kept: share of the rows
    in which some hanzi, up to half, stay as they are.
    """

    syllables: Rows
    borders: bool = False
    alone: float = 0.5
    kept: float = 0.15
    marks: tuple[str, ...] = ("units",)
    measure: str = "bits_per_syllable"

    def __call__(self, rows: TextRows, chance: np.random.Generator) -> Batch:
        """A batch of rows (B, T) whose mark `units` is SILENT where a symbol is not read."""
        symbols, units = rows.symbols, rows.marks["units"]
        spoken = (units != SILENT) & (symbols != PADDING)
        alone = chance.random((len(symbols), 1)) < self.alone
        typed = spoken & ~self._stay(symbols.shape, chance)
        shown = np.where(alone & ~spoken & (symbols != PADDING), BEGIN, symbols)
        arrays = {
            "chars": np.where(typed, self.syllables[np.where(typed, units, 0)], shown),
            "targets": np.where(typed, units.astype(np.int64), UNLABELLED),
        }
        if not self.borders:
            arrays["texts"] = _texts(shown == BEGIN)
        return {name: torch.from_numpy(np.ascontiguousarray(values)) for name, values in arrays.items()}

    def _stay(self, shape: tuple[int, ...], chance: np.random.Generator) -> Chosen:
        """Which hanzi are kept, (B, T)."""
        size, length = shape
        share = np.where(chance.random(size) < self.kept, chance.random(size) / 2, 0.0)
        stretches = chance.random((size, -(-length // _STRETCH))) < share[:, None]
        return np.repeat(stretches, _STRETCH, axis=1)[:, :length]


def _texts(begins: NDArray[np.bool_]) -> Rows:
    """A number for each text, (B, T): what begins it is one of its own, so that nothing sees it."""
    after = np.zeros_like(begins)
    after[:, 1:] = begins[:, :-1]
    return np.cumsum(begins | after, axis=1, dtype=np.int64)
