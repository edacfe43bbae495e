"""What each character may be mistaken for, and how likely each of that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cnchar.pinyin.likeness import NO_SYLLABLE, Shapes, Sound, Sounds
from cnchar.text.normalise import is_hanzi

SLOTS = 32  # alternatives of a character and a kind, each as often as it is likely
_COMMON, _RARE = 30.0, 1000.0  # ranks of characters: frequencies fall as 1 / (rank + _COMMON), and faster after _RARE
_TONE = 3.0  # times as likely a character of the same syllable is if it has the same tone

Rows = NDArray[np.int64]
Chosen = NDArray[np.bool_]
Pairs = Mapping[tuple[str, str], int]  # (right, wrong): how often
Likely = Mapping[int, Mapping[int, float]]


class Rivals:
    """What each character may be mistaken for, and how likely each of that is."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = characters
        self.numbers = {character: number for number, character in enumerate(characters) if len(character) == 1}
        self.hanzi = np.array([len(c) == 1 and is_hanzi(c) for c in characters])
        self._sounds, self._shapes = Sounds(characters), Shapes(characters)
        rank = np.cumsum(self.hanzi)
        self._weights = self.hanzi * np.exp(-rank / _RARE) / (rank + _COMMON)
        self._of_syllable: dict[int, set[int]] = defaultdict(set)
        for number, row in enumerate(self._sounds.syllables.tolist()):
            for syllable in row:
                if syllable != NO_SYLLABLE and self.hanzi[number]:
                    self._of_syllable[syllable].add(number)
        self._chance = np.random.default_rng(1)  # which alternatives get a slot is a matter of the table alone

    def by_sound(self) -> Likely:
        """By characters of the same syllable, those of the same tone first."""
        found = {}
        for number in self._with_sound():
            likely = self._likely(number, self._of_syllable[self._first(number)])
            toned = self._sounds.likeness(np.array(number), np.array(list(likely), np.int64)) == Sound.SAME
            found[number] = {r: w * (_TONE if same else 1) for (r, w), same in zip(likely.items(), toned, strict=True)}
        return found

    def by_syllables(self, alike: Chosen) -> Likely:
        """By characters of other syllables: `alike` (S + 1, S + 1) says which."""
        rivals = {
            syllable: set().union(*(self._of_syllable[s] for s in np.flatnonzero(alike[syllable]).tolist()))
            for syllable in list(self._of_syllable)
        }
        return {n: self._likely(n, rivals.get(self._first(n), set())) for n in self._with_sound()}

    def by_shape(self) -> Likely:
        """By characters that look alike, the commoner ones first."""
        return {n: self._likely(n, others) for n, others in self._shapes.alike.items() if self.hanzi[n]}

    def of_groups(self, groups: Iterable[str]) -> Likely:
        """By any other character of a group that both are in."""
        return {
            self.numbers[one]: {self.numbers[other]: 1.0 for other in group if other != one and other in self.numbers}
            for group in groups
            for one in group
            if one in self.numbers
        }

    def random(self) -> Likely:
        """By whatever chance gives, common characters more often."""
        some = self._chance.choice(np.flatnonzero(self.hanzi), (len(self.characters), SLOTS), p=self._shares())
        return {n: dict.fromkeys(row, 1.0) for n, row in enumerate(some.tolist())} if self.hanzi.any() else {}

    def of_pairs(self, pairs: Pairs) -> Likely:
        """As people did, as often as they did."""
        likely: dict[int, dict[int, float]] = defaultdict(dict)
        for (right, wrong), count in pairs.items():
            if right in self.numbers and wrong in self.numbers:
                likely[self.numbers[right]][self.numbers[wrong]] = float(count)
        return likely

    def fill(self, likely: Likely) -> Rows:
        """(S, SLOTS) from the likelihoods of each character's rivals; itself where it has none."""
        table = np.repeat(np.arange(len(self.characters))[:, None], SLOTS, axis=1)
        for number, rivals in likely.items():
            if rivals:
                shares = np.array(list(rivals.values()))
                table[number] = self._chance.choice(list(rivals), SLOTS, p=shares / shares.sum())
        return table

    def _likely(self, number: int, rivals: Iterable[int]) -> dict[int, float]:
        return {rival: float(self._weights[rival]) for rival in sorted(rivals) if rival != number}

    def _with_sound(self) -> list[int]:
        return [n for n in np.flatnonzero(self.hanzi).tolist() if self._first(n) != NO_SYLLABLE]

    def _first(self, number: int) -> int:
        return int(self._sounds.first[number])

    def _shares(self) -> NDArray[np.float64]:
        weights = self._weights[self.hanzi]
        return np.asarray(weights / weights.sum())
