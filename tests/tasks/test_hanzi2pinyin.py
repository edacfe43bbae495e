"""Pinyin beside its text, and pinyin in other styles."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.styles import STYLES, Style, write
from cnchar.pinyin.syllables import SYLLABLES, Syllable
from cnchar.tasks.hanzi2pinyin import Pronunciation, pronounced, rewrite

TONED = st.builds(Syllable, st.sampled_from(SYLLABLES), st.integers(1, 4))
NOISE = st.sampled_from(["", " ", ", ", "。", " iPhone ", "中国", " 12", " ! ", "?\t"])


def line(text: str, *sounds: str, style: Style = "tone") -> Pronunciation:
    readings = [Syllable(each[:-1], int(each[-1])) if each else None for each in sounds]
    return pronounced(text, readings, style)


@pytest.mark.parametrize(
    ("text", "sounds", "pinyin"),
    [
        ("中国", ("zhong1", "guo2"), "zhōng guó"),
        ("中 国", ("zhong1", "", "guo2"), "zhōng guó"),
        ("中，国", ("zhong1", "", "guo2"), "zhōng，guó"),
        ("A股12个", ("", "gu3", "", "", "ge4"), "A gǔ 12 gè"),
        ("ab", ("", ""), "ab"),
        ("", (), ""),
    ],
)
def test_what_stands_between_syllables(text: str, sounds: tuple[str, ...], pinyin: str) -> None:
    assert line(text, *sounds).pinyin == pinyin


@settings(deadline=None)
@given(st.text(st.sampled_from("中国ab1 ，\n😀"), max_size=12), st.sampled_from(STYLES))
def test_one_item_a_character(text: str, style: Style) -> None:
    sounds = {"中": Syllable("zhong", 1), "国": Syllable("guo", 2)}
    said = pronounced(text, [sounds.get(ch) for ch in text], style, load_readings())
    assert len(said.items) == len(said.readings) == len(text)
    back = {write(sound, style): ch for ch, sound in sounds.items()}
    assert "".join(back.get(item, item) for item in said.items) == text
    assert said.pinyin.replace(" ", "") == "".join(said.items).replace(" ", "")
    assert all(item == readings[0] for item, readings in zip(said.items, said.readings, strict=True))


def test_heteronyms_are_all_there_and_told_once() -> None:
    said = pronounced("行", [Syllable("hang", 2)], "tone", load_readings())
    assert said.readings[0][:2] == ("háng", "xíng")
    plain = pronounced("行", [Syllable("hang", 2)], "plain", load_readings())
    assert plain.readings[0][:2] == ("hang", "xing")
    assert len(set(plain.readings[0])) == len(plain.readings[0])


def test_all_readings_on_the_line() -> None:
    said = pronounced("行a", [Syllable("hang", 2), None], "plain", load_readings())
    assert said.all_pinyin == "/".join(said.readings[0]) + " a"


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(TONED, NOISE), max_size=6))
def test_there_and_back(spoken: list[tuple[Syllable, str]]) -> None:
    """Marks to numbers to marks: the same line, whatever stands between."""
    text = "".join(f" {write(syllable)}{noise}" for syllable, noise in spoken)
    numbers = rewrite(text, "number", load_readings())
    assert (
        rewrite(numbers.pinyin, "tone", load_readings()).pinyin == rewrite(text, "tone", load_readings()).pinyin == text
    )


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("zhongūǎ1245'’ :vü中,XA"), max_size=16), st.sampled_from(STYLES))
def test_what_is_no_pinyin_stays(text: str, style: Style) -> None:
    line = rewrite(text, style, load_readings())
    assert len(line.syllables) == len(line.spans) == len(line.items)
    out, at = line.pinyin, 0
    for item, (start, stop), before in zip(line.items, line.spans, [0, *(b for _, b in line.spans)], strict=False):
        gap = text[before:start]
        at += len(gap) if out.startswith(gap + item, at) else len("'")
        assert out.startswith(item, at)
        at += len(item)
        assert start < stop
    assert out[at:] == text[line.spans[-1][1] if line.spans else 0 :]


@pytest.mark.parametrize(
    ("text", "style", "expected"),
    [
        ("zhong1 guo2", "tone", "zhōng guó"),
        ("zhong1guo2", "tone", "zhōngguó"),
        ("Zhōngguó", "number", "Zhong1guo2"),
        ("ZHŌNGGUÓ", "plain", "ZHONGGUO"),
        ("fang1an4", "tone", "fāng'àn"),
        ("fang1an4", "plain", "fang'an"),
        ("fāng'àn", "number", "fang1'an4"),
        ("xī'ān", "initials", "x'a"),
        ("lu:4 LV4 lyu4", "tone", "lǜ LǛ lǜ"),
        ("lǜ", "number", "lv4"),
        ("de5 de", "tone", "de de"),
        ("zhongguo", "tone", "zhongguo"),
        ("I love iPhone", "number", "I love iPhone"),
        ("nihao", "initials", "nh"),
        ("中国 hǎo3", "number", "中国 hao3"),
        ("中国 shuō4", "number", "中国 shuō4"),  # two tones on one syllable: no pinyin
    ],
)
def test_styles(text: str, style: Style, expected: str) -> None:
    assert rewrite(text, style, load_readings()).pinyin == expected
