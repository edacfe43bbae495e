from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from cnchar.io.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def drawn(monkeypatch: pytest.MonkeyPatch, stderr: io.StringIO, *, quiet: bool = False, to_stdout: bool = False) -> str:
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress([str(Path(__file__))], quiet=quiet, to_stdout=to_stdout) as on_read:
        if on_read is not None:
            on_read(100)
    return stderr.getvalue()


def test_a_person_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert "0.1/" in drawn(monkeypatch, Terminal())
    assert "0.1/" in drawn(monkeypatch, Terminal(), to_stdout=True)  # standard output is captured here: no terminal


def test_colours_can_be_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in drawn(monkeypatch, Terminal())


def test_nobody_else_does(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(monkeypatch, io.StringIO()) == ""
    assert drawn(monkeypatch, Terminal(), quiet=True) == ""
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert drawn(monkeypatch, Terminal(), to_stdout=True) == ""
