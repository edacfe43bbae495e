"""`cnchar export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import RunCommand
from toy_lm import write_lm, write_torch_lm

from cnchar.runtime.language import load_language


def test_vectors_of_a_run(cnchar_here: RunCommand, tmp_path: Path) -> None:
    lm, out = write_torch_lm(tmp_path / "lm"), tmp_path / "vectors.txt"
    ran = cnchar_here("export", "--vectors", lm, "-o", out)
    assert (ran.code, ran.text, ran.message) == (0, "", "2 vectors of 8 numbers\n")
    assert [line.split(" ")[0] for line in out.read_text(encoding="utf-8").splitlines()] == ["2", "天", "地"]
    assert cnchar_here("export", lm, "--vectors", "-q").out == out.read_bytes()
    assert cnchar_here("export", lm, "--vectors", "-o", out).code == 2
    assert cnchar_here("export", lm, "--vectors", "-o", out, "--force").code == 0


def test_the_nearest(cnchar_here: RunCommand) -> None:
    ran = cnchar_here("export", "segment-accurate", "--nearest", "春东", "--count", "3", "-q")
    rows = [line.split("\t") for line in ran.text.splitlines()]
    assert [row[0] for row in rows] == [*"春春春东东东"]
    assert all(row[1] not in row[0] and -1 <= float(row[2]) <= 1 for row in rows)
    assert "'☃' is none of" in cnchar_here("export", "segment-accurate", "--nearest", "☃").message


def test_the_model_alone(cnchar_here: RunCommand, tmp_path: Path) -> None:
    """Without what only training needs; it says what it said."""
    lm, out = write_lm(tmp_path / "lm"), tmp_path / "out"
    (lm / "metrics.jsonl").write_text("{}\n", encoding="utf-8")
    ran = cnchar_here("export", lm, "-o", out)
    assert (ran.code, ran.text) == (0, "")
    assert ran.message.startswith(f"{out}: toy-lm for language, ")
    assert {path.name for path in out.iterdir()} == {"README.md", "config.json", "model.onnx", "step.onnx", "vocab.txt"}
    assert json.loads((out / "config.json").read_text()) == json.loads((lm / "config.json").read_text())
    assert cnchar_here("export", lm, "-o", out).code == 2  # never replaced


@pytest.mark.slow
def test_a_compact_model_is_smaller_and_says_nearly_the_same(cnchar_here: RunCommand, tmp_path: Path) -> None:
    lm, out = write_torch_lm(tmp_path / "lm", "lstm", graph=True), tmp_path / "out"
    assert cnchar_here("export", lm, "-o", out, "--compact").code == 0
    assert not (out / "weights.safetensors").exists()
    assert (out / "model.onnx").stat().st_size < (lm / "model.onnx").stat().st_size
    one, other = (load_language(str(folder), "cpu")("天地天") for folder in (lm, out))
    assert one.bits == pytest.approx(other.bits, abs=0.1)


@pytest.mark.parametrize(("arguments", "told"), [([], "-o FOLDER says"), (["--vectors"], "no character vectors")])
def test_what_cannot_be(cnchar_here: RunCommand, arguments: list[str], told: str) -> None:
    ran = cnchar_here("export", "segment-fast", *arguments)
    assert (ran.code, ran.message.count("\n")) == (2, 1)
    assert told in ran.message
