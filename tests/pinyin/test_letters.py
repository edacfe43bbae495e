"""Letters with their tones, in all the ways they are written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.pinyin.letters import read_letters


@pytest.mark.parametrize(
    ("text", "letters", "tones"),
    [
        ("nǐ", "ni", [0, 3]),
        ("ni3", "ni", [0, 3]),
        ("NĬ", "ni", [0, 3]),
        ("ｎｉ３", "ni", [0, 0]),  # a full-width digit is no tone
        ("lǜ", "lv", [0, 4]),
        ("lü4", "lv", [0, 4]),
        ("lu:4", "lv", [0, 4]),
        ("LU:4", "lv", [0, 4]),
        ("shu:", "shu", [0, 0, 0]),
        ("ê̌", "ê", [3]),
        ("ɡuɑ1", "gua", [0, 0, 1]),
        ("de0", "de", [0, 5]),
        ("de5", "de", [0, 5]),
        ("wo33", "wo", [0, 0]),
        ("nǐ3", "ni", [0, 3]),
        ("nǐ4", "ni", [0, 4]),
        ("x̌", "x", [3]),
    ],
)
def test_tones_and_forms(text: str, letters: str, tones: list[int]) -> None:
    run = read_letters(text)
    assert (run.letters, [digit or mark for mark, digit in zip(run.marks, run.digits, strict=True)]) == (letters, tones)


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("xian", [1, 0, 0, 0, 1]),
        ("xi'an", [1, 0, 1, 0, 1]),
        ("xi’an", [1, 0, 1, 0, 1]),
        ("xi an", [1, 0, 1, 0, 1]),
        ("xi1an", [1, 0, 1, 0, 1]),
        ("XiAn", [1, 0, 1, 0, 1]),
        ("XIAN", [1, 0, 0, 0, 1]),
    ],
)
def test_where_a_syllable_must_end(text: str, breaks: list[int]) -> None:
    assert read_letters(text).breaks == [bool(each) for each in breaks]


WRITTEN = st.text(st.sampled_from("nihaolvǐüǜêÀx12345:' \u0301\u0308字,"), max_size=20)


@settings(deadline=None)
@given(WRITTEN)
def test_offsets_tile_the_letters(text: str) -> None:
    run = read_letters(text)
    assert len(run.starts) == len(run.stops) == len(run.marks) == len(run.digits) == len(run) == len(run.breaks) - 1
    places = [0, *(place for span in zip(run.starts, run.stops, strict=True) for place in span), len(text)]
    assert places == sorted(places)
    assert all(start < stop for start, stop in zip(run.starts, run.stops, strict=True))


@settings(deadline=None)
@given(st.text(st.sampled_from("nihaolvǐüǜéÀ"), max_size=20))
def test_composed_and_decomposed_are_the_same(text: str) -> None:
    one, other = (read_letters(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert (one.letters, one.marks, one.breaks) == (other.letters, other.marks, other.breaks)
