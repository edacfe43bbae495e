"""How well a language model in training foresees lines that it never learns from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import torch
from torch import nn

from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.packed_lines import cut_lines
from cnchar.train.engine.batches import Batch
from cnchar.train.text.objectives import Objective, TextRows
from cnchar.train.text.shards import TextShards

MOST_LINES = 2000  # enough to choose by, and quickly scored; spread over all that is held out
_BATCH = 1 << 12  # symbols scored together


class HeldOut:
    """Held-out lines to choose by."""

    def __init__(self, text: TextShards, length: int, objective: Objective, seed: int) -> None:
        self.lines = text.some_held_out(MOST_LINES)
        self.measure = objective.measure
        self._batches = list(self._collate(text, length, objective, np.random.default_rng(seed)))

    def _collate(
        self, text: TextShards, length: int, objective: Objective, chance: np.random.Generator
    ) -> Iterator[Batch]:
        pieces = cut_lines(text.alphabet, self.lines, length)
        for rows in pieces.batches(_BATCH):
            yield objective(TextRows(*pieces.rows(rows)), chance)

    def score(self, model: nn.Module) -> Mapping[str, float]:
        """Bits that the model needs for each character, or each hidden one; a line's end is a character too."""
        return {self.measure: mean_bits(model, self._batches)}


def mean_bits(model: nn.Module, batches: Iterable[Batch]) -> float:
    """Bits that the model needs for each symbol that the batches ask for."""
    device = next(model.parameters()).device
    nats, asked = 0.0, 0
    for batch in batches:
        count = int((batch["targets"] != UNLABELLED).sum())
        with torch.no_grad():
            loss = model(**{name: values.to(device) for name, values in batch.items()}).loss
        nats += float(loss) * count
        asked += count
    return nats / math.log(2) / max(1, asked)
