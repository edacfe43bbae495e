"""The inventory: numbers, parts, abbreviations."""

from __future__ import annotations

import pytest

from cnchar.pinyin.dictionary import listed_readings
from cnchar.pinyin.syllables import INITIALS, NUMBERS, PARTS, SYLLABLES, beginning_with, initial_of


def test_every_reading_of_every_hanzi_is_there() -> None:
    """pypinyin lists the readings of 44,000 characters; the inventory has those syllables and no others."""
    codes = [*range(0x3400, 0xA000), 0x3007, *range(0x20000, 0x32400)]
    listed = {reading.plain for code in codes for reading in listed_readings(chr(code))}
    assert listed == set(SYLLABLES)


def test_numbers_are_places() -> None:
    assert [NUMBERS[syllable] for syllable in SYLLABLES] == list(range(len(SYLLABLES)))
    assert list(SYLLABLES) == sorted(set(SYLLABLES))


def test_parts_make_the_syllable_and_initials_begin_it() -> None:
    for syllable in SYLLABLES:
        assert "".join(PARTS[syllable]) == syllable
        assert syllable.startswith(initial_of(syllable))


@pytest.mark.parametrize(
    ("syllable", "initial"),
    [("zhong", "zh"), ("zong", "z"), ("yu", "y"), ("wo", "w"), ("an", "a"), ("er", "e"), ("m", "m"), ("lv", "l")],
)
def test_initials(syllable: str, initial: str) -> None:
    assert initial_of(syllable) == initial


def test_an_initial_stands_for_what_begins_with_it() -> None:
    for initial in INITIALS:
        names = {SYLLABLES[number] for number in beginning_with(initial)}
        assert names == {syllable for syllable in SYLLABLES if syllable.startswith(initial)} != set()
