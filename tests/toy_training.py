"""A model of a few hundred weights with dropout, and batches it learns from within seconds.

As a script it trains in processes of its own, which may be killed: `toy_training.py FOLDER '{"epochs": 3}'`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from cnchar.nn.config import Backbone, ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.train.engine.device import seed_everything
from cnchar.train.engine.loop import fit
from cnchar.train.engine.settings import TrainSettings

SYMBOLS, LENGTH = 12, 8


def toy_model(dropout: float = 0.2, backbone: Backbone = "gru") -> CharacterModel:
    seed_everything(7)
    return CharacterModel(ModelConfig(SYMBOLS, backbone=backbone, embedding=8, hidden=8, layers=1, dropout=dropout))


def toy_settings(**changes: Any) -> TrainSettings:
    small: dict[str, Any] = {"epochs": 3, "warmup": 2, "log_every": 2, "lr": 0.01, "device": "cpu", "threads": 1}
    return TrainSettings.from_dict(small | changes)


@dataclass
class ToyBatches:
    """Rows of symbols; the label of each is its remainder by 4."""

    count: int = 5
    rows: int = 4

    @property
    def characters_per_epoch(self) -> int:
        return self.count * self.rows * LENGTH

    def epoch(self, number: int, start: int = 0, step: int = 1) -> Iterator[dict[str, Tensor]]:
        generator = torch.Generator().manual_seed(number)
        chars = torch.randint(1, SYMBOLS, (self.count, self.rows, LENGTH), generator=generator)
        for each in chars[start::step]:
            yield {"chars": each, "targets": each % 4}

    def characters(self, batch: dict[str, Tensor]) -> int:
        return int((batch["chars"] > 0).sum())


@torch.no_grad()
def accuracy(model: torch.nn.Module) -> dict[str, float]:
    """How many labels of unseen rows are right."""
    (batch,) = ToyBatches(count=1, rows=50).epoch(10**6)
    right = model(batch["chars"]).logits.argmax(-1) == batch["targets"]
    return {"accuracy": right.double().mean().item(), "rows": 50.0}


def weights_of(model: torch.nn.Module) -> dict[str, bytes]:
    """All weights, to the bit."""
    return {name: tensor.detach().numpy().tobytes() for name, tensor in model.state_dict().items()}


def main(folder: str, changes: str, options: str = "{}") -> None:
    given: dict[str, Any] = {"rows": 4, "count": 6, "dropout": 0.2, "backbone": "gru", "resume": False}
    given |= json.loads(options)
    batches = ToyBatches(given["count"], given["rows"])
    settings = toy_settings(**json.loads(changes))
    model = toy_model(given["dropout"], given["backbone"])
    fit(model, batches, accuracy, settings, Path(folder), resume=given["resume"])


if __name__ == "__main__":
    main(*sys.argv[1:])
