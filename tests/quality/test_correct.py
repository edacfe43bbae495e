"""Every reported miss or false alarm becomes a line of a table here. `correct.tsv`: text, expected text, why."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cnchar

CASES = [
    line.split("\t")
    for line in Path(__file__).with_name("correct.tsv").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("# ")
]


@cache
def corrector() -> Any:
    return cnchar.load("correct")


def parameters() -> list[Any]:
    """The cases; what is known to be missed fails as expected, and loudly once it is mended."""
    miss = pytest.mark.xfail(strict=True)
    return [pytest.param(*case, id=case[0], marks=[miss] * case[2].startswith("known miss")) for case in CASES]


@pytest.mark.parametrize(("text", "expected", "why"), parameters())
def test_everyday_text(text: str, expected: str, why: str) -> None:
    assert corrector()(text).text == expected, why
