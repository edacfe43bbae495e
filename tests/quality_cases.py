"""The tables of tests/quality: lines of text, what is expected of it, and why; what is known to be missed says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent / "quality"


def read_cases(name: str) -> list[list[str]]:
    """The rows of a table."""
    lines = (FOLDER / name).read_text(encoding="utf-8").split("\n")
    return [line.split("\t") for line in lines if line and not line.startswith("# ")]


def parameters(cases: list[list[str]]) -> list[Any]:
    """The cases; what is known to be missed fails as expected, and loudly once it is mended."""
    miss = pytest.mark.xfail(strict=True)
    return [pytest.param(*case, id=case[0], marks=[miss] * case[2].startswith("known miss")) for case in cases]
