from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.tasks.fluency import REACH, Fluency, open_fluency

TABLES = open_fluency()
TEXT = "\n我今天非常高心，因为明天要去背京。\n他在公圆里跑步"


def gain(text: str, place: int, target: str, fluency: Fluency = TABLES) -> float:
    (found,) = fluency.gains(text, np.array([place]), [target]).tolist()
    return float(found)


def test_words_that_there_are_read_better() -> None:
    assert gain(TEXT, TEXT.index("心"), "兴") > 3
    assert gain(TEXT, TEXT.index("圆"), "园") > 3
    assert gain(TEXT, TEXT.index("天"), "填") < -3
    assert gain(TEXT, TEXT.index("天"), "天") == 0


def test_only_what_stands_near_on_the_line_counts() -> None:
    near = "，" * REACH
    assert gain(f"\n高心{near}", 2, "兴") == gain(f"\n高心{near}背京", 2, "兴")
    assert gain("\n高心", 2, "兴") == gain("\n背京\n高心\n背京", 5, "兴")


def test_together_is_as_one_by_one() -> None:
    places = [each for each, c in enumerate(TEXT) if c != "\n"]
    targets = ["兴", "园", "北"] * len(places)
    together = TABLES.gains(TEXT, np.array(places), targets[: len(places)])
    for place, target, found in zip(places, targets, together.tolist(), strict=False):
        assert abs(gain(TEXT, place, target) - found) < 1e-3


@given(st.text(min_size=1, max_size=30), st.data())
@settings(max_examples=50, deadline=None)
def test_any_text_can_be_asked_about(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    assert np.isfinite(gain(text, place, "的"))


def test_nothing_asked_nothing_answered() -> None:
    assert TABLES.gains("高心", np.zeros(0, np.intp), []).shape == (0,)
