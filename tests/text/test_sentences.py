from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.text.sentences import split_long, split_sentences

TEXT = st.text() | st.text("。！？；…“”\"')）.!?， \n中ab1/:http", max_size=60)


@pytest.mark.parametrize(
    "marked",
    [  # | stands where a cut must be
        "他来了。|她走了！|真的吗？|好；|不好……|嗯",
        "真的吗？！|啊！！！|好",
        "他说：“你好。”|然后走了。",
        "“好！”，他说。|（他来了。）|【完。】|下",
        "第一行\n|\n|第二行",
        "好。 |不好。\n|下",
        '他说"走。"|然后"走。"',
        '他走了。|"你好。"|她说',
        "圆周率3.14，版本1.2.3。|见http://a.cn/x?a=b!c。|完",
        "看 https://x.cn/?q=1！|好",
        "Yahoo!x和a?b=c好吗? |对!|",
        "Hello world. |This is it. |Mr. Wang来了",
        "他来了.|她走了．|好",
        "等等...|好",
        "",
        "没有句号",
    ],
)
def test_cuts(marked: str) -> None:
    assert split_sentences(marked.replace("|", "")) == [piece for piece in marked.split("|") if piece]


@given(TEXT)
def test_nothing_is_lost_and_no_sentence_is_empty(text: str) -> None:
    sentences = split_sentences(text)
    assert "".join(sentences) == text
    assert all(sentences)


@pytest.mark.parametrize(
    "unit", ["。”", '好！"，', "“好！”，", "http://", '"', "...a", "(!)", "好。\n", "!", ".", "…", " "]
)
def test_time_is_linear(unit: str) -> None:
    start = time.process_time()
    split_sentences(unit * (400_000 // len(unit)) + "x")
    assert time.process_time() - start < 5


@given(TEXT, st.integers(1, 40))
@settings(max_examples=300)
def test_spans_cover_the_text_within_the_limit(text: str, limit: int) -> None:
    spans = split_long(text, limit)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(0 < end - start <= limit for start, end in spans)
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("一二三四。五六七，八九十", ["一二三四。", "五六七，八九十"]),
        ("一二三四，五六七八九十", ["一二三四，", "五六七八九十"]),
        ("一二三四五六七八九十甲", ["一二三四五六七八", "九十甲"]),
        ("一。二三四五六七八九十", ["一。二三四五六七", "八九十"]),  # a cut so early would make short spans
        ("一二三四 五；六七八九十", ["一二三四 五；", "六七八九十"]),
    ],
)
def test_the_best_punctuation_wins(text: str, pieces: list[str]) -> None:
    assert [text[start:end] for start, end in split_long(text, 8)] == pieces


def test_short_text_is_one_span() -> None:
    assert split_long("短。文", 3) == [(0, 3)]
    assert split_long("", 3) == []
    with pytest.raises(ValueError, match="limit"):
        split_long("短", 0)
