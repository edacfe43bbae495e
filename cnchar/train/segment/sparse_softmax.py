"""Softmax regression over millions of sparse features, several label sets at once, in PyTorch on a CPU.

Each character has T features, each a row of one weight table; its scores are the sum of its rows. The gradient of a row
is the sum over the characters that have it, so one sort per batch replaces any dense gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import embedding_bag

LABELS = 4  # B, M, E, S; the last one's weight stays zero


@dataclass(frozen=True)
class Examples:
    """Characters with their features and soft labels.

    rows: (N, T) int32; targets: (N, H, 4) uint8, shares of 255; weights: (N, H) uint8, in sixteenths, 0 = no label.
    """

    rows: NDArray[np.int32]
    targets: NDArray[np.uint8]
    weights: NDArray[np.uint8]


@dataclass(frozen=True)
class Schedule:
    """How a table is trained: Adagrad (Duchi et al. 2011) with a step that falls linearly to zero."""

    epochs: int = 2
    batch: int = 8192
    step: float = 0.3
    decay: float = 1e-6  # pulls the rows of a batch towards zero
    seed: int = 1


class SparseSoftmax:
    """A weight table (rows, heads * 4) and its Adagrad sums."""

    def __init__(self, rows: int, heads: int, fixed: int | None = None) -> None:
        """`fixed` is the row that stands for "no feature": it is never changed."""
        self.weights = torch.zeros(rows, heads * LABELS)
        self._squares = torch.full((rows, 1), 1e-2)
        self.heads, self.fixed = heads, fixed
        self.allowed: torch.Tensor | None = None  # (rows, heads * 4) of 0 and 1: weights that may differ from zero

    def scores(self, rows: NDArray[np.int32]) -> torch.Tensor:
        """(N, H, 4) scores of characters with feature rows (N, T)."""
        total = embedding_bag(torch.from_numpy(rows.astype(np.int64)), self.weights, mode="sum")
        return total.view(-1, self.heads, LABELS)

    def fit(
        self, data: Examples, schedule: Schedule, report: Callable[[int, int, float], None] = lambda *_: None
    ) -> None:
        """Train; `report` is told (batch, batches, mean loss since the last report) now and then."""
        order = np.random.default_rng(schedule.seed)
        steps = -(-len(data.rows) // schedule.batch) * schedule.epochs
        losses: list[float] = []
        step = 0
        for _ in range(schedule.epochs):
            for part in _batches(len(data.rows), schedule.batch, order):
                losses.append(self._step(data, part, schedule, schedule.step * (1 - step / steps)))
                step += 1
                if step % 200 == 0 or step == steps:
                    report(step, steps, float(np.mean(losses)))
                    losses.clear()

    def _step(self, data: Examples, part: NDArray[np.intp], schedule: Schedule, rate: float) -> float:
        rows = data.rows[part]
        scores = self.scores(rows).requires_grad_()
        target = torch.from_numpy(data.targets[part]).float() / 255
        weight = torch.from_numpy(data.weights[part]).float() / 16
        loss = -(weight[..., None] * target * scores.log_softmax(-1)).sum()
        loss.backward()  # type: ignore[no-untyped-call]
        gradient = scores.grad
        assert gradient is not None
        gradient[..., LABELS - 1] = 0
        self._update(rows, gradient.flatten(1), schedule.decay, rate)
        return loss.item() / max(1.0, weight.sum().item())

    def _update(self, rows: NDArray[np.int32], gradient: torch.Tensor, decay: float, rate: float) -> None:
        """Add up the gradient (B, H * 4) by row and take one Adagrad step on the rows of this batch."""
        bits = len(rows).bit_length()
        keys = rows.astype(np.int64) << bits | np.arange(len(rows), dtype=np.int64)[:, None]
        keys = np.sort(keys.ravel())  # the keys are distinct, so any sorting method gives the same order
        row = keys >> bits
        first = np.flatnonzero(np.diff(row, prepend=-1))
        touched = row[first]
        where = torch.from_numpy(keys & ((1 << bits) - 1))
        summed = embedding_bag(where, gradient, torch.from_numpy(first), mode="sum")
        if self.fixed is not None:
            summed[torch.from_numpy(touched == self.fixed)] = 0
        index = torch.from_numpy(touched)
        old = self.weights.index_select(0, index)
        summed += decay * old
        squares = self._squares.index_select(0, index) + summed.square().mean(1, keepdim=True)
        self._squares.index_copy_(0, index, squares)
        new = old - rate * summed / squares.sqrt()
        self.weights.index_copy_(0, index, new if self.allowed is None else new * self.allowed.index_select(0, index))


def _batches(count: int, size: int, order: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Index arrays of random batches: runs of 64 neighbours in random order, so that reading stays local."""
    run = 64
    starts = order.permutation(-(-count // run)) * run
    for i in range(0, len(starts), size // run):
        index = (starts[i : i + size // run, None] + np.arange(run)).ravel()
        yield index[index < count]
