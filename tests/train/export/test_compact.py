from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch
from nn.models import RICH, small

from cnchar.train.export.compact import compact_onnx, graph_weights
from cnchar.train.export.deploy import example_inputs, onnx_bytes


def run(graph, inputs):
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {name: value.numpy() for name, value in inputs.items()})
    return logits


@pytest.mark.slow
@pytest.mark.parametrize("backbone", ["cnn", "lstm"])
def test_a_compact_graph_says_nearly_the_same_and_is_much_smaller(backbone):
    model = small(backbone, **{**RICH, "symbols": 2000, "embedding": 32, "hidden": 64, "bigrams": 1000})
    graph = onnx_bytes(model)
    small_graph = compact_onnx(graph)
    assert len(small_graph) < 0.5 * len(graph)
    inputs = example_inputs(model, 4, 20)
    inside = inputs["chars"].numpy() > 0
    one, other = (run(each, inputs)[inside] for each in (graph, small_graph))
    assert np.abs(one - other).max() < 0.02 * np.abs(one).max()
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9999


@pytest.mark.slow
def test_matrices_as_int8_make_it_smaller_still_and_can_be_read_back():
    model = small("cnn", symbols=2000, embedding=32, hidden=64)
    graph = onnx_bytes(model)
    half, rounded = compact_onnx(graph), compact_onnx(graph, bits=8)
    assert len(rounded) < 0.8 * len(half)
    inputs = example_inputs(model, 4, 20)
    inside = inputs["chars"].numpy() > 0
    one, other = (run(each, inputs)[inside] for each in (graph, rounded))
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.999
    read = graph_weights(rounded)
    for name, value in model.state_dict().items():
        np.testing.assert_allclose(read[f"model.{name}"], value.numpy(), atol=value.abs().max().item() / 100)


@pytest.mark.slow
def test_a_long_table_as_int4_is_half_as_large_and_its_numbers_are_near():
    model = small("cnn", symbols=300, bigrams=20000, bigram_dim=6, embedding=7)
    graph = onnx_bytes(model)
    rounded, packed = compact_onnx(graph), compact_onnx(graph, long=200)
    assert len(rounded) - len(packed) > 20000 * 4  # 3 of 6 bytes, and 2 of 4 of the scale
    table = model.embeddings.pairs.weight.detach().numpy()
    read = graph_weights(packed)
    np.testing.assert_allclose(
        read["model.embeddings.pairs.weight"], table, atol=(np.abs(table).max(1, keepdims=True) / 13.9).max()
    )
    assert read.keys() == graph_weights(rounded).keys()
    with torch.no_grad():  # what the rounded numbers say is said exactly
        model.embeddings.pairs.weight.copy_(torch.from_numpy(read["model.embeddings.pairs.weight"]))
    inputs = example_inputs(model, 4, 20)
    np.testing.assert_allclose(run(packed, inputs), run(compact_onnx(onnx_bytes(model)), inputs), atol=0.03)


@pytest.mark.slow
def test_a_sentence_still_scores_the_same_in_any_company():
    model = small("cnn", symbols=2000, bigrams=1000)
    graph = compact_onnx(onnx_bytes(model))
    inputs = example_inputs(model, 3, 9)
    together = run(graph, inputs)[0]
    alone = run(graph, {name: value[:1] for name, value in inputs.items()})[0]
    np.testing.assert_allclose(together, alone, atol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("backbone", ["cnn", "transformer"])
def test_the_weights_can_be_read_back_out_of_a_graph(backbone):
    model = small(backbone, **{**RICH, "symbols": 2000, "bigrams": 1000})
    graph = onnx_bytes(model)
    whole, compact = (graph_weights(each) for each in (graph, compact_onnx(graph)))
    for name, value in model.state_dict().items():
        expected = value.numpy()
        np.testing.assert_array_equal(whole[f"model.{name}"], expected)
        np.testing.assert_allclose(compact[f"model.{name}"], expected, atol=np.abs(expected).max() / 100)
