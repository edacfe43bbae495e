"""Training speed of the presets beside a minimal hand-written loop of the same model: `python -m bench.train_speed`.

Both train the same model on the same batches with one thread in this process, in turn. Seconds are those of the
processor: what else runs on the machine counts less then, and neither loop waits for anything.
The hand-written loop is what cannot be left out: forward, backward, clipping, one step of AdamW. Ours also averages
weights, keeps metrics and writes a checkpoint, and is to take at most 15 % longer.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn

from bench import report
from bench.timing import stay_on_core
from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.train.engine.device import seed_everything
from cnchar.train.engine.loop import fit
from cnchar.train.engine.presets import load_preset
from cnchar.train.engine.settings import TrainSettings

PRESETS = ("bilstm", "gru", "rnn", "cnn", "transformer")
HEAD = ("preset", "ours to hand-written", "lowest to highest", "our characters/s", "hand-written characters/s")
SYMBOLS, LABELS, LENGTHS = 5000, 4, (8, 64)
Loop = Callable[[nn.Module, "RandomBatches", TrainSettings], None]


@dataclass(frozen=True)
class RandomBatches:
    """`count` batches of about `size` characters: rows of one length in each, as of sentences sorted by length."""

    count: int
    size: int

    @property
    def characters_per_epoch(self) -> int:
        """Near enough for the learning rate."""
        return self.count * self.size

    def epoch(self, number: int, start: int = 0, step: int = 1) -> Iterator[dict[str, Tensor]]:
        """The batches."""
        for index in range(start, self.count, step):
            chance = torch.Generator().manual_seed(1000 * number + index)
            length = int(torch.randint(*LENGTHS, (1,), generator=chance))
            chars = torch.randint(1, SYMBOLS, (self.size // length, length), generator=chance)
            yield {"chars": chars, "targets": chars % LABELS}

    def characters(self, batch: dict[str, Tensor]) -> int:
        """No character is padding."""
        return batch["chars"].numel()


def hand_written(model: nn.Module, batches: RandomBatches, settings: TrainSettings) -> None:
    """The loop one would write in a notebook."""
    optimizer = torch.optim.AdamW(model.parameters(), settings.lr, settings.betas, fused=True)
    model.train()
    for batch in batches.epoch(0):
        model(**batch).loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
        optimizer.step()
        optimizer.zero_grad()


def ours(model: nn.Module, batches: RandomBatches, settings: TrainSettings) -> None:
    """The package's loop."""
    with tempfile.TemporaryDirectory() as folder:
        fit(model, batches, None, settings, Path(folder))


def compare(name: str, steps: int, runs: int) -> tuple[str, ...]:
    """One row: the median over the pairs of runs, after a warm-up of both."""
    preset = load_preset(name)
    config = preset.model_config(symbols=SYMBOLS, labels=LABELS)
    settings = replace(preset.train_settings(), epochs=1, device="cpu", threads=1)
    pairs = [
        [_seconds(loop, config, RandomBatches(count, settings.batch_chars), settings) for loop in (ours, hand_written)]
        for count in [2] + [steps] * runs
    ][1:]
    ratios = [mine / theirs for mine, theirs in pairs]
    speeds = [steps * settings.batch_chars / statistics.median(times) for times in zip(*pairs, strict=True)]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    return (name, f"{statistics.median(ratios):.2f}", spread, *(f"{speed:.0f}" for speed in speeds))


def _seconds(loop: Loop, config: ModelConfig, batches: RandomBatches, settings: TrainSettings) -> float:
    seed_everything(settings.seed)
    model = CharacterModel(config)
    started = time.process_time()
    loop(model, batches, settings)
    return time.process_time() - started


def main() -> None:
    """Measure the presets and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="*", default=PRESETS, help=f"which ones ({' '.join(PRESETS)})")
    parser.add_argument("--steps", type=int, default=40, help="steps of each run (40)")
    parser.add_argument("--runs", type=int, default=5, help="pairs of runs (5)")
    parser.add_argument("--core", type=int, default=0, help="the core everything runs on (0)")
    asked = parser.parse_args()
    stay_on_core(asked.core)
    torch.set_num_threads(1)
    print(report.table(HEAD, (compare(name, asked.steps, asked.runs) for name in asked.presets)), end="")


if __name__ == "__main__":
    main()
