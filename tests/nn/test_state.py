"""Reading symbol by symbol gives what reading all at once gives."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from nn.models import BACKBONES, small

from cnchar.nn.model import CharacterModel
from cnchar.nn.state import advance, begin, first_kept
from cnchar.tasks.language import cut

V = 50
KINDS = [*({"backbone": backbone} for backbone in BACKBONES), {"backbone": "transformer", "positions": "learned"}]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(kind.values()))


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
        logits, _ = advance(model, chars[[1, 1, 0], 7:], state.pick(torch.tensor([1, 1, 0])))
        close(logits, model(chars).logits[[1, 1, 0], -1])


@pytest.mark.parametrize("most", [2, 7, 8])
@torch.inference_mode()
def test_full_attention_goes_on_as_long_lines_are_scored(most: int) -> None:
    model, chars = causal(backbone="transformer"), torch.randint(1, V, (1, 40))
    state, at = begin(model, 1, most), 0
    for start, stop, keep in cut(40, most):
        wanted = model(chars[:, start:stop]).logits[0]
        for at in range(keep, stop):
            logits, state = advance(model, chars[:, at : at + 1], state)
            close(logits[0], wanted[at - start])
            assert state.symbols.shape[1] <= most
            assert first_kept(at + 1, most) == start
    assert at == 39
    close(advance(model, chars, begin(model, 1, most))[0], logits)


@each_kind
@torch.inference_mode()
def test_memory_does_not_grow(kind: dict[str, Any]) -> None:
    model, state, sizes = causal(**kind), None, set()
    state = begin(model, 1, 16)
    for _ in range(200):
        _, state = advance(model, torch.ones(1, 1, dtype=torch.long), state)
        sizes.add(sum(part.numel() for memory in state.layers for part in memory) + state.symbols.numel())
    assert len(sizes) == 1 if "transformer" not in kind.values() else max(sizes) <= 16 * (3 * 2 * 16 + 1)


def test_only_causal_models_have_a_state() -> None:
    with pytest.raises(ValueError, match="causal"):
        begin(small())
