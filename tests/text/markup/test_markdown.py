"""Markdown: what a reader says is code, against a CommonMark parser."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from cnchar.text.markup import open_reader
from cnchar.text.normalise import is_hanzi

FIRST = 0x4E00  # every character of prose is another hanzi, so that it can be found again


def left(text: str) -> str:
    """The hanzi of a text that are free to be changed."""
    reader = open_reader("markdown")
    out = []
    for line in text.split("\n"):
        spans = reader.spans(line)
        assert all(0 <= start <= end <= len(line) for start, end in spans)
        out += [ch for at, ch in enumerate(line) if is_hanzi(ch) and not any(a <= at < b for a, b in spans)]
    return "".join(out)


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("前`码`后", "前后"),
        ("前``码`码``后`后", "前后"),
        ("前``码`码`` 后\\`后\\`", "前后后"),
        ("甲\n```py\n码\n```\n乙", "甲乙"),
        ("甲\n~~~~\n码\n~~~\n码\n~~~~~\n乙", "甲乙"),
        ("甲\n```\n码", "甲"),
        ("甲\n\n    码\n\n    码\n乙", "甲乙"),
        ("甲\n    乙", "甲乙"),
        ("# 甲\n    码", "甲"),
        ("\u3000\u3000\u3000\u3000甲", "甲"),
        ("```\n> ```\n> 码\n码\n```\n甲", "甲"),
        ("> ```\n> > 码\n> ```\n> 甲", "甲"),
        ("甲[^码]乙[码][]丙[码]，[丁](码)[戊][码]", "甲乙丙丁戊"),
        ('import A from "./码.js"\n\n甲<A b={{ c: "码" }} d="码" />乙', "甲乙"),
        ("- 甲\n\n  乙\n\n      码\n\n  丙", "甲乙丙"),
        ("1. 甲\n   ```\n   码\n   ```\n2. 乙", "甲乙"),
        ("- ```\n  码\n\n乙", "乙"),
        ("> ```\n> 码\n乙", "乙"),
        ("> 甲\n>\n>     码\n乙", "甲乙"),
        ("---\ntitle: 码\ntags:\n  - 码\n---\n甲", "甲"),
        ('+++\ntitle = "码"\n+++\n甲', "甲"),
        ("---\n\n甲\n---\n乙", "甲乙"),
        ("---\n甲，没有头。\n乙", "甲没有头乙"),
        ("甲\n\n---\n乙: 丙\n", "甲乙丙"),
        ("[甲](码.md '乙')[丙](<码 码>)![丁](码(码).png)", "甲乙丙丁"),
        ("[甲][码]\n\n[码]: http://a.com/码\n[^码]: 乙", "甲乙"),
        ("甲<b title='码'>乙</b><!-- 码 -->丙<https://码.com>", "甲乙丙"),
        ("<!-- 码\n\n码 -->甲", "甲"),
        ("<pre>\n码\n\n码\n</pre>\n甲<code>码</code>乙", "甲乙"),
        ("a <b 且 c> 甲", "且甲"),
        ("甲 `码\n码` 乙\n", "甲乙"),
        ("甲 ` 乙\n\n丙", "甲丙"),
        ("甲 $码$ 乙，$5的和$6的", "甲乙的和的"),
        ("甲\n$$\n码\n$$\n乙 $$码$$ 丙", "甲乙丙"),
        ("2020. 年\n- 月\n* * *\n    码", "年月"),
    ],
)
def test_what_is_prose(text: str, prose: str) -> None:
    assert left(text) == prose


MARKS = [
    "```", "````", "~~~", "`", "``", "    ", "  ", "   ", "\t", "- ", "* ", "1. ", "3) ", "> ", ">", "# ", "---", "***",
    "===", "\\", "<b>", "</b>", '<a t="文">', "<", "![", "](", ")", "[", "]:", "|", "py",
]  # fmt: skip
LINES = st.lists(st.sampled_from(["文", "文", *MARKS]), max_size=6).map("".join)


@settings(deadline=None, max_examples=300)
@given(lines=st.lists(LINES, max_size=9))
@example(["- 文", "", "      文", "  文"])
@example(["> ~~~", "文"])
def test_all_code_of_commonmark_is_left_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    counter = iter(range(FIRST, FIRST + len(text)))
    text = "".join(chr(next(counter)) if ch == "文" else ch for ch in text)
    assert set(left(text)).isdisjoint(code_of(text))


def code_of(text: str) -> str:
    return "".join(_code(MarkdownIt("commonmark").parse(text)))


def _code(tokens: list[Token]) -> list[str]:
    kinds = ("fence", "code_block", "code_inline")
    own = [token.content + token.info for token in tokens if token.type in kinds]
    return own + [each for token in tokens if token.children for each in _code(token.children)]
