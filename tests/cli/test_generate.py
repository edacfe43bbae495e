"""`cnchar generate`."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import RunCommand
from toy_lm import write_lm, write_torch_lm


@pytest.fixture(scope="module")
def lm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_torch_lm(tmp_path_factory.mktemp("lm") / "lm", "transformer")


def test_texts_of_a_seed(cnchar_here: RunCommand, lm: Path) -> None:
    arguments = ["generate", "--model", lm, "--prompt", "天", "--length", "20", "--count", "4", "--temperature", "0.9"]
    arguments += ["--top-k", "5", "--top-p", "0.95", "--repetition-penalty", "1.1", "--seed", "1", "--device", "cpu"]
    ran = cnchar_here(*arguments)
    assert (ran.code, ran.message) == (0, "")
    assert ran.text == cnchar_here(*arguments).text
    assert all(line[0] == "天" and set(line) <= set("天地") and len(line) <= 21 for line in ran.text.splitlines())
    assert ran.text.count("\n") == 4
    assert ran.text != cnchar_here(*arguments, "--seed", "2").text


def test_the_likeliest_text(cnchar_here: RunCommand, lm: Path) -> None:
    ran = cnchar_here("generate", "-m", lm, "-p", "天", "--beam", "3", "-n", "9")
    assert ran.code == 0
    assert ran.text.startswith("天")


@pytest.mark.parametrize(
    ("more", "told"),
    [(["--temperature", "-1"], "--temperature is -1"), (["--beam", "2", "--seed", "1"], "--beam leaves nothing")],
)
def test_what_cannot_be_meant(cnchar_here: RunCommand, lm: Path, more: list[str], told: str) -> None:
    ran = cnchar_here("generate", "--model", lm, *more)
    assert (ran.code, ran.message.count("\n")) == (2, 1)
    assert told in ran.message


def test_only_a_model_without_a_step_graph_needs_pytorch(run_cnchar: RunCommand, lm: Path, tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError('no torch', name='torch')", encoding="utf-8")
    env = {"PYTHONPATH": f"{tmp_path}:{Path(__file__).parents[2]}"}
    ran = run_cnchar("generate", "--model", write_lm(tmp_path / "lm"), "--temperature", "0", env=env)
    assert (ran.code, ran.text, ran.message) == (0, "天地\n", "")
    ran = run_cnchar("generate", "--model", lm, env=env)
    assert (ran.code, ran.text) == (2, "")
    assert "which has no step.onnx, needs" in ran.message
    assert "pip install 'cnchar-toolkit[train]'" in ran.message
