"""How likely each reading of a character is: the table that ships, and tables in general."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.pinyin.dictionary import listed_readings
from cnchar.pinyin.readings import TABLE, Readings, load_readings, parse_readings
from cnchar.pinyin.syllables import NEUTRAL, NUMBERS, SYLLABLES, Syllable


@pytest.fixture(scope="module")
def readings() -> Readings:
    return load_readings()


def test_the_table_is_small_and_sorted(readings: Readings) -> None:
    assert TABLE.stat().st_size < 300_000
    assert len(set(readings.characters)) == len(readings.characters)
    totals = np.add.reduceat(readings.counts, readings.offsets[:-1])
    assert (np.diff(totals) <= 0).all()
    assert all((np.diff(readings.counts[a:b]) <= 0).all() for a, b in pairwise(readings.offsets))


def test_the_hanzi_of_gb2312_are_all_there(readings: Readings) -> None:
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    gb2312 = {character for row in rows for character in row.decode("gb2312", "ignore")}
    assert len(gb2312) == 6763
    assert gb2312 <= set(readings.characters)


def test_listed_readings_are_all_there(readings: Readings) -> None:
    for character in readings.characters:
        listed = {each.plain for each in listed_readings(character)}
        assert listed <= {reading.syllable.plain for reading in readings.of(character)}


def test_shares_are_a_distribution(readings: Readings) -> None:
    totals = np.bincount(readings.owners, readings.shares)
    assert np.allclose(totals, 1, atol=1e-5)
    assert (readings.shares > 0).all()


@pytest.mark.parametrize(
    ("character", "likeliest"),
    [
        ("的", ("de", 5)), ("行", ("xing", 2)), ("都", ("dou", 1)), ("了", ("le", 5)), ("和", ("he", 2)),
        ("一", ("yi", 1)), ("女", ("nv", 3)), ("着", ("zhe", 5)), ("还", ("hai", 2)), ("没", ("mei", 2)),
        ("重", ("zhong", 4)),
    ],
)  # fmt: skip
def test_common_readings_come_first(readings: Readings, character: str, likeliest: tuple[str, int]) -> None:
    found = readings.of(character)
    assert found[0].syllable == Syllable(*likeliest)
    assert [each.share for each in found] == sorted((each.share for each in found), reverse=True)


def test_rare_characters_are_looked_up(readings: Readings) -> None:
    rare = "㐀"
    assert rare not in readings.characters
    assert [each.syllable for each in readings.of(rare)] == [Syllable("qiu", 1)]
    assert sum(each.share for each in readings.of("丌")) == pytest.approx(1)
    assert readings.of("a") == readings.of("。") == ()


def test_the_characters_of_a_syllable(readings: Readings) -> None:
    rows = readings.rows_of(NUMBERS["ma"])
    names = [readings.characters[readings.owners[row]] for row in rows]
    assert {"吗", "妈", "马", "骂", "麻"} <= set(names)
    third = {readings.characters[readings.owners[row]] for row in readings.rows_of(NUMBERS["ma"], 3)}
    assert "马" in third and "妈" not in third
    neutral = {readings.characters[readings.owners[row]] for row in readings.rows_of(NUMBERS["ma"], NEUTRAL)}
    assert "吗" in neutral and "马" not in neutral


def test_a_lost_tone_excludes_nothing(readings: Readings) -> None:
    without = [n for n in range(len(SYLLABLES)) if NEUTRAL not in readings.tones[readings.rows_of(n)]]
    assert without
    for number in without:
        assert (readings.rows_of(number, NEUTRAL) == readings.rows_of(number)).all()


def test_both_views_are_of_one_table(readings: Readings) -> None:
    seen = Counter(row for number in range(len(SYLLABLES)) for row in readings.rows_of(number).tolist())
    assert seen == Counter(range(len(readings.owners)))


def test_costs_are_of_a_distribution(readings: Readings) -> None:
    assert len(readings.syllable_costs) == len(SYLLABLES)
    assert np.exp(-np.array(readings.syllable_costs)).sum() == pytest.approx(1)


TABLES = st.dictionaries(
    st.sampled_from("行长乐中国人"),
    st.dictionaries(st.sampled_from(["xing2", "hang2", "le4", "de5", "lv3"]), st.integers(0, 1000), min_size=1),
    min_size=1,
)


@settings(deadline=None)
@given(TABLES)
def test_tables_are_read_as_written(table: dict[str, dict[str, int]]) -> None:
    lines = [f"{ch}\t" + " ".join(f"{name} {n}" for name, n in rows.items()) + "\n" for ch, rows in table.items()]
    readings = parse_readings(["# a table\n", *lines])
    assert readings.characters == "".join(table)
    assert readings.counts.tolist() == [count for rows in table.values() for count in rows.values()]
    for character, rows in table.items():
        assert {f"{r.syllable.plain}{r.syllable.tone}" for r in readings.of(character)} == set(rows)
