"""The training loop: epochs of batches, with evaluations, checkpoints and an exact resume. It knows no task.

What a step does depends on the seed, the number of the step and the checkpoint's tensors alone. So a run that was
killed and resumed equals one that was not, bit for bit where the arithmetic is deterministic, as it is on a CPU.
"""

from __future__ import annotations

import math
import operator
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn

from cnchar.errors import BadInput, CncharError
from cnchar.train.engine.batches import Batch, Batches, groups
from cnchar.train.engine.checkpoint import BEST, CHECKPOINT, State, load_weights, read_tensors, write_tensors
from cnchar.train.engine.device import Place, open_place, seed_everything
from cnchar.train.engine.learner import Learner
from cnchar.train.engine.metrics import Metrics, Record
from cnchar.train.engine.optimizer import learning_rate
from cnchar.train.engine.settings import TrainSettings
from cnchar.train.engine.stopping import StopRequest, stop_requests

Evaluate = Callable[[nn.Module], Mapping[str, float]]  # scores by name, the one to choose by first
Better = Callable[[float, float], bool]
Tell = Callable[[Record], object]


def fit(
    model: nn.Module,
    batches: Batches,
    evaluate: Evaluate | None,
    settings: TrainSettings,
    folder: Path,
    *,
    resume: bool = False,
    report: Tell = lambda record: None,
    better: Better = operator.gt,
) -> State:
    """Train `model`, which ends with the weights of the best evaluation, or the last ones where none is made.

    Args:
        model: its forward takes a batch's tensors by name and returns something with a scalar `loss`.
        evaluate: called in the main process with the averaged weights, in evaluation mode, without gradients.
        folder: gets metrics.jsonl, checkpoint.safetensors (the run) and best.safetensors (weights alone). Several
            processes need to see the same folder.
        resume: go on from the checkpoint in `folder`; without one, from the start.
        report: told each record of the metrics, in the main process.
        better: whether a score (first argument) beats another; `operator.lt` where less is better.
    Raises:
        BadInput: nothing to train on, a device without the precision, or a checkpoint that does not fit.
        CncharError: no such device, a loss that is not a number, a full disk. The last good checkpoint stays whole.
        SystemExit, KeyboardInterrupt: SIGTERM, Ctrl-C, after the step in hand and a checkpoint.
    """
    checkpoint = folder / CHECKPOINT
    if checkpoint.exists() and not resume:
        raise BadInput(f"{folder} holds a training run: continue it with --resume, or give another folder to -o.")
    folder.mkdir(parents=True, exist_ok=True)
    with stop_requests() as stop, open_place(settings) as place:
        learner = Learner(model, settings, place)
        state = learner.load(checkpoint) if checkpoint.exists() else State()
        with _telling(folder, state.records, settings, place, report) as tell:
            run = _Run(learner, batches, evaluate, better, settings, state, folder, place, stop, tell)
            run.train()
    if run.stopped:
        if place.is_main:
            report({**run.where(), "stopped": str(folder)})
        stop.obey()
    return state


@contextmanager
def _telling(folder: Path, records: int, settings: TrainSettings, place: Place, report: Tell) -> Iterator[Tell]:
    """A function that tells the metrics and the user; the main process alone talks."""
    if not place.is_main:
        yield lambda record: None
        return
    with closing(Metrics(folder, records, settings.tensorboard)) as metrics:

        def tell(record: Record) -> None:
            metrics.write(record)
            report(record)

        yield tell


class _Work(NamedTuple):
    """What a step learns from, and what all processes have agreed on."""

    batches: list[tuple[Batch, int]]  # this process's, with the characters of each
    total_batches: int
    total_characters: int
    save: bool  # the clock asks for a checkpoint


@dataclass
class _Run:
    """A run and how it goes on. Every process does the same at the same time; the main one also writes and talks."""

    learner: Learner
    batches: Batches
    evaluate: Evaluate | None
    better: Better
    settings: TrainSettings
    state: State
    folder: Path
    place: Place
    stop: StopRequest
    tell: Tell
    stopped: bool = False

    def __post_init__(self) -> None:
        self.loss = torch.tensor(self.state.loss if self.place.is_main else 0.0, device=self.place.device)
        self.saved = time.perf_counter()
        self.ticked = self.saved, self.state.characters
        # A step stays as large as it was when another number of processes goes on, as far as they can share it.
        self.state.batches = self.state.batches or self.settings.accumulate * self.place.processes
        self.accumulate = max(1, round(self.state.batches / self.place.processes))

    def train(self) -> None:
        """From where the state is to the end, or to where a signal stops it."""
        self.learner.model.train()
        while not self._is_over():
            if self._epoch():
                self._end_epoch()
        self._save() if self.stopped else self._end()

    def _is_over(self) -> bool:
        state, limits = self.state, self.settings
        reached = (
            (state.epoch, limits.epochs),
            (state.step, limits.max_steps),
            (state.characters, limits.max_chars),
            (state.stale, limits.patience),
        )
        return self.stopped or any(limit and value >= limit for value, limit in reached)

    def _epoch(self) -> bool:
        """What is left of an epoch. False when the run is over before the epoch is."""
        for work in self._work():
            self._step(work)
            if self._is_over():
                return False
        return not self.stopped

    def _work(self) -> Iterator[_Work]:
        """What is left of an epoch, step by step. It ends where a process has no batch left or was told to stop."""
        state, place = self.state, self.place
        mine = groups(self.batches, state.epoch, state.position, self.accumulate, place)
        while True:
            group = next(mine, [])
            wishes = (not group, self.stop.signal is not None, place.is_main and self._is_time_to_save())
            count, characters, empty, stop, save = place.total(len(group), sum(n for _, n in group), *wishes)
            self.stopped = stop > 0
            if empty or self.stopped:
                return
            yield _Work(group, int(count), int(characters), save > 0)

    def _step(self, work: _Work) -> None:
        state, settings = self.state, self.settings
        seed_everything(settings.seed, state.step, self.place.rank)
        rate = learning_rate(settings, state.step, self._share())
        self.loss += self.learner.step(state.step, rate, work.batches, work.total_characters)
        state.step += 1
        state.position += work.total_batches
        state.characters += work.total_characters
        if _falls_due(state.step, settings.log_every):
            self._log(rate)
        if _falls_due(state.step, settings.eval_every):
            self._judge()
        elif work.save or _falls_due(state.step, settings.checkpoint_every):
            self._save()

    def _end_epoch(self) -> None:
        state = self.state
        if not state.position:
            raise BadInput("There is not one batch to train on: give more text, or use fewer processes.")
        state.epoch, state.position = state.epoch + 1, 0
        if not self.settings.eval_every:
            self._judge()

    def _end(self) -> None:
        """The model becomes the best one there was."""
        if self.state.judged != self.state.step:
            self._judge()
        self.place.total(0)  # the best weights are written
        best = self.folder / BEST
        load_weights(self.learner.model, read_tensors(best)[0], best)
        self.learner.model.eval().to(self.place.device)

    def _judge(self) -> None:
        """Evaluate, keep the weights if they are the best so far, and write a checkpoint."""
        self._settle()
        state = self.state
        with self.learner.evaluating() as model:
            scores = dict(self.place.in_main(lambda: self._scores(model)) or {})
            (score,) = self.place.total(next(iter(scores.values()), 0.0))
            is_best = state.best is None or self.better(score, state.best)
            if is_best:
                facts = {"step": state.step, "dev": scores}
                self.place.in_main(lambda: write_tensors(self.folder / BEST, model.state_dict(), facts))
        state.judged = state.step
        if self.evaluate:
            state.best, state.stale = (score, 0) if is_best else (state.best, state.stale + 1)
            self._tell({"dev": scores})
        self._save()

    def _scores(self, model: nn.Module) -> Mapping[str, float]:
        return self.evaluate(model) if self.evaluate else {}

    def _save(self) -> None:
        self._settle()
        self._tick()
        self.learner.save(self.folder / CHECKPOINT, self.state)
        self.saved = time.perf_counter()

    def _log(self, rate: float) -> None:
        self._settle()
        loss, self.state.loss = self.state.loss / self.settings.log_every, 0.0
        self.loss.zero_()
        speed = self._tick()
        self._tell({"loss": loss, "lr": rate, "characters_per_second": round(speed)})

    def _tell(self, record: Record) -> None:
        self.tell({**self.where(), **record})
        self.state.records += 1

    def _settle(self) -> None:
        """Make the loss known to all processes. Raises CncharError unless it and all weights are numbers."""
        loss, broken = self.place.total(self.loss.item(), not self.learner.is_finite())
        self.state.loss = loss
        self.loss.fill_(loss if self.place.is_main else 0.0)
        if broken or not math.isfinite(loss):
            raise CncharError(
                f"The loss is not a number any more at step {self.state.step}: start again with a lower lr, or with "
                f"amp off; the last good checkpoint, if there was one, is still in {self.folder}."
            )

    def _tick(self) -> float:
        """Count the seconds since the last tick. Returns the characters learned in each of them."""
        (then, characters), self.ticked = self.ticked, (time.perf_counter(), self.state.characters)
        elapsed = self.ticked[0] - then
        self.state.seconds += elapsed
        return (self.state.characters - characters) / max(elapsed, 1e-9)

    def _is_time_to_save(self) -> bool:
        every = self.settings.checkpoint_seconds
        return bool(every) and time.perf_counter() - self.saved >= every

    def _share(self) -> float:
        """How much of the run is done, 0 to 1, early stopping left aside."""
        state, limits = self.state, self.settings
        parts = (
            (state.characters, limits.epochs * self.batches.characters_per_epoch),
            (state.step, limits.max_steps),
            (state.characters, limits.max_chars),
        )
        return min(1.0, max(value / limit for value, limit in parts if limit))

    def where(self) -> dict[str, Any]:
        """What every record says."""
        state = self.state
        return {
            "step": state.step,
            "epoch": state.epoch,
            "share": round(self._share(), 4),
            "characters": state.characters,
            "seconds": round(state.seconds, 1),
        }


def _falls_due(step: int, every: int) -> bool:
    return every > 0 and step % every == 0
