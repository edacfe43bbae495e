from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from nn.models import small
from onnx import TensorProto, helper, numpy_helper

from cnchar.train.export.compact import compact_onnx, graph_weights, products
from cnchar.train.export.deploy import example_inputs, onnx_bytes


def run(graph, inputs, fold):
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.disable_quant_qdq", str(int(fold)))
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    return session.run(None, inputs)[0]


def product(weight):
    """A graph that multiplies x with the transpose of a weight."""
    nodes = [helper.make_node("Transpose", ["w"], ["t"], perm=[1, 0]), helper.make_node("MatMul", ["x", "t"], ["y"])]
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", "width"]) for name in "xy")
    made = helper.make_graph(nodes, "g", [x], [y], [numpy_helper.from_array(weight, "w")])
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10).SerializeToString()


@pytest.mark.parametrize("fold", [False, True])
def test_a_product_with_blocks_of_int4_is_the_product_with_the_rounded_matrix(fold):
    random = np.random.default_rng(3)
    weight = random.normal(size=(48, 96)).astype(np.float32) * random.uniform(0.1, 9, (48, 1)).astype(np.float32)
    packed = compact_onnx(product(weight), bits=4)
    rounded = graph_weights(packed)["w"]
    blocks, off = weight.reshape(48, 3, 32), (rounded - weight).reshape(48, 3, 32)
    scale = np.abs(blocks).max(2, keepdims=True) / 7
    plain = np.rint(blocks / scale) * scale - blocks
    assert (np.abs(off) <= 2 * scale).all()
    assert 0 < np.square(off).sum() < 0.9 * np.square(plain).sum()  # the scale is chosen
    x = random.normal(size=(5, 96)).astype(np.float32)
    np.testing.assert_allclose(run(packed, {"x": x}, fold), x @ rounded.T, rtol=0.02, atol=0.5 if not fold else 1e-3)


def test_numbers_that_four_bits_can_hold_come_back_as_they_were():
    weight = np.arange(-7, 8, dtype=np.float32)[np.arange(64 * 64).reshape(64, 64) * 11 % 15]
    np.testing.assert_array_equal(graph_weights(compact_onnx(product(weight), bits=4))["w"], weight)


@pytest.mark.parametrize("shape", [(64, 40), (4, 32)], ids=["no whole blocks", "small"])
def test_other_matrices_keep_eight_bits_or_all(shape):
    weight = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    graph = onnx.load_model_from_string(product(weight))
    assert products(graph) == {}
    packed = compact_onnx(product(weight), bits=4)
    np.testing.assert_allclose(graph_weights(packed)["w"], weight, atol=np.abs(weight).max() / 250)
    x = np.ones((1, shape[1]), np.float32)
    np.testing.assert_allclose(run(packed, {"x": x}, True), x @ weight.T, atol=0.3)


def test_the_first_matrices_keep_eight_bits_where_they_are_asked_for():
    random = np.random.default_rng(5)
    names = ["first", "second", "third"]
    weights = {name: random.normal(size=(64, 64)).astype(np.float32) for name in names}
    nodes, last = [], "x"
    for name in names:
        nodes.append(helper.make_node("Transpose", [name], [f"{name}.t"], perm=[1, 0]))
        nodes.append(helper.make_node("MatMul", [last, f"{name}.t"], [f"{name}.y"]))
        last = f"{name}.y"
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 64]) for name in ("x", last))
    made = helper.make_graph(nodes, "g", [x], [y], [numpy_helper.from_array(w, name) for name, w in weights.items()])
    graph = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=10).SerializeToString()
    read = graph_weights(compact_onnx(graph, bits=4, careful=2))
    off = [np.abs(read[name] - weights[name]).max() for name in names]
    assert max(off[:2]) < 0.03 < 0.1 < off[2]


@pytest.mark.slow
def test_a_model_in_int4_is_far_smaller_and_says_exactly_what_its_rounded_weights_say():
    model = small("cnn", symbols=2000, embedding=32, hidden=64, layers=4)
    graph = onnx_bytes(model)
    eight, four = compact_onnx(graph, bits=8), compact_onnx(graph, bits=4)
    matrices = sum(p.numel() for name, p in model.named_parameters() if name.endswith("mix.weight"))
    assert len(eight) - len(four) > 0.4 * matrices
    read = graph_weights(four)
    assert read.keys() == graph_weights(eight).keys()
    inputs = example_inputs(model, 4, 20)
    model.load_state_dict({name: torch.from_numpy(read[f"model.{name}"]) for name in model.state_dict()})
    said = run(four, {name: value.numpy() for name, value in inputs.items()}, True)
    with torch.no_grad():
        expected = model.eval()(**inputs).logits.numpy()
    inside = inputs["chars"].numpy() > 0
    np.testing.assert_allclose(said[inside], expected[inside], atol=0.01)
