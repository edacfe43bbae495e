from __future__ import annotations

from cnchar import load
from cnchar.train.text.whole_words import WordStarts


def test_words_begin_where_the_shipped_segmenter_begins_them() -> None:
    lines = ["他来到了网易杭研大厦", "", "春天 来了，花儿开放。", "GDP增长3.5%"]
    segment = load("segment")
    begins = [True] + [False] * 20
    expected = [flag for line in lines for word in ("\n", *segment(line).words) for flag in begins[: len(word)]]
    assert WordStarts()(lines).tolist() == expected
