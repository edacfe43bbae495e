"""The units of pinyin2hanzi: what a syllable may stand for. zhang/长 and chang/长 are two.

Units are sorted by the number of their syllable, then the commoner first; a unit's number is its place in that order,
so all units of a syllable lie in one range. `units.tsv` has a line `zhang<TAB>长` for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cnchar.errors import BadInput
from cnchar.pinyin.readings import Readings
from cnchar.pinyin.syllables import NUMBERS, SYLLABLES

NO_UNIT = -1


@dataclass(frozen=True)
class Units:
    """U units: `characters` (U,) and the number of the syllable of each, (U,), sorted."""

    characters: str
    syllables: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.characters)

    @cached_property
    def firsts(self) -> NDArray[np.int32]:
        """(S + 1,): the units of syllable s are firsts[s] to firsts[s + 1]."""
        return np.searchsorted(self.syllables, np.arange(len(SYLLABLES) + 1)).astype(np.int32)

    @cached_property
    def sizes(self) -> NDArray[np.int32]:
        """How many units each syllable has, (S,)."""
        return np.diff(self.firsts)

    @cached_property
    def codes(self) -> NDArray[np.int64]:
        """The code point of each unit's character, (U,)."""
        return np.array([ord(character) for character in self.characters], np.int64)

    def find(self, syllables: NDArray[np.integer], codes: NDArray[np.integer]) -> NDArray[np.int32]:
        """The unit (N,) of each syllable number with each code point, NO_UNIT where there is none."""
        wanted = syllables.astype(np.int64) << 21 | codes.astype(np.int64)
        keys, order = self._keys
        at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[at] == wanted, order[at], NO_UNIT).astype(np.int32)

    @cached_property
    def _keys(self) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        keys = self.syllables.astype(np.int64) << 21 | self.codes
        order = np.argsort(keys)
        return keys[order], order

    def dumps(self) -> str:
        """The text of `units.tsv`."""
        pairs = zip(self.syllables.tolist(), self.characters, strict=True)
        return "".join(f"{SYLLABLES[syllable]}\t{character}\n" for syllable, character in pairs)


def units_of(readings: Readings) -> Units:
    """A unit for each character and each syllable that it may be read as, whatever the tone."""
    keys = readings.syllables.astype(np.int64) << 32 | readings.owners
    found, places = np.unique(keys, return_inverse=True)
    syllables, owners = found >> 32, found & 0xFFFFFFFF
    codes = np.array([ord(character) for character in readings.characters], np.int64)[owners]
    order = np.lexsort((codes, -np.bincount(places, readings.counts), syllables))
    return Units("".join(map(chr, codes[order].tolist())), syllables[order].astype(np.int16))


def read_units(lines: Iterable[str], name: str = "units.tsv") -> Units:
    """Read what `dumps` wrote. Raises BadInput, naming the line, for what is no unit or stands out of order."""
    characters, syllables = [], []
    for number, line in enumerate(lines, 1):
        syllable, _, character = line.rstrip("\n").partition("\t")
        if syllable not in NUMBERS or len(character) != 1:
            raise BadInput(f"{name}, line {number}: {line!r} is not a syllable and a character; build it anew.")
        characters.append(character)
        syllables.append(NUMBERS[syllable])
    if any(a > b for a, b in pairwise(syllables)) or len(set(zip(characters, syllables, strict=True))) < len(syllables):
        raise BadInput(f"{name}: its units are not sorted by syllable, or stand there twice; build it anew.")
    if not characters:
        raise BadInput(f"{name}: it has no units; build it anew.")
    return Units("".join(characters), np.array(syllables, np.int16))
