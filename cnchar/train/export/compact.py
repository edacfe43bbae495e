"""Makes an ONNX graph small: embedding tables as int8 with a scale for each row, other weights as float16 or int8 too.

Long tables, whose rows many hashed n-grams share, may be int4. All are rounded once and then used in float32, so a
line's scores do not depend on what else is in its batch, as they would where activations are quantised as they come.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

SMALLEST = 512  # numbers; what is smaller stays as it is
_TABLE_ROWS = 128
_CONSTANTS = {"compact.eight": 8.0, "compact.sixteen": 16.0}


def compact_onnx(graph: bytes, *, matrices: bool = False, long: int | None = None) -> bytes:
    """The graph with smaller weights; its inputs and outputs stay as they are.

    Args:
        matrices: these as int8 too. long: tables of that many rows or more, and of even width, as int4.
    """
    model = onnx.load_model_from_string(graph)
    nodes: list[NodeProto] = []
    tables = _tables(model)
    packed = {name for name, (rows, width) in tables.items() if long is not None and rows >= long and width % 2 == 0}
    kept: list[TensorProto] = []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or values.size < SMALLEST:
            kept.append(weight)
        elif weight.name in packed:
            kept += _int4_rows(weight.name, values)
        elif weight.name in tables:
            kept += _int8_rows(weight.name, values)
        elif matrices and values.ndim == 2:
            kept += _int8_rows(weight.name, values)
            nodes += _whole_int8(weight.name)
        else:
            half = f"{weight.name}.half"
            kept.append(numpy_helper.from_array(values.astype(np.float16), half))
            nodes.append(helper.make_node("Cast", [half], [weight.name], to=TensorProto.FLOAT))
    for node in model.graph.node:
        if node.op_type != "Gather" or node.input[0] not in tables:
            nodes.append(node)
        else:
            nodes += (_gather_int4 if node.input[0] in packed else _gather_int8)(node)
    if packed:
        kept += [numpy_helper.from_array(np.array(value, np.float32), name) for name, value in _CONSTANTS.items()]
    del model.graph.initializer[:], model.graph.node[:], model.graph.value_info[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def graph_weights(graph: bytes) -> dict[str, NDArray[np.float32]]:
    """The float weights of a graph by name, compact or not: the inverse of compact_onnx but for its rounding."""
    arrays = {
        weight.name: np.array(numpy_helper.to_array(weight))
        for weight in onnx.load_model_from_string(graph).graph.initializer
    }
    found: dict[str, NDArray[np.float32]] = {}
    for name, values in arrays.items():
        if name.endswith(".int8"):
            table = name.removesuffix(".int8")
            found[table] = values * arrays[f"{table}.scale"]
        elif name.endswith(".int4"):
            table = name.removesuffix(".int4")
            found[table] = np.concatenate([values // 16, values % 16], 1, dtype=np.float32) - 8
            found[table] *= arrays[f"{table}.scale"]
        elif not name.endswith(".scale") and name not in _CONSTANTS and values.dtype in (np.float16, np.float32):
            found[name.removesuffix(".half")] = values.astype(np.float32)
    return found


def _tables(model: ModelProto) -> dict[str, tuple[int, int]]:
    """The shapes of the weights that are only ever looked up by row, and large enough to matter."""
    shapes = {weight.name: list(weight.dims) for weight in model.graph.initializer}
    used: dict[str, set[str]] = {}
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            used.setdefault(name, set()).add(f"{node.op_type} {place}")
    return {
        name: (dims[0], dims[1])
        for name, dims in shapes.items()
        if used.get(name) == {"Gather 0"} and len(dims) == 2 and dims[0] >= _TABLE_ROWS
    }


def _int8_rows(name: str, values: NDArray[np.float32]) -> list[TensorProto]:
    """A table (R, D) as int8 and a scale (R, 1) for each row."""
    scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-12) / 127
    rounded = np.rint(values / scale).astype(np.int8)
    return [
        numpy_helper.from_array(rounded, f"{name}.int8"),
        numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"),
    ]


def _int4_rows(name: str, values: NDArray[np.float32]) -> list[TensorProto]:
    """A table (R, D) as bytes (R, D / 2), the left half of a row in their upper halves, and a scale (R, 1)."""
    scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-6) / 7
    left, right = np.split((np.rint(values / scale) + 8).astype(np.uint8), 2, axis=1)
    return [
        numpy_helper.from_array(16 * left + right, f"{name}.int4"),
        numpy_helper.from_array(scale.astype(np.float16), f"{name}.scale"),
    ]


def _whole_int8(name: str) -> list[NodeProto]:
    """Nodes that give the matrix again; onnxruntime runs them once, when it loads the graph."""
    return [
        helper.make_node("Cast", [f"{name}.int8"], [f"{name}.float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}.float", f"{name}.scale"], [name]),
    ]


def _gather_int8(node: NodeProto) -> list[NodeProto]:
    """Nodes that give what a Gather along rows gave: the rows and their scales, multiplied."""
    table, index, out = node.input[0], node.input[1], node.output[0]
    return [
        helper.make_node("Gather", [f"{table}.int8", index], [f"{out}.int8"], axis=0),
        helper.make_node("Cast", [f"{out}.int8"], [f"{out}.float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [f"{table}.scale", index], [f"{out}.scale"], axis=0),
        helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out]),
    ]


def _gather_int4(node: NodeProto) -> list[NodeProto]:
    """The same for rows of bytes that hold two numbers each."""
    table, index, out = node.input[0], node.input[1], node.output[0]
    eight, sixteen = _CONSTANTS
    return [
        helper.make_node("Gather", [f"{table}.int4", index], [f"{out}.int4"], axis=0),
        helper.make_node("Cast", [f"{out}.int4"], [f"{out}.bytes"], to=TensorProto.FLOAT),
        helper.make_node("Div", [f"{out}.bytes", sixteen], [f"{out}.shifted"]),
        helper.make_node("Floor", [f"{out}.shifted"], [f"{out}.left"]),
        helper.make_node("Mul", [f"{out}.left", sixteen], [f"{out}.upper"]),
        helper.make_node("Sub", [f"{out}.bytes", f"{out}.upper"], [f"{out}.right"]),
        helper.make_node("Concat", [f"{out}.left", f"{out}.right"], [f"{out}.both"], axis=-1),
        helper.make_node("Sub", [f"{out}.both", eight], [f"{out}.float"]),
        helper.make_node("Gather", [f"{table}.scale", index], [f"{out}.half"], axis=0),
        helper.make_node("Cast", [f"{out}.half"], [f"{out}.scale"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{out}.float", f"{out}.scale"], [out]),
    ]
