"""Fixtures for every test: the corpora beside the repository, and the command as users run it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ECHO = Path(__file__).resolve().parent / "echo_app.py"


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.out.decode()

    @property
    def message(self) -> str:
        """Standard error as text."""
        return self.err.decode()


RunCommand = Callable[..., Ran]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The corpora and benchmarks in ../shared; skips the test where they are not."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the corpora under ../shared are not here")
    return folder


def run_python(*arguments: str, given: bytes = b"", env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> Ran:
    """Runs Python with `arguments` and `given` on its standard input."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    done = subprocess.run(
        [sys.executable, *arguments],
        input=given,
        capture_output=True,
        env=environment,
        cwd=cwd,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def run_cnchar() -> RunCommand:
    """`run_cnchar("segment", "a.txt", given=b"...")` runs `python -m cnchar` and returns its code, out and err."""

    def run(*arguments: str | Path, given: bytes = b"", **options: object) -> Ran:
        return run_python("-m", "cnchar", *map(str, arguments), given=given, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture(scope="session")
def run_echo() -> RunCommand:
    """Like run_cnchar, for the small command of echo_app.py: the frame without any model."""

    def run(*arguments: str | Path, given: bytes = b"", **options: object) -> Ran:
        return run_python(str(ECHO), *map(str, arguments), given=given, **options)  # type: ignore[arg-type]

    return run


@pytest.fixture
def cnchar_here(capfdbinary: pytest.CaptureFixture[bytes]) -> RunCommand:
    """Like run_cnchar, but in this process, without standard input: many times as fast."""
    from cnchar.cli import exits, main

    def run(*arguments: str | Path) -> Ran:
        capfdbinary.readouterr()
        code = exits.run(main.app, list(map(str, arguments)))
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Ran(code, out, err)

    return run
