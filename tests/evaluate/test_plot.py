from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.evaluate.plot import Dot, Row, dot_plot, ends_of
from cnchar.evaluate.report import Interval

SHARES = st.floats(0, 1)


@settings(deadline=None)
@given(st.lists(SHARES, max_size=5))
def test_the_track_of_shares_holds_them_and_stays_within_0_and_1(values: list[float]) -> None:
    low, high = ends_of([Dot(value, "") for value in values], share=True)
    assert 0 <= low < high <= 1
    assert all(low <= value <= high for value in values)


@settings(deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=5))
def test_the_track_of_numbers_holds_them(values: list[float]) -> None:
    low, high = ends_of([Dot(value, "") for value in values], share=False)
    assert low < high
    assert all(low <= value <= high for value in values)


def test_the_track_holds_intervals_and_knows_no_infinity() -> None:
    assert ends_of([Dot(0.5, "", Interval(0.4, 0.56)), None], share=True) == (pytest.approx(0.38), pytest.approx(0.58))
    assert ends_of([Dot(float("inf"), ""), Dot(3.0, "")], share=False) == (0.0, 3.75)


def circles(svg: str) -> list[float]:
    return [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', svg)]


def test_dots_stand_where_their_values_are() -> None:
    rows = [
        Row("a", (Dot(0.0, "0"), Dot(1.0, "1")), (0.0, 1.0), ("0", "1")),
        Row("b", (None, Dot(0.5, "½")), (0.0, 1.0), ("0", "1")),
    ]
    svg = dot_plot(rows, "title")
    left, right, middle = circles(svg)
    assert left < middle < right
    assert middle - left == right - middle
    assert svg.count('class="scale"') == 2  # both rows have the same ends: written once
    assert svg.count('class="s1"') == 2


def test_long_labels_are_cut_and_kept_in_the_title() -> None:
    svg = dot_plot([Row("长" * 40, (Dot(float("nan"), "?"),), (0.0, 1.0), ("", ""))], "")
    assert f"{'长' * 13}…<title>{'长' * 40}</title>" in svg
    assert circles(svg) == []
