from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.text.cleaning.markup import strip_html

PIECES = st.sampled_from([
    "<", ">", "&", ";", "!", "--", "-", "/", "b", "p", "script", "<script>", "</script>", "<!--", "-->", "amp", "lt",
    "semi", "#38", "#x26", '"', "'", "=", " ", "字", 'a t="', "<b>", "</p>", "&nbsp;", "&nvlt;", "\ud800",
])  # fmt: skip
STAYS = [
    "a < b", "a<b且b>c", "我<3你", "1<2>1", "AT&T; Q&A", "?a=1&copy=2&lt=3", "<中文>", "<foo@bar.cn>", "<http://a.cn>",
    "<b", "b>", "<>", "</>", "< b>", "->", "-->", "<!-- 没完", "&nosuch;", "&;", "&#;", "<b 而且>", "好；；",
]  # fmt: skip
HARD = [
    ("<", "b>"), ("&", "amp;"), ("&semi", ";"), ("a>", ""), ('<a t="', ">"), ("<!--x", "-->"), ("x<y ", "<!-- a -->"),
    ("<b>字</b>", ""), ("<b a=b", " a=b"), ("x", '<a t=">>>'), ("<a x=", "x= 中>"), ("-->", "<!--"), ("&", ";"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("看<b>这</b>里", "看这里"),
        ('<a href="http://x.cn/?a=1&amp;b=2" target=_blank>链接</a>', "链接"),
        ("你好<br/>世界<BR>！", "你好 世界 ！"),
        ('<a title="x>y">链接</a>', "链接"),
        ('<p class="a"id="b">文</p>', " 文 "),
        ("前<script>if(a<b && c>d){x='</p>'}</script>后<style>.a{}</style>", "前后"),
        ("前<!-- a > b <i> -->后<!---->。", "前后。"),
        ("<!DOCTYPE html><?xml version='1.0'?><doc id=3>文", "文"),
        ("<o:p></o:p><my-tag>文", "文"),
        ("AT&amp;T &lt;3 &#20013;&#x6587;&hellip;", "AT&T <3 中文…"),
        ("&amp;amp;lt;b&amp;gt;粗", "粗"),
        ("<<b>b>文", "文"),
        ("甲&#10;乙&#13;", "甲 乙 "),
        ("&#0;&#xD800;&#1;", "\ufffd\ufffd"),
    ],
)
def test_markup_goes(before: str, after: str) -> None:
    assert strip_html(before) == after


@pytest.mark.parametrize("text", STAYS)
def test_text_stays(text: str) -> None:
    assert strip_html(text) == text


@given(st.text())
def test_text_without_signs_of_markup_is_untouched(text: str) -> None:
    text = text.replace("<", "").replace("&", "")
    assert strip_html(text) == text


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=1500)
def test_a_second_run_finds_nothing(text: str) -> None:
    once = strip_html(text)
    assert strip_html(once) == once


@pytest.mark.parametrize(("first", "second"), HARD)
def test_time_is_linear(first: str, second: str) -> None:
    start = time.process_time()
    strip_html(first * 10**5 + second * 10**5)
    strip_html((first + second) * 10**5)
    assert time.process_time() - start < 8
