"""How alike characters sound and look: what people mix up when they type, and what a reader takes for another.

Both are asked of numbers, the characters' places in a list, for any arrays of pairs at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.syllables import NUMBERS, PARTS, SYLLABLES

SHAPES = Path(__file__).parent / "data" / "shapes.tsv"
NO_SYLLABLE = len(SYLLABLES)  # of what is no hanzi
_READINGS = 3  # of a character, at most
_SHARE = 0.02  # of its occurrences that a reading must have to count, unless it is the first

_INITIALS = "zh=z ch=c sh=s n=l l=r f=h g=k b=p d=t j=q z=c zh=ch"
_FINALS = "an=ang en=eng in=ing ian=iang uan=uang"

Index = NDArray[np.integer]
Grades = NDArray[np.uint8]


class Sound(IntEnum):
    """How alike two characters sound at best, over all their readings."""

    OTHER = 0
    NEAR = 1  # by an initial or a final, or both, that many speakers or keyboards mix up
    SYLLABLE = 2  # tones aside
    SAME = 3


class Sounds:
    """The readings of some characters, numbered as they come; what is no hanzi sounds like nothing."""

    def __init__(self, characters: Sequence[str]) -> None:
        readings = load_readings()
        self.syllables = np.full((len(characters), _READINGS), NO_SYLLABLE, np.int16)  # (C, R)
        self.tones = np.zeros((len(characters), _READINGS), np.int8)
        for number, character in enumerate(characters):
            found = readings.of(character) if len(character) == 1 else ()
            kept = [r for i, r in enumerate(found[:_READINGS]) if not i or r.share >= _SHARE]
            for i, reading in enumerate(kept):
                self.syllables[number, i] = NUMBERS[reading.syllable.plain]
                self.tones[number, i] = reading.syllable.tone

    @property
    def first(self) -> NDArray[np.int16]:
        """The syllable of each character's commonest reading, (C,); NO_SYLLABLE where it has none."""
        return self.syllables[:, 0]

    def likeness(self, ones: Index, others: Index) -> Grades:
        """The Sound of pairs of characters by number; any shapes that fit together."""
        ones, others = np.broadcast_arrays(ones, others)
        a, b = self.syllables[ones][..., :, None], self.syllables[others][..., None, :]  # (..., R, 1), (..., 1, R)
        known = (a != NO_SYLLABLE) & (b != NO_SYLLABLE)
        same = (a == b) & known
        toned = same & (self.tones[ones][..., :, None] == self.tones[others][..., None, :])
        near = near_syllables()[a, b] & known
        grades = np.where(toned, Sound.SAME, np.where(same, Sound.SYLLABLE, np.where(near, Sound.NEAR, Sound.OTHER)))
        out: Grades = grades.max(axis=(-1, -2)).astype(np.uint8)
        return out


class Shapes:
    """Which of some characters look alike, from a table that ships with the package (corpora/recipes/shapes)."""

    def __init__(self, characters: Sequence[str]) -> None:
        self._size = len(characters)
        numbers = {character: number for number, character in enumerate(characters)}
        self.alike: dict[int, list[int]] = {
            numbers[one]: [numbers[other] for other in others if other in numbers]
            for one, others in load_shapes().items()
            if one in numbers
        }
        pairs = [a * self._size + b for a, others in self.alike.items() for b in others]
        pairs += [b * self._size + a for a, others in self.alike.items() for b in others]
        self._pairs = np.unique(np.array(pairs, np.int64))

    def likeness(self, ones: Index, others: Index) -> NDArray[np.bool_]:
        """Whether pairs of characters, by number, look alike; any shapes that fit together."""
        wanted = np.asarray(ones, np.int64) * self._size + others
        if not len(self._pairs):
            return np.zeros(wanted.shape, np.bool_)
        at = np.minimum(np.searchsorted(self._pairs, wanted), len(self._pairs) - 1)
        return np.asarray(self._pairs[at] == wanted)


@cache
def load_shapes(path: Path = SHAPES) -> dict[str, str]:
    """For each character those that look like it, the likest first."""
    rows = path.read_text(encoding="utf-8").split("\n")
    pairs = (row.partition("\t") for row in rows if row and not row.startswith("#"))
    return {character: others for character, _, others in pairs}


@cache
def near_syllables() -> NDArray[np.bool_]:
    """Which syllables are taken for each other: (S + 1, S + 1) by number, symmetric; none is near itself."""
    near = np.zeros((NO_SYLLABLE + 1, NO_SYLLABLE + 1), np.bool_)
    for syllable, (initial, final) in PARTS.items():
        for other_initial in (initial, *_swaps(_INITIALS).get(initial, ())):
            for other_final in (final, *_swaps(_FINALS).get(final, ())):
                number = NUMBERS.get(other_initial + other_final)
                if number is not None and number != NUMBERS[syllable]:
                    near[NUMBERS[syllable], number] = True
    return near | near.T


@cache
def kin_syllables() -> NDArray[np.bool_]:
    """Which other syllables share an initial or a final and are not near, as in near_syllables."""
    kin = np.zeros((NO_SYLLABLE + 1, NO_SYLLABLE + 1), np.bool_)
    parts = [PARTS[syllable] for syllable in SYLLABLES]
    for side in range(2):
        names = np.array([each[side] for each in parts])
        kin[:-1, :-1] |= (names[:, None] == names) & (names != "")
    np.fill_diagonal(kin, val=False)
    return kin & ~near_syllables()


def blurred(plain: str) -> str:
    """A syllable in the mouth of a speaker without retroflex initials and final ng: `zhang` is `zan`."""
    initial, final = PARTS[plain]
    return initial[:1] + (final if final == "ng" else final.removesuffix("g"))


@cache
def _swaps(pairs: str) -> dict[str, tuple[str, ...]]:
    """What each side of pairs such as `zh=z` may be taken for."""
    both = [side for pair in pairs.split() for side in (pair.split("="), pair.split("=")[::-1])]
    return {one: tuple(other for first, other in both if first == one) for one, _ in both}
