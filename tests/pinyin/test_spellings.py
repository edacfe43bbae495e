"""What may be typed for a syllable, and at what penalty."""

from __future__ import annotations

import pytest

from cnchar.errors import BadInput
from cnchar.pinyin.spellings import (
    ABBREVIATION,
    EXACT,
    FUZZY,
    TYPO,
    UMLAUT,
    Typing,
    parse_fuzzy,
    spellings,
    syllables_of,
)
from cnchar.pinyin.syllables import INITIALS, NUMBERS, SYLLABLES

ALL = Typing(parse_fuzzy("zh=z,ch=c,sh=s,n=l,eng=en,ing=in,ang=an"), True, True, True, True)


def ways(letters: str, typing: Typing) -> dict[str, float]:
    names = (*SYLLABLES, *(f"{initial}-" for initial in INITIALS))
    return {names[number]: penalty for number, penalty in spellings(typing).get(letters, ())}


def test_exact_spellings_have_no_penalty_and_one_meaning() -> None:
    table = spellings(EXACT)
    assert all(len(found) == 1 and found[0][1] == 0 for found in table.values())
    assert {NUMBERS[syllable] for syllable in SYLLABLES} == {found[0][0] for found in table.values()}


def test_options_never_take_the_exact_reading_away() -> None:
    for letters, found in spellings(EXACT).items():
        assert spellings(ALL)[letters][0] == found[0]


@pytest.mark.parametrize(
    ("letters", "typing", "expected"),
    [
        ("nu", Typing(loose_umlaut=True), {"nu": 0, "nv": UMLAUT}),
        ("lue", EXACT, {"lve": 0}),
        ("zong", Typing(fuzzy=(("zh", "z"),)), {"zong": 0, "zhong": FUZZY}),
        ("zhong", Typing(fuzzy=(("zh", "z"),)), {"zhong": 0, "zong": FUZZY}),
        ("nen", Typing(fuzzy=parse_fuzzy("n=l, eng=en")), {"nen": 0, "neng": 3, "len": 3, "leng": 6}),
        ("guan", Typing(fuzzy=(("ang", "an"),)), {"guan": 0, "guang": FUZZY}),
        ("hui", Typing(fuzzy=(("hui", "fei"),)), {"hui": 0, "fei": FUZZY}),
        ("bun", Typing(fuzzy=(("en", "un"),)), {"ben": FUZZY}),  # no syllable itself
        ("zh", Typing(abbreviations=True), {"zh-": ABBREVIATION}),
        ("zh", EXACT, {}),
        ("zhogn", Typing(typos=True), {"zhong": TYPO}),
        ("zhonh", Typing(typos=True), {"zhong": TYPO}),
        ("zhhong", Typing(typos=True), {"zhong": TYPO}),
        ("kong", Typing(typos=True), {"kong": 0}),  # a slip that is a syllable is that syllable
    ],
)
def test_ways(letters: str, typing: Typing, expected: dict[str, float]) -> None:
    assert ways(letters, typing) == expected


def test_an_abbreviation_stands_for_many() -> None:
    [(number, _)] = spellings(Typing(abbreviations=True))["sh"]
    assert {SYLLABLES[each] for each in syllables_of(number)} == {s for s in SYLLABLES if s.startswith("sh")}
    assert syllables_of(NUMBERS["shi"]) == (NUMBERS["shi"],)


@pytest.mark.parametrize("text", ["zh", "zh=", "zh=zh", "zh=eng", "=z", "zh=1", "b=ang", "zh:z"])
def test_pairs_that_are_none(text: str) -> None:
    with pytest.raises(BadInput, match="--fuzzy"):
        parse_fuzzy(f"n=l,{text}")


def test_pairs() -> None:
    assert parse_fuzzy(" zh=z , eng=en,") == (("zh", "z"), ("eng", "en"))
    assert parse_fuzzy("") == ()
