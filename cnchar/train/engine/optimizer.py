"""The optimizer, what it decays, and its learning rate at each moment."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor, nn

from cnchar.train.engine.settings import TrainSettings


def build_optimizer(model: nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    """AdamW (Loshchilov and Hutter 2019) or SGD with momentum, over two groups: decayed and not."""
    decayed, kept = split_parameters(model)
    groups: list[dict[str, Any]] = [
        {"params": decayed, "weight_decay": settings.weight_decay},
        {"params": kept, "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    # One kernel for all weights instead of a dozen for each.
    if settings.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=settings.lr, momentum=settings.momentum, fused=True)
    return torch.optim.AdamW(groups, lr=settings.lr, betas=settings.betas, fused=True)


def split_parameters(model: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Trainable weights that decay pulls towards zero, and those it leaves alone: biases, norms, embeddings."""
    embedded = {id(weight) for weight in _embeddings(model)}  # also where an output layer shares them
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    decayed = [weight for weight in weights if weight.dim() > 1 and id(weight) not in embedded]
    kept = [weight for weight in weights if weight.dim() <= 1 or id(weight) in embedded]
    return decayed, kept


def _embeddings(model: nn.Module) -> Iterator[Tensor]:
    for module in model.modules():
        if isinstance(module, nn.Embedding | nn.EmbeddingBag):
            yield module.weight


def learning_rate(settings: TrainSettings, step: int, share: float) -> float:
    """The rate of step number `step` (from 0) when `share` (0 to 1) of the whole run is done."""
    warm = min(1.0, (step + 1) / max(1, settings.warmup))
    return settings.lr * warm * (settings.lr_end + (1 - settings.lr_end) * _decay(settings, share))


def _decay(settings: TrainSettings, share: float) -> float:
    if settings.decay == "constant":
        return 1.0
    if settings.decay == "linear":
        return 1.0 - share
    return 0.5 * (1.0 + math.cos(math.pi * share))


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """The rate that the next step takes."""
    for group in optimizer.param_groups:
        group["lr"] = rate
