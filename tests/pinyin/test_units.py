from __future__ import annotations

import numpy as np
import pytest

from cnchar.errors import BadInput
from cnchar.pinyin.readings import load_readings, parse_readings
from cnchar.pinyin.syllables import NUMBERS, SYLLABLES
from cnchar.pinyin.units import NO_UNIT, read_units, units_of

READINGS = parse_readings(["长\tchang2 90 zhang3 30", "张\tzhang1 50", "场\tchang3 60 chang2 40", "章\tzhang1 30"])


def test_units_are_sorted_by_syllable_then_the_commoner_first() -> None:
    assert units_of(READINGS).dumps() == "chang\t场\nchang\t长\nzhang\t张\nzhang\t章\nzhang\t长\n"


def test_a_syllable_has_one_range() -> None:
    units = units_of(READINGS)
    chang, zhang = NUMBERS["chang"], NUMBERS["zhang"]
    assert units.characters[units.firsts[chang] : units.firsts[chang + 1]] == "场长"
    assert units.sizes[[chang, zhang, NUMBERS["a"]]].tolist() == [2, 3, 0]
    assert units.sizes.sum() == len(units) == 5


def test_find() -> None:
    units = units_of(READINGS)
    chang, zhang = NUMBERS["chang"], NUMBERS["zhang"]
    syllables, codes = np.array([zhang, chang, zhang, -1]), np.array([ord(c) for c in "长长场长"])
    assert units.find(syllables, codes).tolist() == [4, 1, NO_UNIT, NO_UNIT]


def test_every_reading_of_the_shipped_table_is_a_unit_and_can_be_found() -> None:
    readings = load_readings()
    units = units_of(readings)
    assert sorted(units.find(units.syllables, units.codes).tolist()) == list(range(len(units)))
    codes = np.array([ord(readings.characters[owner]) for owner in readings.owners])
    assert (units.find(readings.syllables, codes) != NO_UNIT).all()
    again = read_units(units.dumps().splitlines())
    assert (again.characters, again.syllables.tolist()) == (units.characters, units.syllables.tolist())


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["chang\t长", "zhangg\t张"], "line 2"),
        (["chang\t长大"], "line 1"),
        (["chang 长"], "line 1"),
        (["zhang\t张", "chang\t长"], "not sorted"),
        (["zhang\t张", "zhang\t张"], "twice"),
        ([], "no units"),
    ],
)
def test_what_is_no_list_of_units(lines: list[str], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read_units(lines)


def test_syllables_are_written_as_the_inventory_has_them() -> None:
    assert {line.split("\t")[0] for line in units_of(READINGS).dumps().splitlines()} <= set(SYLLABLES)
