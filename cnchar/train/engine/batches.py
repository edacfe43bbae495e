"""Training data as the loop sees it: batches in an order that depends on nothing but the number of the epoch."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

from torch import Tensor

from cnchar.train.engine.device import Place
from cnchar.train.engine.prefetch import prefetch

Batch = dict[str, Tensor]  # what the model's forward takes, by the names of its arguments


class Batches(Protocol):
    """Training data. The same number of an epoch gives the same batches in the same order, whenever it is asked for."""

    @property
    def characters_per_epoch(self) -> int:
        """Characters that one epoch learns from."""

    def epoch(self, number: int, start: int = 0, step: int = 1) -> Iterator[Batch]:
        """The batches of epoch `number` (from 0) from the `start`-th on, every `step`-th; the others cost nothing."""

    def characters(self, batch: Batch) -> int:
        """How many characters of a batch, still on the CPU, are learned from: its loss is their mean."""


def groups(batches: Batches, number: int, start: int, size: int, place: Place) -> Iterator[list[tuple[Batch, int]]]:
    """This process's batches of epoch `number` from batch `start` on, `size` at a time, each with its characters.

    The batches are on the device. Processes take them in turn, so that one with N batches a step, N with one, and one
    with batches N times as large learn from the same text in the same order.
    """
    mine = batches.epoch(number, start + place.rank, place.processes)
    ready = ((place.move(batch), batches.characters(batch)) for batch in mine)
    source = prefetch(ready) if place.device.type == "cuda" else ready
    while group := list(islice(source, size)):
        yield group
