"""Makes an ONNX graph small: embedding tables as int8 with a scale for each row, other weights as float16 or less.

Long tables, whose rows many hashed n-grams share, and matrices may be int4. All are rounded once and then used in
float32, so a line's scores do not depend on what else is in its batch, as they would where activations are quantised as
they come.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from cnchar.train.export import int4

SMALLEST = 512  # numbers; what is smaller stays as it is
_TABLE_ROWS = 128


def compact_onnx(graph: bytes, *, bits: Literal[16, 8, 4] = 16, careful: int = 0, long: int | None = None) -> bytes:
    """The graph with smaller weights; its inputs and outputs stay as they are.

    Args:
        bits: of a number in a matrix. With 4, such as are more than multiplied with have 8 (a tied table of symbols).
        careful: of the matrices that would have 4, how many have 8: the first ones, whose errors go through all others.
        long: tables of that many rows or more, and of even width, as int4.
    """
    model = onnx.load_model_from_string(graph)
    turned = dict(list(products(model).items())[careful:]) if bits == 4 else {}
    nodes: list[NodeProto] = []
    tables = _tables(model)
    packed = {name for name, (rows, width) in tables.items() if long is not None and rows >= long and width % 2 == 0}
    kept: list[TensorProto] = []
    for weight in model.graph.initializer:
        values = numpy_helper.to_array(weight)
        if weight.data_type != TensorProto.FLOAT or values.size < SMALLEST:
            kept.append(weight)
        elif weight.name in packed:
            kept += int4.table_rows(weight.name, values)
        elif weight.name in tables:
            kept += _int8_rows(weight.name, values)
        elif weight.name in turned:
            kept += int4.matrix_blocks(weight.name, values)
            nodes += int4.transpose(weight.name, turned[weight.name])
        elif bits < 16 and values.ndim == 2:
            kept += _int8_rows(weight.name, values)
            nodes += _whole_int8(weight.name)
        else:
            half = f"{weight.name}.half"
            kept.append(numpy_helper.from_array(values.astype(np.float16), half))
            nodes.append(helper.make_node("Cast", [half], [weight.name], to=TensorProto.FLOAT))
    for node in model.graph.node:
        if node.op_type == "Transpose" and node.input[0] in turned:
            continue
        if node.op_type != "Gather" or node.input[0] not in tables:
            nodes.append(node)
        else:
            nodes += (int4.gather if node.input[0] in packed else _gather_int8)(node)
    if packed:
        kept += [numpy_helper.from_array(np.array(value, np.float32), name) for name, value in int4.CONSTANTS.items()]
    del model.graph.initializer[:], model.graph.node[:], model.graph.value_info[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    if turned:
        model = int4.knows_int4(model)
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
            found[table] = int4.read_rows(values, arrays[f"{table}.scale"])
        elif name.endswith(".blocks"):
            matrix = name.removesuffix(".blocks")
            found[matrix] = int4.read_blocks(values, arrays[f"{matrix}.scale"])
        elif not name.endswith(".scale") and name not in int4.CONSTANTS and values.dtype in (np.float16, np.float32):
            found[name.removesuffix(".half")] = values.astype(np.float32)
    return found


def _tables(model: ModelProto) -> dict[str, tuple[int, int]]:
    """The shapes of the weights that are only ever looked up by row, and large enough to matter."""
    shapes = {weight.name: list(weight.dims) for weight in model.graph.initializer}
    users = _users(model)
    return {
        name: (dims[0], dims[1])
        for name, dims in shapes.items()
        if len(dims) == 2 and dims[0] >= _TABLE_ROWS and {use for use, _ in users.get(name, [])} == {"Gather 0"}
    }


def products(model: ModelProto) -> dict[str, str]:
    """Matrices (N, K) that are only ever multiplied with, and the names of their transposes.

    They are large enough to matter, and K is a multiple of int4.BLOCK.
    """
    shapes = {weight.name: weight.dims for weight in model.graph.initializer if weight.data_type == TensorProto.FLOAT}
    users = _users(model)
    return {
        name: users[name][0][1].output[0]
        for name, dims in shapes.items()
        if len(dims) == 2 and dims[0] * dims[1] >= SMALLEST and dims[1] % int4.BLOCK == 0
        if [use for use, _ in users.get(name, [])] == ["Transpose 0"]
    }


def _users(model: ModelProto) -> dict[str, list[tuple[str, NodeProto]]]:
    """The nodes that read each name, with their operator and the name's place among what they read: `Gather 0`."""
    users: dict[str, list[tuple[str, NodeProto]]] = {}
    for node in model.graph.node:
        for place, name in enumerate(node.input):
            users.setdefault(name, []).append((f"{node.op_type} {place}", node))
    return users


def _int8_rows(name: str, values: NDArray[np.float32]) -> list[TensorProto]:
    """A table (R, D) as int8 and a scale (R, 1) for each row."""
    scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-12) / 127
    rounded = np.rint(values / scale).astype(np.int8)
    return [
        numpy_helper.from_array(rounded, f"{name}.int8"),
        numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"),
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
