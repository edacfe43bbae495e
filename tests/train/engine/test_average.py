from __future__ import annotations

import pytest

pytest.importorskip("torch")

import torch

from cnchar.train.engine.average import Average


def test_it_is_the_moving_average() -> None:
    model = torch.nn.Linear(1, 1)
    average = Average(model, 0.5)
    expected = model.weight.item()
    for step in range(30):
        with torch.no_grad():
            model.weight += 1
        average.update(step)
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * model.weight.item()
    assert average.values["weight"].item() == pytest.approx(expected)


def test_it_is_applied_for_a_while_even_if_that_fails() -> None:
    model = torch.nn.Linear(1, 1)
    average = Average(model, 0.5)
    old, kept = model.weight.item(), model.weight
    with torch.no_grad():
        model.weight += 1
    with pytest.raises(KeyError), average.applied():
        assert model.weight.item() == old
        raise KeyError
    assert model.weight.item() == old + 1
    assert model.weight is kept


def test_without_decay_the_weights_are_themselves() -> None:
    model = torch.nn.Linear(1, 1)
    average = Average(model, 0.0)
    average.update(0)
    with average.applied():
        assert not average.values
