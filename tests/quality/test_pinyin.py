"""Every reported misreading becomes one line of a table here. `pinyin.tsv`: text, expected pinyin, why."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from quality_cases import parameters, read_cases

import cnchar


@cache
def pronouncer() -> Any:
    return cnchar.load("hanzi2pinyin")


@pytest.mark.parametrize(("text", "expected", "why"), parameters(read_cases("pinyin.tsv")))
def test_everyday_text(text: str, expected: str, why: str) -> None:
    assert pronouncer()(text).pinyin == expected, why
