"""How well a language model in training foresees lines that it never learns from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np
import torch
from torch import nn

from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.packed_lines import cut_lines
from cnchar.train.batches import Batch
from cnchar.train.objectives import Objective, TextRows
from cnchar.train.text_shards import TextShards

MOST_LINES = 2000  # enough to choose by, and quickly scored; spread over all that is held out
_BATCH = 1 << 12  # symbols scored together


class HeldOut:
    """Held-out lines to choose by."""

    def __init__(self, text: TextShards, length: int, objective: Objective, seed: int) -> None:
        count = sum(shard.held_out_lines for shard in text.shards)
        self.lines = list(islice(text.held_out(), 0, None, -(-count // MOST_LINES)))
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
        device = next(model.parameters()).device
        nats, characters = 0.0, 0
        for batch in self._batches:
            count = int((batch["targets"] != UNLABELLED).sum())
            with torch.no_grad():
                loss = model(**{name: values.to(device) for name, values in batch.items()}).loss
            nats += float(loss) * count
            characters += count
        return {self.measure: nats / math.log(2) / max(1, characters)}
