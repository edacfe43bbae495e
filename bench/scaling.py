"""What pretraining costs, preset by preset: `python -m bench.scaling` prints the table of docs/scaling.md.

Weights, bytes and operations are counted; what a step keeps for its way back is added up while a few rows go through
the model. Characters a second are measured with --steps only, on one core of this machine and by seconds of the
processor, so that what else runs here counts less. Those of a GPU are computed: from the most that it can do, and the
share of that which --share supposes.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks

from bench import report
from cnchar.nn.backbones import LAYERS
from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.train.engine.loop import fit
from cnchar.train.engine.presets import load_preset
from cnchar.train.engine.settings import TrainSettings

PRESETS = ("charlm-lstm", "charlm-lstm-256", "transformer-small", "transformer-base", "transformer-large")
WEIGHT = 4  # bytes
KEPT = 5  # numbers for each weight: itself, its gradient, AdamW's two moments, its average
SAVED = 4  # of these in a checkpoint: all but the gradient
HEAD = (
    "preset", "weights (M)", "MFLOP a character", "state, ddp (GB)", "state, fsdp (GB)", "checkpoint (GB)",
    "step of 1,000 characters (MB)", "characters/s, one core here", "characters/s, one GPU, computed",
)  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """Of one preset. `config`: of a causal model; `settings`: how the preset trains it."""

    name: str
    config: ModelConfig
    settings: TrainSettings
    model: CharacterModel

    @classmethod
    def of(cls, name: str, symbols: int) -> Cost:
        """The cost of a preset with a vocabulary of so many symbols."""
        preset = load_preset(name)
        config = preset.model_config(symbols=symbols, labels=symbols, head="symbols", causal=True)
        return cls(name, config, preset.train_settings(), CharacterModel(config))

    @property
    def weights(self) -> int:
        """How many numbers are learned."""
        return sum(weight.numel() for weight in self.model.parameters())

    @property
    def operations(self) -> int:
        """Additions and multiplications for a character, forward and backward (Kaplan et al. 2020, 6 N and attention).

        Each matrix counts once forward and twice backward; attention as if it were to look at the whole row.
        """
        table = 0 if self.config.tied or self.config.one_hot else self.model.embeddings.characters.weight.numel()
        matrices = sum(weight.numel() for weight in self.model.parameters() if weight.dim() > 1) - table
        seen = self.settings.length * self.config.layers if self.config.backbone == "transformer" else 0
        return 6 * matrices + 12 * seen * self.config.hidden

    def state(self, processes: int = 1) -> int:
        """Bytes that lie on a device between two steps; with fsdp also the largest part that comes together in one."""
        if processes == 1:
            return KEPT * WEIGHT * self.weights
        layers = [_size(module) for module in self.model.modules() if isinstance(module, LAYERS)]
        together = max([self.weights - sum(layers), *layers])
        return KEPT * WEIGHT * self.weights // processes + 2 * WEIGHT * together  # weights and gradients

    def kept_by_a_step(self, amp: bool) -> float:
        """Bytes for each character of a batch that forward keeps for backward: what two rows more need."""
        one, three = (self._kept(rows, amp) for rows in (1, 3))
        return (three - one) / (2 * self.settings.length)

    def _kept(self, rows: int, amp: bool) -> int:
        sizes: dict[int, int] = {}  # by place in memory: some tensors are kept for several operations

        def note(tensor: Tensor) -> Tensor:
            storage = tensor.untyped_storage()
            sizes[storage.data_ptr()] = storage.nbytes()
            return tensor

        (batch,) = RandomRows(1, rows, self.settings.length, self.config.symbols).epoch(0)
        with torch.autocast("cpu", torch.bfloat16, enabled=amp), saved_tensors_hooks(note, lambda tensor: tensor):
            self.model(**batch)
        return sum(sizes.values())

    def speed(self, steps: int, size: int, amp: bool) -> float:
        """Characters learned in a second of the processor, in `steps` steps of about `size` characters."""
        rows = max(1, size // self.settings.length)
        settings = replace(
            self.settings, epochs=0, max_steps=steps, threads=1, device="cpu", amp="bf16" if amp else "off"
        )
        batches = RandomRows(steps, rows, self.settings.length, self.config.symbols)
        with tempfile.TemporaryDirectory() as folder:
            fit(self.model, batches, None, replace(settings, max_steps=1), Path(folder) / "warm-up")
            began = time.process_time()
            fit(self.model, batches, None, settings, Path(folder) / "run")
            return steps * rows * self.settings.length / (time.process_time() - began)


def _size(module: torch.nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters())


@dataclass(frozen=True)
class RandomRows:
    """`count` batches of `rows` rows of `length` characters each."""

    count: int
    rows: int
    length: int
    symbols: int

    @property
    def characters_per_epoch(self) -> int:
        """All of them."""
        return self.count * self.rows * self.length

    def epoch(self, number: int, start: int = 0, step: int = 1) -> Iterator[dict[str, Tensor]]:
        """The batches."""
        for index in range(start, self.count, step):
            chance = torch.Generator().manual_seed(index)
            chars = torch.randint(1, self.symbols, (self.rows, self.length), generator=chance)
            yield {"chars": chars, "targets": chars.roll(-1, 1), "texts": torch.zeros_like(chars)}

    def characters(self, batch: dict[str, Tensor]) -> int:
        """No character is padding."""
        return batch["chars"].numel()


def row(cost: Cost, asked: argparse.Namespace) -> tuple[str, ...]:
    """One line of the table."""
    kept = cost.kept_by_a_step(asked.amp)
    measured = asked.steps and cost.weights <= asked.largest * 1e6
    speed = f"{cost.speed(asked.steps, asked.size, asked.amp):.0f}" if measured else ""
    at_best = asked.peak * 1e12 * asked.share / cost.operations
    return (
        cost.name, f"{cost.weights / 1e6:.1f}", f"{cost.operations / 1e6:.0f}", f"{cost.state() / 1e9:.2f}",
        f"{cost.state(asked.processes) / 1e9:.2f}", f"{SAVED * WEIGHT * cost.weights / 1e9:.2f}", f"{kept / 1e3:.0f}",
        speed, f"{float(f'{at_best:.2g}'):.0f}",
    )  # fmt: skip


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("presets", nargs="*", default=PRESETS, help=f"which ones ({' '.join(PRESETS)})")
    parser.add_argument("--symbols", type=int, default=7000, help="size of the vocabulary (7000)")
    parser.add_argument("--processes", type=int, default=8, help="that share a model with fsdp (8)")
    parser.add_argument("--peak", type=float, default=312, help="TFLOP/s of the GPU in bf16 (312, an A100)")
    parser.add_argument("--share", type=float, default=0.3, help="of it that training is supposed to reach (0.3)")
    parser.add_argument("--amp", action="store_true", help="bf16 here too, as it is the default on CUDA")
    parser.add_argument("--steps", type=int, default=0, help="measure so many steps of each preset (0)")
    parser.add_argument("--largest", type=float, default=100, help="measure up to so many million weights (100)")
    parser.add_argument("--size", type=int, default=4096, help="characters of a measured step (4096)")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    print(f"<!-- {report.machine()}; torch {torch.__version__} -->\n")
    print(report.table(HEAD, (row(Cost.of(name, asked.symbols), asked) for name in asked.presets)), end="")


if __name__ == "__main__":
    main()
