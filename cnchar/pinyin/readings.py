"""How each character may be read and how likely each reading is, from a table that ships with the package.

The table was counted over text of many domains (corpora/recipes/readings). Both views are here: the readings of a
character, and the characters of a syllable, which is what a decoder of pinyin asks for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnchar.pinyin.dictionary import listed_readings
from cnchar.pinyin.styles import read
from cnchar.pinyin.syllables import NEUTRAL, NO_TONE, NUMBERS, SYLLABLES, Syllable

TABLE = Path(__file__).parent / "data" / "readings.tsv"
_PRIOR = 0.5  # how often the first reading of a character counts as seen before any text; the next half as often


@dataclass(frozen=True)
class Reading:
    """A reading of a character, and its share of the character's occurrences: the shares add up to one."""

    syllable: Syllable
    share: float


@dataclass(frozen=True)
class Readings:
    """A table of R readings of C characters, sorted by character: the most frequent first, each with its best first."""

    characters: str  # (C,)
    offsets: NDArray[np.int32]  # (C + 1,) the readings of character c are rows offsets[c] to offsets[c + 1]
    syllables: NDArray[np.int16]  # (R,)
    tones: NDArray[np.int8]  # (R,) 1 to 5
    counts: NDArray[np.int32]  # (R,) 0 where a reading is known and was not seen

    @cached_property
    def owners(self) -> NDArray[np.int32]:
        """Which character each reading belongs to, (R,)."""
        return np.repeat(np.arange(len(self.characters), dtype=np.int32), np.diff(self.offsets))

    @cached_property
    def shares(self) -> NDArray[np.float32]:
        """P(reading | character), (R,), with something left for what was not seen."""
        rank = np.arange(len(self.owners)) - self.offsets[self.owners]
        weights = self.counts + _PRIOR * 0.5**rank
        return np.asarray(weights / np.bincount(self.owners, weights)[self.owners], np.float32)

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {character: number for number, character in enumerate(self.characters)}

    @cached_property
    def _by_syllable(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        order = np.argsort(self.syllables, kind="stable")
        return order, np.searchsorted(self.syllables[order], np.arange(len(SYLLABLES) + 1))

    def of(self, character: str) -> tuple[Reading, ...]:
        """The readings of one character, likeliest first; () for what has none. Rare characters are looked up."""
        number = self._numbers.get(character)
        if number is None:
            return _guess(listed_readings(character))
        rows = range(self.offsets[number], self.offsets[number + 1])
        found = [
            Reading(Syllable(SYLLABLES[self.syllables[r]], int(self.tones[r])), float(self.shares[r])) for r in rows
        ]
        return tuple(sorted(found, key=lambda reading: -reading.share))

    def rows_of(self, syllable: int, tone: int = NO_TONE) -> NDArray[np.intp]:
        """The rows with this syllable, characters in order of frequency; of one tone if given.

        Many characters lose their tone in speech, so the neutral tone falls back on all rows where none has it.
        """
        order, starts = self._by_syllable
        rows = order[starts[syllable] : starts[syllable + 1]]
        if tone == NO_TONE:
            return rows
        exact = rows[self.tones[rows] == tone]
        return rows if tone == NEUTRAL and not len(exact) else exact

    @cached_property
    def syllable_costs(self) -> list[float]:
        """-log P(syllable) in nats by number: what split.best_path wants."""
        counts = np.bincount(self.syllables, self.counts, minlength=len(SYLLABLES)) + 0.5
        return [-math.log(share) for share in (counts / counts.sum()).tolist()]


def _guess(listed: tuple[Syllable, ...]) -> tuple[Reading, ...]:
    """Shares by the order of a dictionary alone: each half of the one before."""
    whole = sum(0.5**rank for rank in range(len(listed)))
    return tuple(Reading(syllable, 0.5**rank / whole) for rank, syllable in enumerate(listed))


@cache
def load_readings(path: Path = TABLE) -> Readings:
    """The table that ships with the package, or another one of that form."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        return parse_readings(lines)


def parse_readings(lines: Iterable[str]) -> Readings:
    """A table of lines such as `行<TAB>xing2 5021 hang2 2340 heng2 0`; # starts a comment."""
    characters, offsets, syllables, tones, counts = [], [0], [], [], []
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        character, _, cells = line.rstrip("\n").partition("\t")
        fields = cells.split(" ")
        for written, count in zip(fields[::2], fields[1::2], strict=True):
            syllable = read(written)
            assert syllable is not None, line
            syllables.append(NUMBERS[syllable.plain])
            tones.append(syllable.tone)
            counts.append(int(count))
        characters.append(character)
        offsets.append(len(syllables))
    return Readings(
        "".join(characters),
        np.array(offsets, np.int32),
        np.array(syllables, np.int16),
        np.array(tones, np.int8),
        np.array(counts, np.int32),
    )
