"""HTML: tags, comments and code are left alone, over lines too."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnchar.text.markup import open_reader


def left(text: str) -> str:
    """The hanzi of a text that are free to be changed, line by line."""
    reader = open_reader("html")
    out = []
    for line in text.split("\n"):
        spans = reader.spans(line)
        out.append("".join(ch for at, ch in enumerate(line) if not any(a <= at < b for a, b in spans)))
    return "\n".join(out)


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ('甲<a title="码" href=/码>乙</a>丙', "甲乙丙"),
        ("甲<!-- 码 -->乙<!-- 码", "甲乙"),
        ("<!--\n码\n码-->甲", "\n\n甲"),
        ("甲<img\n alt='码'\n title=\"码\n码\">乙", "甲\n\n\n乙"),
        ("<script>\n码\n</script>甲<STYLE>码</Style>乙", "\n\n甲乙"),
        ("<pre>码<b>码</b></pre>甲<code class='码'>码</code>乙<svg/>丙", "甲乙丙"),
        ("<![CDATA[码]]>甲<!DOCTYPE html><?xml version='1.0'?>乙", "甲乙"),
        ("<img {{ a }} src='码'>甲<a {% if b %}href='码'{% endif %} c={{ d }}>乙", "甲乙"),
        ("若 a <b {c 甲", "若 a {c 甲"),
        ("<my-标签>甲</p>", "<my-标签>甲"),
        ("若a<b 且c>d，<中文>乙", "若a且c>d，<中文>乙"),
        ("a<b\n甲>乙", "a\n甲>乙"),
        ("甲<b title='码\n" + "码\n" * 30 + "乙", "甲" + "\n" * 20 + "码\n" * 11 + "乙"),
    ],
)
def test_what_is_prose(text: str, prose: str) -> None:
    assert left(text) == prose


@given(text=st.text(st.sampled_from("<>/!-='\" \nabp码")))
def test_text_without_angles_is_prose(text: str) -> None:
    assert left(text.replace("<", "")) == text.replace("<", "")
    assert len(left(text).split("\n")) == len(text.split("\n"))
