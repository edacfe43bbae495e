"""Rows of packed text in an order of chance, each source as often as its weight says, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.tasks.packed_lines import BEGIN, END, PADDING
from cnchar.train.batches import Batch
from cnchar.train.objectives import Hide, Rows, foresee
from cnchar.train.text_shards import TextShards

Index = NDArray[np.int64]


@dataclass(frozen=True)
class TextBatches:
    """Batches of `batch_chars` symbols in rows of `length`, all but those at the ends of a source full.

    An epoch has every source as often as its weight says: 2 is twice, 0.5 is half of its rows, another half each time.
    Rows begin anywhere, in each epoch elsewhere. hide: the masked objective; None is the causal one.
    """

    text: TextShards
    weights: tuple[float, ...]
    length: int
    batch_chars: int
    seed: int
    hide: Hide | None

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
            yield self._collate(*rows, np.random.default_rng([self.seed, number, batch]))

    def characters(self, batch: Batch) -> int:
        """How many symbols of a batch are no padding; the masked objective asks for the same share of each row."""
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

    def _read(self, order: Index, offsets: Index) -> tuple[Rows, Rows, NDArray[np.bool_] | None]:
        """Symbols, what follows each, and where words begin, (B, T) each."""
        symbols = np.full((len(order), self.length + 1), PADDING, np.int64)
        starts = np.zeros((len(order), self.length), np.bool_)
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
            if (words := self.text.words(shard)) is not None:
                starts[here] = words[np.minimum(places, last)][:, :-1]
        targets = np.where(symbols[:, 1:] == BEGIN, END, symbols[:, 1:])
        symbols = np.where(targets == PADDING, PADDING, symbols[:, :-1])
        return symbols, targets, starts if "words" in self.text.shards[0].files else None

    def _collate(
        self, symbols: Rows, targets: Rows, starts: NDArray[np.bool_] | None, chance: np.random.Generator
    ) -> Batch:
        return foresee(symbols, targets) if self.hide is None else self.hide(symbols, starts, chance)
