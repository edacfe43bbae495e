from __future__ import annotations

import numpy as np

from cnchar.corpus.rivals import SLOTS, Rivals
from cnchar.pinyin.likeness import Sound, Sounds, kin_syllables, near_syllables

CHARACTERS = ("[PAD]", *"的是心新信兴星高搞里理力知局这怎")
NUMBERS = {c: i for i, c in enumerate(CHARACTERS)}


def test_the_same_tone_is_likelier() -> None:
    likely = Rivals(CHARACTERS).by_sound()[NUMBERS["心"]]
    assert set(likely) == {NUMBERS["新"], NUMBERS["信"]}
    assert likely[NUMBERS["新"]] > 2 * likely[NUMBERS["信"]]


def test_rivals_are_of_the_syllables_that_are_asked_for() -> None:
    rivals, sounds = Rivals(CHARACTERS), Sounds(CHARACTERS)
    for alike in (near_syllables(), kin_syllables()):
        pairs = [(one, other) for one, others in rivals.by_syllables(alike).items() for other in others]
        assert pairs and all(alike[sounds.first[one], sounds.first[other]] for one, other in pairs)
    near = rivals.by_syllables(near_syllables())
    assert set(near[NUMBERS["心"]]) == {NUMBERS["兴"], NUMBERS["星"]}
    assert all(
        sounds.likeness(one, np.array(list(others))).max() == Sound.NEAR for one, others in near.items() if others
    )


def test_slots_are_as_many_as_likely_and_the_character_itself_without_rivals() -> None:
    table = Rivals(CHARACTERS).fill({1: {2: 3.0, 3: 1.0}, 4: {}})
    assert table.shape == (len(CHARACTERS), SLOTS) and set(table[1]) == {2, 3} and set(table[4]) == {4}
    assert (table[1] == 2).sum() > (table[1] == 3).sum()
