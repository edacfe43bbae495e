"""Every reported misconversion becomes one line of a table here. `pinyin2hanzi.tsv`: pinyin, expected text, why."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from quality_cases import parameters, read_cases

import cnchar


@cache
def converter() -> Any:
    return cnchar.load("pinyin2hanzi")


@pytest.mark.parametrize(("pinyin", "expected", "why"), parameters(read_cases("pinyin2hanzi.tsv")))
def test_everyday_text(pinyin: str, expected: str, why: str) -> None:
    assert converter()(pinyin).hanzi == expected, why
