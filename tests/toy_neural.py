"""A small neural segmenter with random weights, its network written by hand as ONNX: a convolution over 5 characters.

No torch: what a test may break without harm, in a millisecond.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from toy_bundle import CHARACTERS, toy_files

from cnchar.bundle import write_bundle
from cnchar.lookup.symbols import FIRST_CHARACTER
from cnchar.lookup.templates import REGISTERS, SPAN_CODES
from cnchar.nn.config import ModelConfig

SYMBOLS = FIRST_CHARACTER + len(CHARACTERS)
REACH = 2  # characters seen on each side
WIDTH = 8
TABLES = {"scale": 20.0, "without": [], "register_margin": 10}
TRANSITIONS = [[-9.0, 0.5, 1.0, -9.0], [-9.0, 0.1, 0.7, -9.0], [-0.3, -9.0, -9.0, 0.9], [1.5, -9.0, -9.0, -1.0]]


def toy_config(tables: bool = False, standards: int = 1, crf: bool = False) -> dict[str, Any]:
    """A bundle's config: with look-up tables under the network, of several standards, with a CRF's transitions."""
    names = ["pku", "ud", "msr"][:standards]
    flags = (*((SPAN_CODES, SPAN_CODES, REGISTERS) if tables else ()), *((standards,) if standards > 1 else ()))
    model = ModelConfig(SYMBOLS, flags=flags, prior=tables, head="crf" if crf else "softmax")
    return {
        "name": "toy-neural", "version": 3, "task": "segment", "architecture": "character-model", "labels": "BMES",
        "normalisation": "fold-width-script", "standard": "pku", "standards": names, "model": model.as_dict(),
        "max_length": 64, "overlap": 8, **({"tables": dict.fromkeys(names, TABLES)} if tables else {}),
        **({"transitions": TRANSITIONS} if crf else {}),
        "licence": "Apache-2.0", "sources": ["random numbers"], "scores": [],
    }  # fmt: skip


def toy_weights(model: ModelConfig, seed: int = 1) -> dict[str, np.ndarray[Any, Any]]:
    """Random weights: vectors of symbols, the convolution's kernel, and what each flag adds to the logits."""
    numbers = np.random.default_rng(seed)
    flags = {f"flag{i}": numbers.normal(size=(size, 4)) for i, size in enumerate(model.flags)}
    table, kernel = numbers.normal(size=(model.symbols, WIDTH)), numbers.normal(size=(4, WIDTH, 2 * REACH + 1)) / 2
    return {"table": table, "kernel": kernel, **flags}


def toy_network(config: dict[str, Any], **weights: np.ndarray[Any, Any]) -> bytes:
    """The ONNX file for a config; `weights` replace those of toy_weights of the same names."""
    model = ModelConfig.from_dict(config["model"])
    numbers = {name: array.astype(np.float32) for name, array in (toy_weights(model) | weights).items()}
    numbers |= {"last": np.array([-1]), **{f"index{i}": np.array(i) for i in range(len(model.flags))}}
    inputs = [helper.make_tensor_value_info("chars", TensorProto.INT64, ["B", "T"])]
    nodes, parts = [*_CONVOLUTION], ["seen"]
    if model.flags:
        inputs.append(helper.make_tensor_value_info("flags", TensorProto.INT64, ["B", "T", len(model.flags)]))
    for i in range(len(model.flags)):
        nodes.append(helper.make_node("Gather", ["flags", f"index{i}"], [f"column{i}"], axis=2))
        nodes.append(helper.make_node("Gather", [f"flag{i}", f"column{i}"], [f"part{i}"]))
        parts.append(f"part{i}")
    if model.prior:
        inputs.append(helper.make_tensor_value_info("prior", TensorProto.FLOAT, ["B", "T", 4]))
        parts.append("prior")
    nodes.append(helper.make_node("Sum", parts, ["logits"]))
    constants = [numpy_helper.from_array(array, name) for name, array in numbers.items()]
    return _model(nodes, inputs, [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["B", "T", 4])], constants)


_CONVOLUTION = (
    helper.make_node("Sign", ["chars"], ["inside"]),
    helper.make_node("Cast", ["inside"], ["mask"], to=TensorProto.FLOAT),
    helper.make_node("Unsqueeze", ["mask", "last"], ["mask_of_vectors"]),
    helper.make_node("Gather", ["table", "chars"], ["vectors"]),
    helper.make_node("Mul", ["vectors", "mask_of_vectors"], ["masked"]),
    helper.make_node("Transpose", ["masked"], ["across"], perm=[0, 2, 1]),
    helper.make_node("Conv", ["across", "kernel"], ["mixed"], pads=[REACH, REACH]),
    helper.make_node("Transpose", ["mixed"], ["seen"], perm=[0, 2, 1]),
)


def _model(nodes: list[Any], inputs: list[Any], outputs: list[Any], constants: list[Any]) -> bytes:
    graph = helper.make_graph(nodes, "toy", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def write_neural(
    folder: Path,
    files: dict[str, bytes] | None = None,
    changes: dict[str, Any] | None = None,
    *,
    tables: bool = False,
    standards: int = 1,
    crf: bool = False,
) -> Path:
    """Write the model, with some files or keys of the config replaced; checksums are right all the same."""
    whole = toy_config(tables, standards, crf)
    base = toy_files()
    chosen = {"vocab.txt", "fold.tsv"}
    if tables:
        base |= {
            f"{name}.{kind}.npy": base[f"pku.{kind}.npy"]
            for name in whole["standards"]
            for kind in ("direct", "hashed")
        }
        chosen = set(base)
    kept = {name: data for name, data in base.items() if name in chosen}
    write_bundle(folder, whole | (changes or {}), kept | {"model.onnx": toy_network(whole)} | (files or {}), "# toy\n")
    return folder
