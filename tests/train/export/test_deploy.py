from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch
from nn.models import BACKBONES, RICH, small

from cnchar.bundle import open_bundle, write_bundle
from cnchar.errors import BadBundle
from cnchar.train.export.deploy import (
    example_inputs,
    load_weights,
    onnx_bytes,
    read_weights,
    weight_bytes,
    write_run_bundle,
)

CONFIG = {"name": "toy", "version": 1, "task": "segment", "architecture": "character-model"}


@pytest.mark.slow
@pytest.mark.parametrize("backbone", BACKBONES)
def test_the_graph_says_what_the_model_says_at_any_size(backbone):
    model = small(backbone, **RICH)
    session = onnxruntime.InferenceSession(onnx_bytes(model), providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_inputs()] == ["chars", "flags", "prior"]
    for size, length in ((1, 1), (2, 5), (7, 40)):
        inputs = example_inputs(model, size, length)
        (found,) = session.run(["logits"], {name: value.numpy() for name, value in inputs.items()})
        inside = inputs["chars"].numpy() > 0
        expected = model(**inputs).logits.detach().numpy()
        np.testing.assert_allclose(found[inside], expected[inside], atol=1e-4)


def test_weights_come_back(tmp_path):
    model = small("cnn")
    write_run_bundle(tmp_path / "run", CONFIG, {}, "card", model)
    bundle = open_bundle(tmp_path / "run", "segment", ("character-model",))
    again = small("cnn", seed=9)
    load_weights(again, read_weights(bundle), "run")
    for one, other in zip(model.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


def test_half_precision_takes_half_the_room():
    model = small("cnn", hidden=128)
    assert len(weight_bytes(model, half=True)) < 0.55 * len(weight_bytes(model))


def test_weights_of_another_shape_are_refused_in_one_sentence():
    with pytest.raises(BadBundle, match=r"there: the weights do not fit the model \(.+\)\.$"):
        load_weights(small("cnn", hidden=32), small("cnn").state_dict(), "there")


def test_what_is_no_safetensors_is_refused(tmp_path):
    model = small("cnn")
    write_run_bundle(tmp_path / "run", CONFIG, {}, "card", model)
    bundle = open_bundle(tmp_path / "run", "segment", ("character-model",))
    bundle.path("weights.safetensors").write_bytes(b"\xff" * 100)
    with pytest.raises(BadBundle, match="not weights of a model"):
        read_weights(bundle)


@pytest.mark.slow
def test_weights_are_found_in_the_graph_where_there_is_no_file_of_them(tmp_path):
    model = small("cnn")
    write_bundle(tmp_path / "run", CONFIG, {"model.onnx": onnx_bytes(model)}, "card")
    weights = read_weights(open_bundle(tmp_path / "run", "segment", ("character-model",)))
    again = small("cnn", seed=9)
    load_weights(again, weights, "run")
    assert torch.equal(again.output.weight, model.output.weight)
