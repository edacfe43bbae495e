from __future__ import annotations

import numpy as np

from cnchar.corpus.rival_words import LONGEST_WORD, WORD_SLOTS, count_words, rival_words, symbol_of

CHARACTERS = ("[PAD]", "[UNK]", *"北京的公园，abc紧张警长金章")
NUMBERS = {c: i for i, c in enumerate(CHARACTERS) if len(c) == 1}


def test_words_are_counted() -> None:
    text = "北京的公园，北京的abc北京"
    symbols = np.array([CHARACTERS.index(c) for c in text])
    starts = np.array([True, False, True, True, False, True, True, False, True, True, False, False, True, False])
    assert count_words(symbols, starts, CHARACTERS, least=1) == {"北京": 3, "公园": 1}
    assert count_words(symbols, starts, CHARACTERS, least=2) == {"北京": 3}
    whole = count_words(symbols, np.array([True, *[False] * 13]), CHARACTERS, least=1)
    assert whole == {} and LONGEST_WORD == 4


def test_words_of_nearly_the_same_sound_are_rivals_too_but_rarer_ones() -> None:
    keys, others = rival_words({"紧张": 9, "金章": 9, "警长": 9, "北京": 9}, NUMBERS)

    def words(some: np.ndarray) -> list[str]:
        return ["".join(CHARACTERS[int(symbol_of(key, at))] for at in (1, 0)) for key in some]

    rivals = dict(zip(words(keys), map(words, others), strict=True))
    assert set(rivals) == {"紧张", "金章", "警长"} and all(len(each) == WORD_SLOTS for each in rivals.values())
    assert all(word not in each for word, each in rivals.items())
    assert rivals["紧张"].count("金章") > rivals["紧张"].count("警长")
    assert set(rivals["警长"]) == {"紧张", "金章"}
