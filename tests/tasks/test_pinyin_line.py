"""From a typed line to lattices."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.decode.pinyin_lattice import KEPT
from cnchar.pinyin.spellings import Typing
from cnchar.pinyin.split import split
from cnchar.pinyin.syllables import SYLLABLES
from cnchar.tasks.pinyin_line import LONGEST, PinyinLine, read_line

WORDS = ["ni", "hao", "xian", "xi'an", "nǚ", "lu:4", "zhong1", "g", "an", " ", "  ", ", ", "中国", "iPhone", "3", "\n"]
MIXED = st.lists(st.sampled_from(WORDS) | st.characters(), max_size=12).map("".join)


def sounds(line: PinyinLine) -> list[str]:
    """Each edge as the letters it stands for, kept text as the character that context sees."""
    pairs = zip(line.syllables, line.kept, strict=True)
    return [chr(kept) if syllable == KEPT else SYLLABLES[syllable] for syllable, kept in pairs]


def test_a_line_of_everything() -> None:
    line = read_line("nǐ hǎo, wo3 de iPhone 12 北京")
    assert sounds(line) == ["ni", "ha", "hao", "o", ",", "wo", "de", "i", "1", "北", "京"]
    assert line.pinyin == [(0, 6), (8, 14)]
    texts = [line.text[begin:end] for begin, end in zip(line.begins, line.ends, strict=True)]
    assert texts == ["nǐ", "hǎ", "hǎo", "o", ",", "wo3", "de", "iPhone", "12", "北", "京"]
    assert line.tones[:3] == [3, 3, 3]
    assert line.size == 10


def test_only_where_syllables_meet_are_places() -> None:
    line = read_line("shi xian")
    assert line.size == 3
    assert list(zip(line.starts, line.stops, line.penalties, strict=True)) == [
        (0, 1, 0),
        (1, 2, 0),
        (1, 3, 0),
        (2, 3, 4),
    ]


def test_an_apostrophe_costs_nothing() -> None:
    line = read_line("xi'an")
    assert sounds(line) == ["xi", "an"]
    assert line.penalties == [0, 0]


def test_what_is_switched_on() -> None:
    assert read_line("nhsj").pinyin == []
    assert read_line("nhsj", Typing(abbreviations=True)).pinyin == [(0, 4)]
    assert read_line("the women said").pinyin == []
    assert read_line("the women said", all_pinyin=True).pinyin == [(4, 9)]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("ni hao zhx", ["zhx"]),
        ("zhx", ["zhx"]),
        ("women dou nihoa ma", ["nihoa"]),
        ("xǎz 我", ["xǎz"]),
        ("wo de iPhone USB", []),
        ("the women said", []),
        ("hello world", []),
        ("我的app", []),
        ("I can swim", []),
        ("kan www.baidu.com ba", []),
        ("ni hao привет", []),
    ],
)
def test_words_that_should_be_pinyin(text: str, unknown: list[str]) -> None:
    line = read_line(text)
    assert [text[start:stop] for start, stop in line.unknown] == unknown


def test_all_pinyin_knows_no_names() -> None:
    line = read_line("wo de iPhone", all_pinyin=True)
    assert line.unknown == [(6, 12)]


@given(
    words=st.lists(
        st.sampled_from(["xian", "fangan", "ni3", "hǎo", "nüer", "xi'an", "zhongguo"]), min_size=2, max_size=6
    )
)
def test_words_side_by_side_are_the_lattice_of_the_whole(words: list[str]) -> None:
    text = " ".join(words)
    line, whole = read_line(text), split(text)
    assert whole is not None
    spans = sorted(zip(line.begins, line.ends, line.syllables, line.tones, strict=True))
    expected = [(*whole.span(e), int(whole.syllables[e]), int(whole.tones[e])) for e in range(len(whole.starts))]
    assert spans == sorted(expected)


@settings(deadline=None)
@given(text=MIXED)
def test_every_character_is_in_an_edge_or_vanishes(text: str) -> None:
    line = read_line(text)
    assert line.starts == sorted(line.starts)
    covered = {at for begin, end in zip(line.begins, line.ends, strict=True) for at in range(begin, end)}
    inside = {at for start, stop in line.pinyin for at in range(start, stop)}
    for at, character in enumerate(text):
        if at not in covered:
            assert character.isspace() or (at in inside and (character in "'’" or unicodedata.combining(character)))
    for lattice, edges in line.lattices():
        assert lattice.size <= LONGEST
        assert len(lattice) == len(edges)
        assert (lattice.syllables != KEPT).any()


@pytest.mark.parametrize(
    "text",
    [
        "anan" * 2000,
        "zhongguorenmin" * 300,
        "xian, " * 1000,
        "北京" * 400 + "nihao",
        "nihao" * 100 + "，" * 600 + "nihao",
    ],
)
def test_long_lines_are_cut(text: str) -> None:
    line = read_line(text)
    lattices = list(line.lattices())
    assert all(lattice.size <= LONGEST for lattice, _ in lattices)
    covered = np.zeros(len(text), bool)
    for lattice, edges in lattices:
        reached = np.zeros(lattice.size + 1, bool)
        reached[0] = True
        for start, stop in zip(lattice.starts.tolist(), lattice.stops.tolist(), strict=True):
            assert reached[start]
            reached[stop] = True
        assert reached[-1]
        for edge in edges.tolist():
            covered[line.begins[edge] : line.ends[edge]] = True
    for start, stop in line.pinyin:
        assert covered[start:stop].all()


def test_long_lines_are_cut_after_punctuation() -> None:
    line = read_line("ni hao wo men, " * 60)
    for lattice, edges in line.lattices():
        assert line.text[line.ends[int(edges[-1])] - 1] == ","
        assert lattice.size > LONGEST // 2 or edges[-1] == len(line.starts) - 1


def test_a_newline_parts_pinyin() -> None:
    line = read_line("ni hao\nwomen")
    assert line.pinyin == [(0, 6), (7, 12)]
    assert "\n" in sounds(line)
