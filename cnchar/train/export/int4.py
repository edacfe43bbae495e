"""Numbers of four bits in an ONNX graph: tables looked up by row, and matrices that vectors are multiplied with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper, version_converter

BLOCK = 32  # numbers of a matrix's column that share a scale
CONSTANTS = {"compact.eight": 8.0, "compact.sixteen": 16.0}
_CLIPS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75)  # of a block's largest number, what a scale reaches: the best is taken
_OPSET = 21  # the first that knows int4


def table_rows(name: str, values: NDArray[np.float32]) -> list[TensorProto]:
    """A table (R, D) as bytes (R, D / 2), the left half of a row in their upper halves, and a scale (R, 1)."""
    scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-6) / 7
    left, right = np.split((np.rint(values / scale) + 8).astype(np.uint8), 2, axis=1)
    return [
        numpy_helper.from_array(16 * left + right, f"{name}.int4"),
        numpy_helper.from_array(scale.astype(np.float16), f"{name}.scale"),
    ]


def read_rows(packed: NDArray[np.uint8], scale: NDArray[np.float16]) -> NDArray[np.float32]:
    """The table again."""
    whole = np.concatenate([packed // 16, packed % 16], 1, dtype=np.float32) - 8
    return np.asarray(whole * scale, np.float32)


def gather(node: NodeProto) -> list[NodeProto]:
    """Nodes that give what a Gather along the rows of a table gave."""
    table, index, out = node.input[0], node.input[1], node.output[0]
    eight, sixteen = CONSTANTS
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


def matrix_blocks(name: str, values: NDArray[np.float32]) -> list[TensorProto]:
    """A matrix (N, K) as its transpose of int4 (K, N) and a scale for each block of a column (K / BLOCK, N)."""
    blocks = values.T.reshape(-1, BLOCK, len(values))
    most = np.maximum(np.abs(blocks).max(1, keepdims=True), 1e-6)
    tries = [(most * clip / 7).astype(np.float16) for clip in _CLIPS]
    errors = np.stack([np.square(_rounded(blocks, scale) * scale - blocks).sum(1, keepdims=True) for scale in tries])
    scale = np.take_along_axis(np.stack(tries), errors.argmin(0)[None], 0)[0]
    numbers = _rounded(blocks, scale).astype(np.int8).astype(np.uint8).ravel() & 15
    packed = (numbers[::2] | numbers[1::2] << 4).tobytes()  # as onnx.proto has it, the first in the lower half
    return [
        helper.make_tensor(f"{name}.blocks", TensorProto.INT4, values.T.shape, packed, raw=True),
        numpy_helper.from_array(scale[:, 0], f"{name}.scale"),
    ]


def _rounded(blocks: NDArray[np.float32], scale: NDArray[np.float16]) -> NDArray[np.float32]:
    return np.clip(np.rint(blocks / scale.astype(np.float32)), -8, 7)


def read_blocks(values: NDArray[np.generic], scale: NDArray[np.float16]) -> NDArray[np.float32]:
    """The matrix (N, K) again."""
    return (values.astype(np.float32) * scale.astype(np.float32).repeat(BLOCK, 0)).T


def transpose(name: str, out: str) -> list[NodeProto]:
    """Nodes that give a matrix's transpose; onnxruntime runs them once if told so (session.disable_quant_qdq)."""
    return [
        helper.make_node("Cast", [f"{name}.scale"], [f"{name}.steps"], to=TensorProto.FLOAT),
        helper.make_node("DequantizeLinear", [f"{name}.blocks", f"{name}.steps"], [out], axis=0, block_size=BLOCK),
    ]


def knows_int4(model: ModelProto) -> ModelProto:
    """The same graph in a version of ONNX that has int4."""
    return version_converter.convert_version(model, _OPSET)
