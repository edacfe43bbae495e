"""Small models of every kind, for the tests of the network and its exports."""

from __future__ import annotations

from typing import Any, get_args

import torch

from cnchar.nn.config import Backbone, ModelConfig
from cnchar.nn.model import CharacterModel

BACKBONES = get_args(Backbone)
RICH: dict[str, Any] = {"bigrams": 64, "wide": 128, "flags": (5, 3), "prior": True}


def small(backbone: Any = "lstm", seed: int = 0, **changes: Any) -> CharacterModel:
    """A model with random weights everywhere, those that training begins at zero too, in evaluation mode."""
    torch.manual_seed(seed)
    sizes: dict[str, Any] = {"symbols": 50, "embedding": 8, "hidden": 16, "layers": 2, "attention_heads": 2}
    model = CharacterModel(ModelConfig(**{**sizes, "backbone": backbone, **changes}))
    for value in model.parameters():
        if not value.any():
            torch.nn.init.normal_(value, std=0.5)
    return model.eval()
