"""Every reported error becomes one line of a table here. `segment.tsv`: text, expected words (PKU standard), why."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cnchar

CASES = [
    line.split("\t")
    for line in Path(__file__).with_name("segment.tsv").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("# ")
]


@cache
def segmenter() -> Any:
    return cnchar.load("segment")


def test_the_table_is_sound() -> None:
    assert all(len(case) == 3 and all(case) for case in CASES)
    assert all("".join(text.split()) == "".join(words.split()) for text, words, _ in CASES)
    assert len({text for text, _, _ in CASES}) == len(CASES)


def parameters() -> list[Any]:
    """The cases; what is known to be missed fails as expected, and loudly once it is mended."""
    miss = pytest.mark.xfail(strict=True)
    return [pytest.param(*case, id=case[0], marks=[miss] * case[2].startswith("known miss")) for case in CASES]


@pytest.mark.parametrize(("text", "expected", "why"), parameters())
def test_everyday_text(text: str, expected: str, why: str) -> None:
    (sentence,) = segmenter()([text])
    assert "".join(sentence.words) == text
    assert [word for word in sentence.words if not word.isspace()] == expected.split(), why
