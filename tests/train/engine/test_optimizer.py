from __future__ import annotations

import pytest

pytest.importorskip("torch")

import torch
from torch import nn
from toy_training import toy_model, toy_settings

from cnchar.train.engine.optimizer import build_optimizer, learning_rate, split_parameters


def names(model: nn.Module, chosen: list[nn.Parameter]) -> set[str]:
    known = {id(weight): name for name, weight in model.named_parameters()}
    return {known[id(weight)] for weight in chosen}


def test_matrices_decay_and_nothing_else() -> None:
    model = toy_model()
    decayed, kept = split_parameters(model)
    assert {"output.weight", "embeddings.project.weight", "backbone.onward.0.weight_hh_l0"} <= names(model, decayed)
    assert {"output.bias", "embeddings.characters.weight", "backbone.onward.0.bias_hh_l0"} <= names(model, kept)
    assert len(decayed) + len(kept) == len(list(model.parameters()))


def test_norms_tied_and_frozen_weights() -> None:
    model = nn.Sequential(nn.Embedding(5, 3), nn.LayerNorm(3), nn.Linear(3, 5), nn.Linear(5, 5))
    model[2].weight = model[0].weight
    model[3].weight.requires_grad = False
    decayed, kept = split_parameters(model)
    assert not decayed
    assert names(model, kept) == {"0.weight", "1.weight", "1.bias", "2.bias", "3.bias"}
    assert len(build_optimizer(model, toy_settings()).param_groups) == 1


def test_decay_pulls_matrices_towards_zero() -> None:
    model = toy_model()
    before = {name: weight.clone() for name, weight in model.named_parameters()}
    optimizer = build_optimizer(model, toy_settings(lr=0.1, weight_decay=0.5))
    for weight in model.parameters():
        weight.grad = torch.zeros_like(weight)
    optimizer.step()
    assert torch.allclose(model.output.weight, before["output.weight"] * 0.95)
    assert torch.equal(model.output.bias, before["output.bias"])


def test_the_rate_rises_and_falls() -> None:
    settings = toy_settings(lr=2.0, warmup=4, decay="linear", lr_end=0.1)
    assert [learning_rate(settings, step, 0.0) for step in range(5)] == [0.5, 1.0, 1.5, 2.0, 2.0]
    assert learning_rate(settings, 9, 0.5) == pytest.approx(2.0 * 0.55)
    assert learning_rate(settings, 9, 1.0) == pytest.approx(0.2)


@pytest.mark.parametrize(("decay", "quarter"), [("constant", 1.0), ("linear", 0.75), ("cosine", 0.5 + 0.5**1.5)])
def test_the_ways_to_fall(decay: str, quarter: float) -> None:
    settings = toy_settings(lr=1.0, warmup=0, decay=decay)
    assert learning_rate(settings, 0, 0.0) == 1.0
    assert learning_rate(settings, 0, 0.25) == pytest.approx(quarter)


def test_sgd_is_sgd() -> None:
    model = nn.Linear(1, 1, bias=False)
    optimizer = build_optimizer(model, toy_settings(optimizer="sgd", lr=0.1, momentum=0.5, weight_decay=0.0))
    start = model.weight.item()
    for _ in range(2):
        model.weight.grad = torch.ones(1, 1)
        optimizer.step()
    assert model.weight.item() == pytest.approx(start - 0.1 * (1 + 1.5))
