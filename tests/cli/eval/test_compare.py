from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import RunCommand
from evaluate.reports import report, system

from cnchar.evaluate.render_json import to_json


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    for i, f1 in enumerate((0.9, 0.95, 0.85)):
        folder = tmp_path / f"run{i}"
        folder.mkdir()
        one = report(system({"f1": f1}, "fast@1", model=f"fast@{i}", v=f"0.{i}.0"))
        (folder / "eval.json").write_text(to_json(one), encoding="utf-8")
    return tmp_path


def test_runs_side_by_side(runs: Path, cnchar_here: RunCommand) -> None:
    ran = cnchar_here("eval", "compare", runs / "run1/eval.json", runs / "run0/eval.json", "--format", "json")
    assert (ran.code, ran.message) == (0, "")
    assert [(each["name"], each["scores"]["f1"]) for each in json.loads(ran.text)["systems"]] == [
        (str(runs / "run1/eval.json"), 0.95),
        (str(runs / "run0/eval.json"), 0.9),
    ]


def test_globs_files_and_every_kind(runs: Path, cnchar_here: RunCommand) -> None:
    page, summary = runs / "page.html", runs / "summary.md"
    arguments = ("eval", "compare", runs / "run*/eval.json", "--format", "html", "-o", page)
    assert cnchar_here(*arguments, "--report", f"markdown:{summary}").text == ""
    assert "+5.00 points" in summary.read_text(encoding="utf-8")
    assert "-5.00 points" in summary.read_text(encoding="utf-8")
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    again = cnchar_here(*arguments)
    assert (again.code, again.text) == (2, "")
    assert "page.html exists already" in again.message
    assert cnchar_here(*arguments, "--force").code == 0


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (to_json(report(system({"f1": 0.9}, n=7))), "was measured in another way (n: 2 against 7)"),
        ("{}", "is not a JSON report"),
        ('{"schema_version": 1}', "has schema_version 1"),
    ],
)
def test_what_cannot_be_compared_ends_with_2(runs: Path, cnchar_here: RunCommand, changed: str, message: str) -> None:
    (runs / "run1/eval.json").write_text(changed, encoding="utf-8")
    ran = cnchar_here("eval", "compare", runs / "run0/eval.json", runs / "run1/eval.json", "-o", runs / "out.txt")
    assert (ran.code, ran.text) == (2, "")
    assert f"{runs / 'run1/eval.json'} {message}" in ran.message
    assert ran.message.count("\n") == 1
    assert not (runs / "out.txt").exists()
