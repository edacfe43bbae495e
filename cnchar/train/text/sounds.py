"""How the characters of raw text are read, fast: each word by itself, and each word only once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cnchar.pinyin.pronounce import pronounce
from cnchar.pinyin.syllables import NUMBERS
from cnchar.pinyin.units import NO_UNIT, Units
from cnchar.train.text.whole_words import WordStarts

SILENT = 0xFFFF  # of what is not read: punctuation, digits, letters
SOUND = np.dtype("<u2")


class Sounds:
    """A function from lines to the units of their characters; words are those of `cnchar segment --model fast`."""

    def __init__(self, units: Units) -> None:
        self._starts = WordStarts()
        self._known = _Known(units)

    def __call__(self, lines: Sequence[str]) -> NDArray[np.uint16]:
        """Units (N,) of the lines packed one behind the other, each after one SILENT place."""
        text = "".join(f"\n{line}" for line in lines)
        places = [*np.flatnonzero(self._starts(lines)).tolist(), len(text)]
        known = self._known
        return np.frombuffer(b"".join([known[text[start:stop]] for start, stop in pairwise(places)]), SOUND)


class _Known(dict[str, bytes]):
    """The units of each word that was met, as bytes; forgotten when there are too many."""

    MOST = 1 << 20

    def __init__(self, units: Units) -> None:
        self._units = units

    def __missing__(self, word: str) -> bytes:
        if len(self) >= self.MOST:
            self.clear()
        numbers = np.array([-1 if sound is None else NUMBERS[sound.plain] for sound in pronounce([word])], np.int64)
        found = self._units.find(numbers, np.array([ord(character) for character in word], np.int64))
        self[word] = units = np.where(found == NO_UNIT, SILENT, found).astype(SOUND).tobytes()
        return units
