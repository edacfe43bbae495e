from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from evaluate.reports import report, system

from cnchar.cli.eval.finish import Asked, check_systems, finish, read_report
from cnchar.errors import BadInput, CheckFailed
from cnchar.evaluate.render_json import to_json
from cnchar.evaluate.significance import Resampling


@pytest.mark.parametrize(
    ("asked", "resampling"),
    [
        (Asked(), None),
        (Asked(bootstrap=50), Resampling(50, 1)),
        (Asked(paired=True, seed=4), Resampling(1000, 4)),
        (Asked(paired=True, bootstrap=50), Resampling(50, 1)),
    ],
)
def test_resampling(asked: Asked, resampling: Resampling | None) -> None:
    assert asked.resampling == resampling


def test_gates_of_floors_and_of_a_baseline(tmp_path: Path) -> None:
    last = tmp_path / "last.json"
    last.write_text(to_json(report(system({"f1": 0.9, "cer": 0.1}))), encoding="utf-8")
    asked = Asked(fail_under=["f1=0.95"], baseline=str(last), max_drop=["0.02", "cer=0.01"])
    gates = asked.gates(report(system({"f1": 0.88, "cer": 0.12})))
    assert [(gate.name, gate.passed) for gate in gates] == [
        ("f1 >= 0.95", False),
        (f"f1 drop <= 0.02 against {last}", True),
        (f"cer rise <= 0.01 against {last}", False),
    ]
    (gate,) = Asked(baseline=str(last)).gates(report(system({"f1": 0.9, "cer": 0.2})))
    assert (gate.name, gate.passed) == (f"f1 drop <= 0 against {last}", True)


def test_everything_is_written_before_a_gate_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Asked(fail_under=["f1=0.9", "f1=0.95"], form="json", reports=[f"json:{tmp_path / 'a.json'}"])
    with pytest.raises(CheckFailed, match=r"^f1 >= 0\.95 failed: f1 is 0\.93$"):
        finish(report(system({"f1": 0.93})), asked)
    out = capsys.readouterr().out
    assert [gate["passed"] for gate in json.loads(out)["gates"]] == [True, False]
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == out


def test_nothing_is_written_when_a_score_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = Asked(fail_under=["recall=0.9"], reports=[f"json:{tmp_path / 'a.json'}"])
    with pytest.raises(BadInput, match="no score 'recall'"):
        finish(report(system({"f1": 0.93})), asked)
    assert capsys.readouterr().out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fail_under": ["f1"]}, "--fail-under 'f1'"),
        ({"max_drop": ["x"], "baseline": "last.json"}, "--max-drop 'x'"),
        ({"max_drop": ["0.1"]}, "--max-drop needs --baseline"),
        ({"baseline": "none.json"}, r"none\.json: no such file"),
        ({"reports": ["pdf:a"]}, "KIND:PATH"),
    ],
)
def test_options_are_checked_before_any_work(options: dict[str, object], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        Asked(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gold", "preds", "model", "paired", "message"),
    [
        ("g", [], None, False, "Give either --pred FILE or --model NAME"),
        ("g", ["p"], "fast", False, "Give either --pred FILE or --model NAME"),
        ("-", ["-"], None, False, "Only one of --gold and --pred can be standard input"),
        ("g", ["-", "-"], None, False, "Only one of --gold and --pred can be standard input"),
        ("-", ["p", "q"], None, False, "--gold - can be read only once"),
        ("g", ["p", "p"], None, False, "The same --pred is given twice"),
        ("g", ["p"], None, True, "--paired needs two --pred files"),
        ("g", [], "fast", True, "--paired needs two --pred files"),
    ],
)
def test_systems_that_cannot_be_scored(
    gold: str, preds: list[str], model: str | None, paired: bool, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        check_systems(gold, preds, model, paired)


def test_systems_that_can() -> None:
    check_systems("g", ["p", "-"], None, True)
    check_systems("-", ["p"], None, False)
    check_systems("-", [], "fast", False)


def test_a_report_from_a_file(tmp_path: Path) -> None:
    written, path = report(system({"f1": 0.9})), tmp_path / "last.json.gz"
    path.write_bytes(gzip.compress(to_json(written).encode()))
    assert read_report(str(path)) == written
