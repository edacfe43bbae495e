"""A corrector that can be worked out by hand: beside certain neighbours another character is likelier. No torch.

Its ONNX graph is a convolution over five characters: each is likely as it stands, and RULES speak for others.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

from cnchar.bundle import write_bundle
from cnchar.nn.config import ModelConfig
from cnchar.tasks.correct_parts import FEATURES, FLAGS
from cnchar.text.vocab import Vocab

# (neighbour, where it stands, what is likelier there): 兴 behind 高, 北 before 京, 燕 before 值, 们 behind 我.
RULES = [("高", -1, "兴"), ("京", 1, "北"), ("值", 1, "燕"), ("我", -1, "们"), ("因", -1, "为")]
VOCAB = Vocab(dict.fromkeys("高心兴背京北颜值燕我们门因为位今天非常明要去很的，。！abc123"))
AS_TYPED, RULE = 4.0, 7.0  # nats
WEIGHTS = {"always": -6.0, "gain": 1.0, "near": 5.0, "syllable": 3.0, "same": 1.0, "shape": 1.0}


def toy_config() -> dict[str, Any]:
    """A bundle's config. Edits that sound alike are sure, others are not."""
    model = ModelConfig(len(VOCAB), len(VOCAB), flags=FLAGS, head="symbols")
    decision = dict.fromkeys(FEATURES, 0.0) | WEIGHTS
    return {
        "name": "toy-correct", "version": 2, "task": "correct", "architecture": "character-model",
        "normalisation": "none", "model": model.as_dict(), "max_length": 32, "overlap": 4, "decision": decision,
        "thresholds": {"default": 0.5}, "licence": "Apache-2.0", "sources": ["made by hand"], "scores": [],
    }  # fmt: skip


def toy_network() -> bytes:
    """The ONNX file: log-probabilities of what is typed, and of the eight likeliest characters."""
    size = len(VOCAB)
    kernel = np.zeros((size, size, 5), np.float32)
    kernel[range(size), range(size), 2] = AS_TYPED
    for neighbour, where, target in RULES:
        kernel[VOCAB.encode(target)[0], VOCAB.encode(neighbour)[0], 2 + where] = RULE
    weights = {"table": np.eye(size, dtype=np.float32), "kernel": kernel, "last": np.array([-1]), "k": np.array([8])}
    nodes = [
        helper.make_node("Gather", ["table", "chars"], ["vectors"]),
        helper.make_node("Transpose", ["vectors"], ["across"], perm=[0, 2, 1]),
        helper.make_node("Conv", ["across", "kernel"], ["mixed"], pads=[2, 2]),
        helper.make_node("Transpose", ["mixed"], ["logits"], perm=[0, 2, 1]),
        helper.make_node("LogSoftmax", ["logits"], ["logs"], axis=-1),
        helper.make_node("TopK", ["logs", "k"], ["scores", "targets"], axis=-1),
        helper.make_node("Unsqueeze", ["chars", "last"], ["columns"]),
        helper.make_node("GatherElements", ["logs", "columns"], ["taken"], axis=-1),
        helper.make_node("Squeeze", ["taken", "last"], ["typed"]),
    ]
    inputs = [
        helper.make_tensor_value_info("chars", TensorProto.INT64, ["B", "T"]),
        helper.make_tensor_value_info("flags", TensorProto.INT64, ["B", "T", 1]),
    ]
    outputs = [
        helper.make_tensor_value_info("typed", TensorProto.FLOAT, ["B", "T"]),
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["B", "T", 8]),
        helper.make_tensor_value_info("targets", TensorProto.INT64, ["B", "T", 8]),
    ]
    constants = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "toy", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    return bytes(model.SerializeToString())


def write_corrector(folder: Path, changes: dict[str, Any] | None = None, files: dict[str, bytes] | None = None) -> Path:
    """Write the model, with some keys of its config or files replaced; checksums are right all the same.

    Where train weights are given, there is no ONNX graph but one that is given too.
    """
    whole = {"model.onnx": toy_network()} if files is None or "weights.safetensors" not in files else {}
    whole |= {"vocab.txt": VOCAB.dumps().encode(), **(files or {})}
    write_bundle(folder, toy_config() | (changes or {}), whole, "# toy\n")
    return folder
