from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from cnchar.corpus.held_out import is_held_out


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_held_out_lines_are_those_whose_sha1_ends_in_0(line: str) -> None:
    assert is_held_out(line) == hashlib.sha1(line.encode()).hexdigest().endswith("0")


def test_about_one_line_in_sixteen_is_held_out() -> None:
    assert 900 < sum(is_held_out(f"第{n}行") for n in range(16_000)) < 1100
