from __future__ import annotations

from toy_suggestions import BATCH, VOCAB, network, parts

from cnchar.pinyin.likeness import Sound
from cnchar.tasks.correct_parts import FEATURES
from cnchar.tasks.doubts import Doubts, find_doubts
from cnchar.tasks.looks import first_draft, look_at


def doubts(text: str) -> Doubts:
    own = parts()
    return find_doubts(own, look_at(own, network, first_draft([text]), BATCH))


def test_a_hanzi_that_the_vocabulary_has_not_is_guessed_from_what_is_around_it_and_from_its_sound() -> None:
    found = doubts("高昕，")
    best = int(found.features[:, FEATURES.index("gain")].argmax())
    assert found.places[best] == 2 and found.targets[best] == VOCAB.encode("兴")[0]
    assert found.sound[best] == Sound.NEAR and not found.shape[best]
    known = doubts("高心，")
    rare, rank = FEATURES.index("rare"), FEATURES.index("rank_typed")
    assert found.features[best, rare] == 1 and not known.features[:, rare].any()
    assert found.features[best, rank] > known.features[:, rank].max()


def test_a_traditional_character_outside_the_vocabulary_is_meant_so() -> None:
    assert 2 not in doubts("高龍，").places


def test_what_is_no_hanzi_is_never_doubted() -> None:
    assert set(doubts("高π高ü").places) <= {1, 3}
