"""Every reported miss or false alarm becomes a line of a table here. `correct.tsv`: text, expected text, why."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from quality_cases import parameters, read_cases

import cnchar


@cache
def corrector() -> Any:
    return cnchar.load("correct")


@pytest.mark.parametrize(("text", "expected", "why"), parameters(read_cases("correct.tsv")))
def test_everyday_text(text: str, expected: str, why: str) -> None:
    assert corrector()(text).text == expected, why
