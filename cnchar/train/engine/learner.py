"""A model and everything that changes with it, one optimizer step at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor, nn

from cnchar.train.engine.average import Average
from cnchar.train.engine.batches import Batch
from cnchar.train.engine.checkpoint import (
    State,
    load_optimizer,
    load_weights,
    read_checkpoint,
    run_tensors,
    write_checkpoint,
)
from cnchar.train.engine.device import Place
from cnchar.train.engine.optimizer import build_optimizer, set_learning_rate
from cnchar.train.engine.parts import gather, part
from cnchar.train.engine.settings import TrainSettings
from cnchar.train.engine.sharing import share


class Learner:
    """The model on its device, its optimizer, the average of its weights, and the scale of fp16's gradients."""

    def __init__(self, model: nn.Module, settings: TrainSettings, place: Place) -> None:
        self._settings, self._place = settings, place
        self._share = share(model, settings.parallel, place)
        self.model = self._share.whole
        self._trained, forward = self._share.trained, self._share.forward
        self._forward = torch.compile(forward) if settings.compile else forward
        self._optimizer = build_optimizer(self._trained, settings)
        self._scaler = torch.amp.GradScaler(place.device.type, enabled=place.precision == torch.float16)
        self.average = Average(self._trained, settings.ema)

    def step(self, number: int, rate: float, batches: Sequence[tuple[Batch, int]], characters: int) -> Tensor:
        """Take step `number` (from 0) on some batches, each with its characters, together.

        `characters` are those of all processes: each one counts the same, whichever batch and process it is in.
        Returns this process's part of the mean loss, a scalar that has not been waited for.
        """
        set_learning_rate(self._optimizer, rate)
        mean = torch.zeros((), device=self._place.device)
        for i, (batch, count) in enumerate(batches, 1):
            with self._share.exchange(last=i == len(batches)):
                with self._place.autocast():
                    loss = self._forward(**batch).loss * (count / max(1, characters))
                # Processes exchange the mean of their gradients, and what is wanted is the sum.
                self._scaler.scale(loss * self._place.processes).backward()
            mean += loss.detach()
        self._update()
        self.average.update(number)
        return mean

    def _update(self) -> None:
        if self._settings.clip:
            self._scaler.unscale_(self._optimizer)
            nn.utils.clip_grad_norm_(self._trained.parameters(), self._settings.clip)
        self._scaler.step(self._optimizer)
        self._scaler.update()
        self._optimizer.zero_grad(set_to_none=True)

    @contextmanager
    def evaluating(self) -> Iterator[nn.Module]:
        """The model as it is to be judged and kept, in the main process: averaged weights, no dropout, no gradients."""
        self.model.eval()
        try:
            with self._share.averaged(self.average), torch.no_grad():
                yield self.model
        finally:
            self.model.train()

    def is_finite(self) -> bool:
        """Whether all weights that this process holds are numbers."""
        return all(bool(part(weight.detach()).isfinite().all()) for weight in self._trained.parameters())

    def save(self, path: Path, state: State) -> None:
        """Write the checkpoint. Raises CncharError where the disk is full; the one before stays whole."""
        named = run_tensors(self._trained, self.average.values, self._optimizer)
        tensors, scaler = gather(named, keep=self._place.is_main), self._scaler.state_dict()
        self._place.in_main(lambda: write_checkpoint(path, state, tensors, scaler))

    def load(self, path: Path) -> State:
        """Become what a checkpoint holds. Raises BadInput when it is damaged, or of another model."""
        state, parts, scaler = read_checkpoint(path)
        load_weights(self._trained, parts["weights"], path)
        load_optimizer(self._trained, self._optimizer, parts["optimizer"])
        self.average.load(parts["average"])
        if scaler:
            self._scaler.load_state_dict(scaler)
        return state
