from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnchar.text.normalise import (
    KEPT_FULL_WIDTH,
    count_hanzi,
    is_hanzi,
    to_halfwidth,
    to_simplified,
    to_traditional,
)

TEXT = st.text(st.characters())  # lone surrogates too


@pytest.mark.parametrize(
    "ch",
    ["〇", "㐀", "䶿", "一", "鿿", "豈", "﫿", *map(chr, (0x20000, 0x2A6DF, 0x2A700, 0x2B740, 0x2B820, 0x2CEB0))]
    + [chr(c) for c in (0x2EBF0, 0x2F800, 0x30000, 0x31350, 0x323AF)],
)
def test_every_block_of_ideographs_counts(ch: str) -> None:
    assert is_hanzi(ch)


@pytest.mark.parametrize("ch", ["a", "1", "，", "。", "々", "ㄅ", "あ", "한", "⼀", "①", "😀", "\ud840", "", "一二"])
def test_what_is_no_hanzi(ch: str) -> None:
    assert not is_hanzi(ch)


def test_hanzi_agree_with_the_names_of_unicode() -> None:
    named = {c for c in range(0x110000) if unicodedata.name(chr(c), "").startswith("CJK ") and _ideograph(chr(c))}
    assert all(is_hanzi(chr(c)) for c in named)
    assert not any(is_hanzi(chr(c)) for c in range(0x20000) if unicodedata.category(chr(c))[0] not in "LCN")


def _ideograph(ch: str) -> bool:
    return unicodedata.name(ch).startswith(("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH"))


@given(TEXT)
def test_count_is_the_sum_over_characters(text: str) -> None:
    assert count_hanzi(text) == sum(map(is_hanzi, text))


def test_halfwidth_keeps_chinese_punctuation() -> None:
    assert to_halfwidth("ＡＢＣａｂｃ　０１９＋－＝％＠＃／３．５ｘ１．x") == "ABCabc 019+-=%@#/3.5x1.x"
    assert (
        to_halfwidth("好，对！吗？；：（一）［二］～。、《》「」￥…．１．")
        == "好，对！吗？；：（一）［二］～。、《》「」￥…．1．"
    )


def test_halfwidth_is_nfkc_but_for_what_is_kept() -> None:
    for code in range(0xFF01, 0xFF5F):
        ch = chr(code)
        assert to_halfwidth(ch) == (ch if ch in KEPT_FULL_WIDTH + "．" else unicodedata.normalize("NFKC", ch))


@given(TEXT)
def test_halfwidth_keeps_length_and_is_done_once(text: str) -> None:
    once = to_halfwidth(text)
    assert len(once) == len(text)
    assert to_halfwidth(once) == once


def test_opencc_looks_at_phrases() -> None:
    assert to_simplified("乾坤與乾燥，頭髮發現") == "乾坤与干燥，头发发现"
    assert to_traditional("头发发现皇后后面") == "頭髮發現皇后後面"
    assert to_traditional("里面", "s2tw") == "裡面"
    assert to_traditional("里面", "s2hk") == "裏面"


def test_opencc_lets_lone_surrogates_and_nul_through() -> None:
    assert to_simplified("漢\ud800字\udfff\udc00\0龍") == "汉\ud800字\udfff\udc00\0龙"


def test_an_unknown_variant_is_named() -> None:
    with pytest.raises(ValueError, match=r"s2jp.*s2tw"):
        to_traditional("字", "s2jp")
