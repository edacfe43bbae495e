"""A neural model folder is whole and fits together, or it is refused in one sentence before any text is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from conftest import RunCommand
from onnx import TensorProto, helper
from toy_neural import SYMBOLS, TRANSITIONS, WIDTH, toy_config, toy_network, write_neural

import cnchar
from cnchar.bundle import open_bundle
from cnchar.errors import BadInput
from cnchar.tasks.read_network import read_parts
from cnchar.tasks.tables import NEURAL

LINE = "他来到了网易杭研大厦"
MODEL = toy_config()["model"]
NAN = np.full((SYMBOLS, WIDTH), np.nan)


def refused(folder: Path, cnchar_here: RunCommand, *mentions: str) -> None:
    """The command ends with 2, one plain sentence, and writes nothing."""
    source, out = folder.parent / "in.txt", folder.parent / "out.txt"
    source.write_text(LINE, encoding="utf-8")
    ran = cnchar_here("segment", source, "--model", f"{folder}/", "-o", out)
    assert (ran.code, ran.out, out.exists()) == (2, b"", False), ran.message
    assert ran.message.count("\n") == 1
    assert ran.message.startswith("cnchar: ")
    assert ran.message.endswith(".\n")
    assert len(ran.message) < 400 + 2 * len(str(folder))
    for mention in (str(folder), *mentions):
        assert mention in ran.message


def test_the_parts_of_a_whole_model(tmp_path: Path) -> None:
    folder = write_neural(tmp_path / "toy", tables=True, standards=3, crf=True)
    bundle = open_bundle(folder, "segment", (NEURAL,))
    parts = read_parts(bundle, "msr")
    assert (parts.standard, parts.max_length, parts.overlap) == (2, 64, 8)
    assert parts.config.flags == (343, 343, 4, 3)
    assert parts.tagger is not None
    assert parts.transitions is not None
    np.testing.assert_allclose(parts.transitions / 256, TRANSITIONS, atol=0.01)
    assert read_parts(bundle, None).standard == 0
    with pytest.raises(BadInput, match="no standard 'ctb' in the model toy-neural; it has pku, ud, msr"):
        read_parts(bundle, "ctb")


def test_a_plain_model_has_no_tables_and_one_standard(tmp_path: Path) -> None:
    parts = read_parts(open_bundle(write_neural(tmp_path / "toy"), "segment", (NEURAL,)), None)
    assert (parts.standard, parts.tagger, parts.transitions, parts.config.flags) == (None, None, None, ())


@pytest.mark.parametrize(
    "changes",
    [
        {"model": None}, {"model": []}, {"model": {}}, {"model": MODEL | {"backbone": "bert"}},
        {"model": MODEL | {"hidden": "x"}}, {"model": MODEL | {"hidden": 10**30}}, {"model": MODEL | {"more": 1}},
        {"model": MODEL | {"symbols": 10}}, {"model": MODEL | {"labels": 5}}, {"labels": "BIOE"}, {"labels": None},
        {"model": MODEL | {"flags": [343, 343, 4]}}, {"model": MODEL | {"prior": True}},
        {"model": MODEL | {"flags": [[]]}}, {"model": MODEL | {"symbols": True}},
        {"standards": None}, {"standards": []}, {"standards": {"pku": {}}}, {"standards": ["ud"]},
        {"standards": ["pku", "pku"]}, {"standards": ["pku", 5]}, {"standards": ["pku", "ud"]}, {"standard": 5},
        {"standard": "msr"}, {"standards": [["pku"], "pku"]},
        {"max_length": 0}, {"max_length": 16}, {"max_length": 513}, {"max_length": 10**400}, {"max_length": "64"},
        {"max_length": -5, "overlap": -9}, {"overlap": -1}, {"overlap": None}, {"overlap": 32},
        {"tables": {}}, {"tables": []}, {"tables": {"pku": {"scale": 20.0, "without": [], "register_margin": 10}}},
    ],
    ids=lambda changes: str(changes)[:60],
)  # fmt: skip
def test_a_config_that_fits_nothing(tmp_path: Path, cnchar_here: RunCommand, changes: dict[str, Any]) -> None:
    refused(write_neural(tmp_path / "toy", None, changes), cnchar_here)


@pytest.mark.parametrize(
    "transitions",
    [None, [], [1, 2], [[1, 2], [3]], [["x"] * 4] * 4, [[float("nan")] * 4] * 4, [[10**400] * 4] * 4, [[{}] * 4] * 4],
    ids=lambda value: str(value)[:30],
)
def test_transitions_that_are_none(tmp_path: Path, cnchar_here: RunCommand, transitions: Any) -> None:
    refused(write_neural(tmp_path / "toy", None, {"transitions": transitions}, crf=True), cnchar_here, "transitions")


@pytest.mark.parametrize("tables", [None, {"ud": {}}, {"pku": {}}, {"pku": None}, {"pku": {"scale": 0}}], ids=str)
def test_tables_that_are_none(tmp_path: Path, cnchar_here: RunCommand, tables: Any) -> None:
    refused(write_neural(tmp_path / "toy", None, {"tables": tables}, tables=True), cnchar_here)


@pytest.mark.parametrize("name", ["model.onnx", "vocab.txt", "fold.tsv"])
def test_a_missing_file(tmp_path: Path, cnchar_here: RunCommand, name: str) -> None:
    folder = write_neural(tmp_path / "toy")
    (folder / name).unlink()
    refused(folder, cnchar_here, name, "missing")


def network(changes: dict[str, Any] | None = None, **weights: np.ndarray) -> bytes:
    """The network of another config, or with other weights."""
    config = toy_config()
    return toy_network(config | {"model": MODEL | (changes or {})}, **weights)


def rewritten(edit: Any) -> bytes:
    """The network after `edit(model)`."""
    model = onnx.load_from_string(network())
    edit(model)
    return bytes(model.SerializeToString())


def name_input(model: onnx.ModelProto) -> None:
    model.graph.input[0].name = "symbols"
    model.graph.node[0].input[0] = model.graph.node[3].input[1] = "symbols"


def name_output(model: onnx.ModelProto) -> None:
    model.graph.output[0].name = model.graph.node[-1].output[0] = "scores"


def use_other_file(model: onnx.ModelProto) -> None:
    (table,) = (each for each in model.graph.initializer if each.name == "table")
    table.ClearField("raw_data")
    table.data_location = TensorProto.EXTERNAL
    table.external_data.add(key="location", value="vocab.txt")


def use_unknown_operator(model: onnx.ModelProto) -> None:
    model.graph.node[0].op_type = "Unheard"


def use_int32(model: onnx.ModelProto) -> None:
    model.graph.input[0].type.tensor_type.elem_type = TensorProto.INT32


def divide(model: onnx.ModelProto) -> None:
    model.graph.node[-1].output[0] = "total"
    model.graph.node.append(helper.make_node("Div", ["total", "seen_twice"], ["logits"]))
    model.graph.node.append(helper.make_node("Sub", ["seen", "seen"], ["seen_twice"]))


def swap_axes(model: onnx.ModelProto) -> None:
    model.graph.node[-1].output[0] = "total"
    model.graph.node.append(helper.make_node("Transpose", ["total"], ["logits"], perm=[1, 0, 2]))


@pytest.mark.parametrize(
    ("data", "mention"),
    [
        (b"", "onnxruntime cannot read it"), (b"no network", "onnxruntime cannot read it"),
        (network()[:-100], "onnxruntime cannot read it"), (network()[:50], "onnxruntime cannot read it"),
        (rewritten(use_other_file), "onnxruntime cannot read it"),
        (rewritten(use_unknown_operator), "onnxruntime cannot read it"),
        (rewritten(name_input), "it should read chars"), (rewritten(name_output), "it should read chars"),
        (rewritten(use_int32), "model.onnx"), (network({"flags": [2]}), "it should read chars"),
        (network({"prior": True}), "it should read chars"),
        (network({"symbols": SYMBOLS - 1}), "onnxruntime cannot run it"),
        (network(table=np.zeros((SYMBOLS, 3))), "onnxruntime cannot"),
        (network(kernel=np.zeros((5, WIDTH, 5))), "model.onnx"),
        (network(table=NAN), "no numbers"), (rewritten(divide), "no numbers"), (rewritten(swap_axes), "due"),
    ],
    ids=lambda value: value if isinstance(value, str) else str(len(value)),
)  # fmt: skip
def test_a_network_that_does_not_fit(tmp_path: Path, cnchar_here: RunCommand, data: bytes, mention: str) -> None:
    refused(write_neural(tmp_path / "toy", {"model.onnx": data}), cnchar_here, mention)


def test_flags_beyond_the_network(tmp_path: Path, cnchar_here: RunCommand) -> None:
    config = toy_config(tables=True)
    small = toy_network(config, flag0=np.zeros((300, 4)))
    refused(write_neural(tmp_path / "toy", {"model.onnx": small}, tables=True), cnchar_here, "cannot run it")


def test_scores_that_stop_being_numbers_later(tmp_path: Path, cnchar_here: RunCommand) -> None:
    table = np.zeros((SYMBOLS, WIDTH))
    table[9] = np.inf
    folder = write_neural(tmp_path / "toy", {"model.onnx": network(table=table)})
    assert cnchar.load("segment", model=str(folder))("").words == ()
    refused(folder, cnchar_here, "no numbers")
