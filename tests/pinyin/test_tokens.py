"""Mixed lines in pieces, and which words are pinyin."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.pinyin.spellings import EXACT, Typing
from cnchar.pinyin.split import split
from cnchar.pinyin.tokens import HANZI, pieces, unknown_words
from cnchar.text import normalise

MIXED = st.lists(
    st.sampled_from(
        ["women", "can", "nǐ", "hao3", "xi'an", "the", "iPhone", "中国", "12", " ", "  ", ",", "。", "é", "ß"]
    )
    | st.text(max_size=3),
    max_size=12,
).map("".join)


def read(line: str, **options: bool) -> list[tuple[str, str]]:
    return [(piece.kind, line[piece.start : piece.stop]) for piece in pieces(line, **options)]


def pinyin(line: str, **options: bool) -> list[str]:
    return [text for kind, text in read(line, **options) if kind == "pinyin"]


@settings(deadline=None, max_examples=300)
@given(MIXED, st.booleans(), st.sampled_from([EXACT, Typing(abbreviations=True)]))
def test_pieces_tile_the_line_and_pinyin_can_be_cut(line: str, all_pinyin: bool, typing: Typing) -> None:
    found = pieces(line, typing, all_pinyin=all_pinyin)
    assert [piece.start for piece in found] + [len(line)] == [0, *(piece.stop for piece in found)]
    for piece in found:
        assert piece.start < piece.stop
        if piece.kind == "pinyin":
            lattice = split(line[piece.start : piece.stop], typing)
            assert lattice is not None
            assert (int(lattice.begins[0]), int(lattice.ends[-1])) == (0, piece.stop - piece.start)


@settings(deadline=None, max_examples=100)
@given(MIXED)
def test_all_pinyin_only_adds(line: str) -> None:
    inside = {at for piece in pieces(line) if piece.kind == "pinyin" for at in range(piece.start, piece.stop)}
    forced = {at for p in pieces(line, all_pinyin=True) if p.kind == "pinyin" for at in range(p.start, p.stop)}
    assert inside <= forced


def test_kinds() -> None:
    assert read("nǐ hǎo, 我de iPhone6!") == [
        ("pinyin", "nǐ hǎo"), ("other", ","), ("space", " "), ("hanzi", "我"), ("word", "de"), ("space", " "),
        ("word", "iPhone"), ("digits", "6"), ("other", "!"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("women mingtian qu beijing kai hui", ["women mingtian qu beijing kai hui"]),
        ("nǐ hǎo, wo3 de iPhone huai le!", ["nǐ hǎo", "wo3 de", "huai le"]),
        ("women", ["women"]),
        ("hao!", ["hao"]),
        ("I can swim", []),
        ("the women said", []),
        ("他用can总线", []),
        ("wo3 can", ["wo3 can"]),
        ("hello, nǐ hǎo, women ok", ["nǐ hǎo", "women"]),
        ("A4纸", []),
        ("wo xuan A", ["wo xuan"]),
        ("zhe shi A4 zhi", ["zhe shi", "zhi"]),
        ("Ā, wo zhi dao", ["Ā", "wo zhi dao"]),
        ("see www.baidu.com/women or http://can.com", []),
        ("zheshiyigehenchangdejuzi in English", ["zheshiyigehenchangdejuzi"]),
        ("Xi'an is big", []),
        ("Xī'ān is big", ["Xī'ān"]),
        ("wo de youxiang shi women@qq.com", ["wo de youxiang shi"]),
        ("naïve café", []),
        ("mp3 B2B", []),
        ("can, long", ["can", "long"]),
        ("zai Python li xie", ["zai", "li xie"]),
        ("wo yong Python xie", ["wo yong", "xie"]),
        ("wo3 shuo I can swim", ["wo3 shuo"]),
    ],
)
def test_english_or_pinyin(line: str, expected: list[str]) -> None:
    assert pinyin(line) == expected


def test_all_pinyin() -> None:
    assert pinyin("I can swim", all_pinyin=True) == ["can"]
    assert pinyin("他用can总线", all_pinyin=True) == ["can"]


def test_abbreviations_are_pinyin_where_they_are_understood() -> None:
    assert [piece.kind for piece in pieces("nhsj zhongg")] == ["word", "space", "word"]
    assert [piece.kind for piece in pieces("nhsj zhongg", Typing(abbreviations=True))] == ["pinyin"]


def test_hanzi_are_the_same_everywhere() -> None:
    assert HANZI == normalise.HANZI


@pytest.mark.parametrize("line", ["a,b1;" * 100_000, "ni hao women " * 30_000, "zhongguoren" * 50_000, "x" * 500_000])
def test_long_lines_finish(line: str) -> None:
    assert sum(piece.stop - piece.start for piece in pieces(line)) == len(line)


PLAIN = st.lists(st.sampled_from(["ni", "hao3", "Xi'an", "A4", "zhx", "can", "4", "'", "women"]), max_size=4)


@given(words=PLAIN, blanks=st.integers(0, 2))
def test_plain_lines_are_read_as_all_others(words: list[str], blanks: int) -> None:
    line = " " * blanks + "  ".join(words) + " " * (blanks // 2)
    assert pieces(line) == pieces(line + "，")[:-1]


def test_a_long_run_is_read_about_its_slips() -> None:
    line = "womenjintianxqubeijingkaihuiqxle"
    assert pinyin(line) == ["womenjintian", "qubeijingkaihui", "le"]
    assert [line[piece.start : piece.stop] for piece in unknown_words(line, pieces(line))] == ["x", "qx"]


@pytest.mark.parametrize(
    "word",
    ["supercalifragilisticexpialidocious", "thequickbrownfoxjumpsoverthelazydog", "womenjintianXqubeijingkaihui"],
)
def test_what_is_no_pinyin_with_slips_stays_whole(word: str) -> None:
    assert read(word) == [("word", word)]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(["women", "jin", "tian", "x", "qu", "v", "bei3", "'an"]), min_size=9, max_size=30))
def test_whatever_the_slips_pieces_tile_the_line(words: list[str]) -> None:
    line = "wo" + "".join(words)
    found = pieces(line)
    assert "".join(line[piece.start : piece.stop] for piece in found) == line
    assert all(split(text) is not None for text in pinyin(line))
