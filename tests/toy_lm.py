"""A language model that can be worked out by hand: what comes next hangs on the last symbol alone. No torch.

Its ONNX graph looks the logits up in a table, which is that of `SHARES` over the characters of `VOCAB` and the end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from cnchar.bundle import write_bundle
from cnchar.nn.config import ModelConfig
from cnchar.text.vocab import Vocab

VOCAB = Vocab("天地")
V = len(VOCAB)
BEGIN, END = VOCAB.specials.index("[BOS]"), VOCAB.specials.index("[EOS]")
SKY, EARTH = VOCAB.encode("天地")
# P(next | last): after each symbol the shares of 天, 地, [EOS], [UNK]. Powers of two, so that bits are whole numbers.
SHARES = {
    BEGIN: (1 / 2, 1 / 4, 1 / 8, 1 / 8),
    SKY: (1 / 8, 1 / 2, 1 / 4, 1 / 8),
    EARTH: (1 / 4, 1 / 8, 1 / 2, 1 / 8),
    VOCAB.unknown: (1 / 4, 1 / 4, 1 / 4, 1 / 4),
}
NEXT = (SKY, EARTH, END, VOCAB.unknown)
BITS = {"天": 1 + 2, "天地": 1 + 1 + 1, "": 3, "人": 3 + 2, "地天": 2 + 2 + 2}  # of some lines, their ends counted
SEEN = 8  # symbols at once


def table() -> np.ndarray[Any, Any]:
    """Logits (V, V) of the next symbol after each symbol."""
    logits = np.full((V, V), -60, np.float32)
    for last, shares in SHARES.items():
        logits[last, list(NEXT)] = np.log(shares)
    return logits


def network(logits: np.ndarray[Any, Any]) -> bytes:
    """The ONNX file that looks logits up."""
    inputs = [helper.make_tensor_value_info("chars", TensorProto.INT64, ["B", "T"])]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["B", "T", V])]
    nodes = [helper.make_node("Gather", ["table", "chars"], ["logits"])]
    graph = helper.make_graph(nodes, "toy", inputs, outputs, [numpy_helper.from_array(logits, "table")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    return bytes(model.SerializeToString())


def step_network(logits: np.ndarray[Any, Any]) -> bytes:
    """The ONNX file that looks up the logits of what comes next (B, V); there is nothing that it would remember."""
    inputs = [helper.make_tensor_value_info("chars", TensorProto.INT64, ["B", "T"])]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["B", V])]
    nodes = [helper.make_node("Gather", ["chars", "last"], ["char"], axis=1)]
    nodes.append(helper.make_node("Gather", ["table", "char"], ["logits"]))
    weights = [numpy_helper.from_array(logits, "table"), numpy_helper.from_array(np.array(-1), "last")]
    graph = helper.make_graph(nodes, "toy", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    return bytes(model.SerializeToString())


def lm_config(model: ModelConfig | None = None, **changes: Any) -> dict[str, Any]:
    """A bundle's config."""
    model = model or ModelConfig(V, V, backbone="rnn", causal=True, head="symbols")
    return {
        "name": "toy-lm", "version": 2, "task": "language", "architecture": "character-model", "objective": "causal",
        "max_length": SEEN, "model": model.as_dict(), "licence": "Apache-2.0", "sources": ["made up"], "scores": [],
        **changes,
    }  # fmt: skip


def write_lm(folder: Path, files: dict[str, bytes] | None = None, **changes: Any) -> Path:
    """Write the model, other files in place of its graphs if given, with some keys of the config replaced."""
    graphs = {"model.onnx": network(table()), "step.onnx": step_network(table())}
    whole = {"vocab.txt": VOCAB.dumps().encode(), **(graphs if files is None else files)}
    write_bundle(folder, lm_config() | changes, whole, "# toy\n")
    return folder


def write_torch_lm(folder: Path, backbone: str = "lstm", *, graph: bool = False) -> Path:
    """A network with random weights, with or without its ONNX graph."""
    from nn.models import small

    from cnchar.train.export.deploy import onnx_bytes, weight_bytes

    model = small(backbone, symbols=V, labels=V, causal=True, head="symbols")
    model.get_parameter("output.bias").data[END] -= 3  # texts of some length
    files = {"weights.safetensors": weight_bytes(model), **({"model.onnx": onnx_bytes(model)} if graph else {})}
    return write_lm(folder, files, model=model.config.as_dict())
