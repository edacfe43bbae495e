"""Syllables in writing, either way."""

from __future__ import annotations

import unicodedata

import pytest

from cnchar.pinyin.dictionary import listed_readings, phrases
from cnchar.pinyin.styles import read, write
from cnchar.pinyin.syllables import NEUTRAL, NO_TONE, SYLLABLES, Syllable


def test_what_is_written_is_read_again() -> None:
    for plain in SYLLABLES:
        for tone in range(6):
            syllable = Syllable(plain, tone)
            assert read(write(syllable, "number")) == syllable
            assert read(write(syllable, "tone")) == (syllable if tone != NEUTRAL else Syllable(plain, NO_TONE))
            assert read(write(syllable, "plain")) == Syllable(plain)


def test_marks_stand_where_the_dictionary_has_them() -> None:
    """All readings of 47,000 phrases, as pypinyin writes them."""
    written = {reading for each in phrases().values() for readings in each for reading in readings}
    assert len(written) > 1200
    assert {each for each in written if (syllable := read(each)) is None or write(syllable) != each} == set()


@pytest.mark.parametrize(
    ("syllable", "tone", "number", "plain", "initials"),
    [
        (("zhong", 1), "zhōng", "zhong1", "zhong", "zh"),
        (("lve", 4), "lüè", "lve4", "lve", "l"),
        (("gui", 4), "guì", "gui4", "gui", "g"),
        (("liu", 2), "liú", "liu2", "liu", "l"),
        (("de", 5), "de", "de5", "de", "d"),
        (("de", 0), "de", "de", "de", "d"),
        (("ê", 4), "ề", "ê4", "ê", "ê"),
        (("ng", 2), "ńg", "ng2", "ng", "n"),
        (("hm", 0), "hm", "hm", "hm", "h"),
    ],
)
def test_styles(syllable: tuple[str, int], tone: str, number: str, plain: str, initials: str) -> None:
    styles = ("tone", "number", "plain", "initials")
    assert [write(Syllable(*syllable), style) for style in styles] == [tone, number, plain, initials]


@pytest.mark.parametrize(
    "text", ["nü3", "nv3", "nu:3", "nyu3", "nǚ", "NǙ", "Nü3", unicodedata.normalize("NFD", "nǚ"), "ｎv3"]
)
def test_forms_of_umlaut(text: str) -> None:
    assert read(text) == Syllable("nv", 3)


@pytest.mark.parametrize("text", ["lue4", "lüe4", "lyue4", "lve4", "lu:e4"])
def test_lue(text: str) -> None:
    assert read(text) == Syllable("lve", 4)


@pytest.mark.parametrize("text", ["jü1", "jv1", "ju1"])
def test_umlaut_after_j(text: str) -> None:
    assert read(text) == Syllable("ju", 1)


@pytest.mark.parametrize("text", ["", "x", "nihao", "ni hao", "ni3 ", "nǐ4", "ni6", "3", "中", "n'i", "nǐǎ", "ni33"])
def test_what_is_no_syllable(text: str) -> None:
    assert read(text) is None


def test_every_listed_reading_has_a_tone_or_is_neutral() -> None:
    assert listed_readings("行")[:2] == (Syllable("xing", 2), Syllable("hang", 2))
    assert listed_readings("a") == listed_readings("。") == ()
