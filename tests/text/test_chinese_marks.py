"""Marks and blanks as Chinese text has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnchar.text.chinese_marks import to_chinese_marks
from cnchar.text.normalise import is_hanzi


@pytest.mark.parametrize(
    ("line", "chinese"),
    [
        ("你好, 我的 iPhone 坏了!", "你好，我的iPhone坏了！"),
        ("你在哪? 好; 行: 走.", "你在哪？好；行：走。"),
        ("我有 iPhone, 你呢?", "我有iPhone，你呢？"),
        ("我用 Python.", "我用Python。"),
        ("约 3.14 到 12:30.", "约3.14到12:30。"),
        ("Hello, world! 你好", "Hello, world！你好"),
        ("我在 New York 住", "我在New York住"),
        ('他说: "好" (小声)', "他说：“好”（小声）"),
        ("'好', '行'", "‘好’，‘行’"),
        ("等等... 好 -- 走", "等等……好——走"),
        ("1. 你好", "1.你好"),
        ("「 你好 」", "「你好」"),
    ],
)
def test_marks_beside_hanzi_become_wide(line: str, chinese: str) -> None:
    assert to_chinese_marks(line) == chinese


@pytest.mark.parametrize("line", ["", "Hello, world!", "  ", "3.14", "a -- b...", "你好，我的iPhone坏了！", "  你好  "])
def test_what_stays(line: str) -> None:
    assert to_chinese_marks(line) == line


@given(line=st.text(st.sampled_from("你好aZ1 \t,.!?:;()\"'-…“，。\n\u2028\x00") | st.characters(), max_size=30))
def test_no_writing_is_lost_and_once_is_enough(line: str) -> None:
    def writing(text: str) -> str:
        return "".join(c for c in text if c.isalnum())

    once = to_chinese_marks(line)
    assert writing(once) == writing(line)
    assert sum(map(is_hanzi, once)) == sum(map(is_hanzi, line))
    assert to_chinese_marks(once) == once or not once.isprintable()
