"""The moving average of a model's weights: steadier than the weights, and better for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from cnchar.train.engine.parts import part, scatter


class Average:
    """Exponential moving average of the weights (Polyak and Juditsky 1992); with decay 0, the weights themselves."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self._weights = dict(model.named_parameters())
        self.values = {name: w.detach().clone() for name, w in self._weights.items()} if decay else {}

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take the weights of step number `step` (from 0) in; early ones are soon forgotten."""
        if self.decay:
            decay = min(self.decay, (1 + step) / (10 + step))
            values, weights = (list(map(part, each.values())) for each in (self.values, self._weights))
            torch._foreach_lerp_(values, weights, 1 - decay)

    @torch.no_grad()
    def load(self, values: dict[str, Tensor]) -> None:
        """Go on from the values of a checkpoint, which are whole; where it has none, from the weights."""
        for name, value in self.values.items():
            found = scatter(values[name], value) if name in values else self._weights[name]
            part(value).copy_(part(found))

    @contextmanager
    def applied(self) -> Iterator[None]:
        """The model has the averaged weights within this block. They move by copying: RNNs on CUDA keep theirs in one
        piece of memory."""
        own = {name: self._weights[name].detach().clone() for name in self.values}
        self._copy(self.values)
        try:
            yield
        finally:
            self._copy(own)

    @torch.no_grad()
    def _copy(self, values: dict[str, Tensor]) -> None:
        for name, value in values.items():
            self._weights[name].copy_(value)
