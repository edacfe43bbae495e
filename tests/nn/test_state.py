"""Reading symbol by symbol gives what reading all at once gives."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import torch
from nn.models import BACKBONES, small

from cnchar.nn.model import CharacterModel
from cnchar.nn.state import Step, advance, begin

V = 50
KINDS: list[dict[str, Any]] = [
    *({"backbone": backbone} for backbone in BACKBONES),
    {"backbone": "transformer", "positions": "learned"},
    {"backbone": "cnn", "bigrams": 64},
    {"backbone": "transformer", "bigrams": 64, "trigrams": 128},
]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))


def causal(**changes: Any) -> CharacterModel:
    return small(**{"labels": V, "causal": True, "head": "symbols", "layers": 3, **changes})


def close(a: torch.Tensor, b: torch.Tensor) -> None:
    torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-5)


@each_kind
@torch.inference_mode()
def test_symbol_by_symbol_as_all_at_once(kind: dict[str, Any]) -> None:
    model, chars = causal(**kind), torch.randint(1, V, (3, 40))
    whole, state = model(chars).logits, begin(model, 3)
    for place in range(40):
        logits, state = advance(model, chars[:, place : place + 1], state)
        close(logits, whole[:, place])


@each_kind
@torch.inference_mode()
def test_a_prompt_at_once_then_other_rows(kind: dict[str, Any]) -> None:
    """A state can be picked from and gone on from twice: nothing in it changes."""
    model, chars = causal(**kind), torch.randint(1, V, (2, 12))
    _, state = advance(model, chars[:, :7], begin(model, 2))
    for _ in range(2):
        logits, _ = advance(model, chars[[1, 1, 0], 7:], tuple(part[[1, 1, 0]] for part in state))
        close(logits, model(chars).logits[[1, 1, 0], -1])


@each_kind
def test_only_the_memory_of_attention_grows(kind: dict[str, Any]) -> None:
    step = Step(causal(**kind))
    state, sizes = step.begin(1), []
    for _ in range(20):
        logits, state = step.advance(torch.ones(1, 1, dtype=torch.long).numpy(), state)
        sizes.append(sum(part.numel() for part in state))
    assert logits.shape == (1, V)
    assert step.grows == (kind["backbone"] == "transformer")
    (growth,) = {after - before for before, after in pairwise(sizes)}
    assert growth > 0 if step.grows else growth == 0


def test_only_causal_models_have_a_state() -> None:
    with pytest.raises(ValueError, match="causal"):
        begin(small())
