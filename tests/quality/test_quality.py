"""Every reported error becomes one line of a table here. `segment.tsv`: text, expected words (PKU standard), why."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from quality_cases import parameters, read_cases

import cnchar

CASES = read_cases("segment.tsv")


@cache
def segmenter() -> Any:
    return cnchar.load("segment")


def test_the_table_is_sound() -> None:
    assert all(len(case) == 3 and all(case) for case in CASES)
    assert all("".join(text.split()) == "".join(words.split()) for text, words, _ in CASES)
    assert len({text for text, _, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("text", "expected", "why"), parameters(CASES))
def test_everyday_text(text: str, expected: str, why: str) -> None:
    (sentence,) = segmenter()([text])
    assert "".join(sentence.words) == text
    assert [word for word in sentence.words if not word.isspace()] == expected.split(), why
