"""Rows of packed text in an order of chance, each source as often as its weight says, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnchar.tasks.packed_lines import BEGIN, END, PADDING
from cnchar.train.engine.batches import Batch
from cnchar.train.text.objectives import Objective, TextRows
from cnchar.train.text.shards import MARKS, TextShards

Index = NDArray[np.int64]


@dataclass(frozen=True)
class TextBatches:
    """Batches of `batch_chars` symbols in rows of `length`, all but those at the ends of a source full.

    An epoch has every source as often as its weight says: 2 is twice, 0.5 is half of its rows, another half each time.
    Rows begin anywhere, in each epoch elsewhere.
    """

    text: TextShards
    weights: tuple[float, ...]
    length: int
    batch_chars: int
    seed: int
    objective: Objective

    @property
    def characters_per_epoch(self) -> int:
        """How many symbols one epoch has, ends of lines among them."""
        sizes = (shard.symbols for shard in self.text.shards)
        return max(1, round(sum(size * weight for size, weight in zip(sizes, self.weights, strict=True))))

    def epoch(self, number: int, start: int = 0, step: int = 1) -> Iterator[Batch]:
        """The batches of an epoch from `start` on, every `step`-th; only those are read."""
        chance = np.random.default_rng([self.seed, number])
        offsets = chance.integers(0, self.length, len(self.weights))  # of the rows' cuts in each source
        order = self._order(offsets, chance)
        size = max(1, self.batch_chars // self.length)
        for batch in range(start, -(-len(order) // size), step):
            rows = self._read(order[batch * size : (batch + 1) * size], offsets)
            yield self.objective(rows, np.random.default_rng([self.seed, number, batch]))

    def characters(self, batch: Batch) -> int:
        """How many symbols of a batch are no padding; of each row about the same share is asked for."""
        return int((batch["chars"] != PADDING).sum())

    def _order(self, offsets: Index, chance: np.random.Generator) -> Index:
        """The rows of an epoch, (R, 2): source and number of each."""
        chosen = []
        for source, (shard, weight) in enumerate(zip(self.text.shards, self.weights, strict=True)):
            count = -(-(shard.symbols + int(offsets[source])) // self.length)
            whole, part = divmod(weight, 1.0)
            rows = np.tile(np.arange(count), int(whole))
            rows = np.append(rows, chance.permutation(count)[: round(part * count)])
            chosen.append(np.stack([np.full(len(rows), source), rows], axis=1))
        order: Index = chance.permutation(np.concatenate(chosen))
        return order

    def _read(self, order: Index, offsets: Index) -> TextRows:
        """Rows of the text, (B, T) each; a mark that a source lacks is 0 there."""
        symbols = np.full((len(order), self.length + 1), PADDING, np.int64)
        marks = {kind: np.zeros((len(order), self.length), MARKS[kind]) for kind in self._marks}
        for source in np.unique(order[:, 0]).tolist():
            here = order[:, 0] == source
            shard = self.text.shards[source]
            first = np.maximum(order[here, 1] * self.length - offsets[source], 0)
            stop = np.minimum((order[here, 1] + 1) * self.length - offsets[source], shard.symbols)
            places = first[:, None] + np.arange(self.length + 1)
            inside = places <= stop[:, None]  # and one more, to be foreseen
            last = shard.symbols - 1
            read = self.text.symbols(shard)[np.minimum(places, last)]
            symbols[here] = np.where(inside, np.where(places <= last, read, BEGIN), PADDING)
            for kind, rows in marks.items():
                if (known := self.text.marks(shard, kind)) is not None:
                    rows[here] = known[np.minimum(places, last)][:, :-1]
        following = np.where(symbols[:, 1:] == BEGIN, END, symbols[:, 1:])
        return TextRows(np.where(following == PADDING, PADDING, symbols[:, :-1]), following, marks)

    @cached_property
    def _marks(self) -> tuple[str, ...]:
        """What the objective wants to know and the text says."""
        return tuple(kind for kind in self.objective.marks if any(kind in shard.files for shard in self.text.shards))
