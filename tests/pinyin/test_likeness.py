from __future__ import annotations

import numpy as np
import pytest

from cnchar.pinyin.likeness import (
    NO_SYLLABLE,
    Shapes,
    Sound,
    Sounds,
    blurred,
    kin_syllables,
    load_shapes,
    near_syllables,
)
from cnchar.pinyin.syllables import NUMBERS, SYLLABLES

CHARACTERS = ("[PAD]", *"心兴高再在里理蓝兰男待侍己已未末的地得a，")


def pairs(text: str) -> tuple[np.ndarray, np.ndarray]:
    ones, others = ([CHARACTERS.index(pair[i]) for pair in text.split()] for i in range(2))
    return np.array(ones), np.array(others)


@pytest.mark.parametrize(
    ("pair", "grade"),
    [
        ("在再", Sound.SAME),
        ("里理", Sound.SAME),
        ("的得", Sound.SAME),  # de5, though both have other readings
        ("心兴", Sound.NEAR),
        ("蓝男", Sound.NEAR),
        ("高心", Sound.OTHER),
        ("a，", Sound.OTHER),
        ("在a", Sound.OTHER),
    ],
)
def test_characters_sound_alike(pair: str, grade: Sound) -> None:
    sounds = Sounds(CHARACTERS)
    ones, others = pairs(pair)
    assert sounds.likeness(ones, others).tolist() == [grade] == sounds.likeness(others, ones).tolist()


def test_what_is_no_hanzi_has_no_syllable() -> None:
    first = Sounds(CHARACTERS).first
    silent = [c for c, syllable in zip(CHARACTERS, first, strict=True) if syllable == NO_SYLLABLE]
    assert silent == ["[PAD]", "a", "，"]


def test_arrays_of_any_shape_can_be_compared() -> None:
    sounds, shapes = Sounds(CHARACTERS), Shapes(CHARACTERS)
    ones, others = np.arange(6).reshape(2, 3, 1), np.arange(len(CHARACTERS))
    for likeness in (sounds.likeness, shapes.likeness):
        table = likeness(ones, others)
        assert table.shape == (2, 3, len(CHARACTERS))
        assert table[0, 2, 0] == likeness(np.array(2), np.array(0))


def test_near_syllables_are_near_both_ways_and_not_themselves() -> None:
    near = near_syllables()
    assert (near == near.T).all() and not near.diagonal().any() and not near[NO_SYLLABLE].any()
    for pair in ("zhang zang", "zang zan", "zhang zan", "xin xing", "nan lan", "fu hu"):
        one, other = (NUMBERS[each] for each in pair.split())
        assert near[one, other], pair
    assert not near[NUMBERS["ma"], NUMBERS["da"]]


def test_kin_share_an_initial_or_a_final_and_are_no_nearer() -> None:
    kin = kin_syllables()
    assert (kin == kin.T).all() and not kin.diagonal().any() and not kin[NO_SYLLABLE].any()
    assert not (kin & near_syllables()).any()
    for pair in ("shang sheng", "ya ba", "xu xue"):
        one, other = (NUMBERS[each] for each in pair.split())
        assert kin[one, other], pair
    for pair in ("ma di", "zhang zang", "e an"):
        one, other = (NUMBERS[each] for each in pair.split())
        assert not kin[one, other], pair


def test_some_speakers_say_these_alike() -> None:
    assert [blurred(each) for each in ["zhang", "zan", "sheng", "sen", "ang", "ng", "cong"]] == [
        *("zan", "zan", "sen", "sen", "an", "ng", "con")
    ]
    assert all(map(blurred, SYLLABLES))


def test_characters_look_alike() -> None:
    shapes = Shapes(CHARACTERS)
    assert shapes.likeness(*pairs("待侍 侍待 己已 未末")).all()
    assert not shapes.likeness(*pairs("在再 高心 a， 待a")).any()
    assert not Shapes(("a", "b")).likeness(np.array([0]), np.array([1])).any()


def test_the_table_of_shapes_names_characters_once_and_not_themselves() -> None:
    table = load_shapes()
    assert len(table) > 5000
    for character, others in table.items():
        assert len(character) == 1 and character not in others and len(set(others)) == len(others)
