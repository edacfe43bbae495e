"""What is counted of a preset's cost, against torch's own counting."""

from __future__ import annotations

import argparse

import pytest

pytest.importorskip("torch")

import torch
from torch.utils.flop_counter import FlopCounterMode

from bench.scaling import Cost, RandomRows, row
from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.train.engine.presets import load_preset


def cost(backbone: str, **changes: object) -> Cost:
    sizes = {"embedding": 16, "hidden": 16, "layers": 2, "dropout": 0.0, **changes}
    config = ModelConfig(50, 50, backbone=backbone, head="symbols", causal=True, **sizes)  # type: ignore[arg-type]
    settings = load_preset("transformer-small").changed(["length=24"]).train_settings()
    return Cost("toy", config, settings, CharacterModel(config))


@pytest.mark.parametrize(("backbone", "tied"), [("cnn", False), ("transformer", True)])
def test_operations_are_those_that_torch_counts(backbone: str, tied: bool) -> None:
    found = cost(backbone, tied=tied)
    (batch,) = RandomRows(1, 3, 24, 50).epoch(0)
    with FlopCounterMode(display=False) as counter, torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        found.model(**batch).loss.backward()
    assert found.operations * 3 * 24 == pytest.approx(counter.get_total_flops(), rel=0.01)


def test_state_is_shared_out_but_for_the_part_in_hand() -> None:
    found = cost("cnn")
    size, layer = found.weights, sum(w.numel() for w in found.model.backbone.layers[0].parameters())  # type: ignore[union-attr]
    assert found.state() == 20 * size
    assert found.state(4) == 20 * size // 4 + 8 * max(layer, size - 2 * layer)


def test_what_a_step_keeps_does_not_hang_on_the_rows() -> None:
    found = cost("gru")
    by_the_formula = (found._kept(9, False) - found._kept(1, False)) / (8 * 24)
    assert found.kept_by_a_step(amp=False) == pytest.approx(by_the_formula, rel=0.05)
    assert found.kept_by_a_step(amp=False) > 4 * 50  # the logits


def test_a_row_of_the_table() -> None:
    asked = argparse.Namespace(amp=False, steps=1, size=48, largest=1, peak=100, share=0.5, processes=8)
    name, *numbers = row(cost("gru"), asked)
    assert name == "toy" and all(float(number) >= 0 for number in numbers)
    asked.largest = 0
    assert row(cost("gru"), asked)[-2] == ""
