from __future__ import annotations

import io
import sys
from typing import Any

import pytest

pytest.importorskip("torch")

from cnchar.train.engine.progress import training_report

STEP: dict[str, Any] = {
    "step": 1500, "share": 0.25, "seconds": 100.0, "loss": 0.12345, "characters_per_second": 4321,
}  # fmt: skip
DEV: dict[str, Any] = {"step": 1500, "share": 0.25, "seconds": 100.0, "dev": {"f1": 0.95, "precision": 0.9}}
STOPPED: dict[str, Any] = {"step": 1501, "share": 0.25, "seconds": 101.0, "stopped": "runs/a"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stderr: io.StringIO, *records: dict[str, Any], quiet: bool = False) -> str:
    monkeypatch.setattr(sys, "stderr", stderr)
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("TERM", "xterm")
    with training_report(quiet=quiet) as report:
        for record in records:
            report(record)
    return stderr.getvalue()


def test_plain_lines_for_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), STEP, DEV, STOPPED).splitlines() == [
        "step 1,500 (25%): loss 0.1235, 4,321 characters/s, 0:05:00 left",
        "step 1,500 (25%): loss 0.1235, f1 0.9500, 4,321 characters/s, 0:05:00 left",
        "step 1,501 (25%): stopped, with a checkpoint; go on with --resume runs/a",
    ]


def test_a_log_is_not_flooded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(shown(monkeypatch, io.StringIO(), *[STEP] * 100, DEV, DEV).splitlines()) == 3


def test_a_person_sees_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown(monkeypatch, Terminal(), STEP, DEV, STOPPED)
    for part in ("step 1,50", "25%", "loss 0.1235", "f1 0.9500", "4,321 characters/s", "--resume runs/a"):
        assert part in screen


def test_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), STEP, quiet=True) == ""
    monkeypatch.setenv("RANK", "1")
    assert shown(monkeypatch, Terminal(), STEP) == ""
