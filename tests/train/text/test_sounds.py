from __future__ import annotations

import numpy as np

from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.syllables import SYLLABLES
from cnchar.pinyin.units import units_of
from cnchar.train.text.sounds import SILENT, Sounds, _Known

UNITS = units_of(load_readings())


def read(units: np.ndarray) -> str:
    """Units as people write them, - for what is silent."""
    return " ".join("-" if unit == SILENT else SYLLABLES[UNITS.syllables[unit]] for unit in units.tolist())


def test_words_say_how_their_characters_are_read() -> None:
    sounds = Sounds(UNITS)(["银行行长,", "A好", ""])
    assert read(sounds) == "- yin hang hang zhang - - - hao -"
    assert "".join(UNITS.characters[unit] for unit in sounds[sounds != SILENT]) == "银行行长好"


def test_the_same_word_sounds_the_same_again_and_memory_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(_Known, "MOST", 2)
    known = _Known(UNITS)
    first = [known[word] for word in ("银行", "行人", "长大", "银行")]
    assert len(known) <= 2
    assert first[0] == first[3] != first[1]
