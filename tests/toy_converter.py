"""A decoder in plain Python over the readings that ship with the package: slow and simple, for tests of what is around.

Words earn a bonus; a network's scores are added where they are given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from cnchar.decode.pinyin_lattice import KEPT, Path, PinyinLattice
from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.spellings import syllables_of
from cnchar.pinyin.syllables import Syllable
from cnchar.pinyin.units import Units, units_of
from cnchar.tasks.unit_scores import OneWay, UnitScores

WORDS = ("我们", "明天", "北京", "开会", "你好", "坏了", "西安", "先生", "中国", "我的", "出境", "手续", "在哪", "那儿")
WORTH = 4.0


@cache
def units() -> Units:
    """The units of the package's readings."""
    return units_of(load_readings())


@dataclass
class ToyDecoder:
    """Finds the best paths by a beam of whole texts, of each syllable `most` characters. Counts what it is asked."""

    words: Sequence[str] = WORDS
    most: int = 12
    decoded: int = 0

    @property
    def silent(self) -> frozenset[int]:
        """Syllables without characters."""
        return frozenset(np.flatnonzero(units().sizes == 0).tolist())

    def decode(
        self, lattices: Sequence[PinyinLattice], unary: Sequence[UnitScores | None] | None = None, nbest: int = 1
    ) -> list[list[Path]]:
        self.decoded += len(lattices)
        scores = unary or [None] * len(lattices)
        return [self._one(lattice, given, nbest) for lattice, given in zip(lattices, scores, strict=True)]

    def with_words(self, words: Sequence[tuple[str, tuple[Syllable, ...], int]]) -> ToyDecoder:
        """One that knows further words; their weights say nothing here."""
        return ToyDecoder((*self.words, *(text for text, _, _ in words)), self.most)

    def _one(self, lattice: PinyinLattice, unary: UnitScores | None, nbest: int) -> list[Path]:
        beams: list[list[Path]] = [[] for _ in range(lattice.size + 1)]
        beams[0] = [Path(0.0, (), (), ())]
        columns = (lattice.starts, lattice.stops, lattice.syllables, lattice.tones, lattice.penalties)
        for edge, (start, stop, syllable, tone, penalty) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
            beams[start] = _best(beams[start], max(16, nbest))
            for text, sound, score in _choices(syllable, tone, self.most):
                worth = score - penalty + (_of_unit(unary, start, sound, text) if unary else 0.0)
                beams[stop] += [self._grown(path, edge, text, sound, worth) for path in beams[start]]
        return _best(beams[-1], nbest)

    def _grown(self, path: Path, edge: int, text: str, syllable: int, score: float) -> Path:
        whole = "".join((*path.text, text))
        bonus = sum(WORTH * len(word) for word in self.words if text and whole.endswith(word))
        edges, texts, syllables = (*path.edges, edge), (*path.text, text), (*path.syllables, syllable)
        return Path(path.score + score + bonus, edges, texts, syllables)


@dataclass(frozen=True)
class ToyNetwork:
    """Likes some characters better than all others. Only for lattices that are one way."""

    liked: str

    def __call__(self, ways: Sequence[OneWay]) -> list[UnitScores]:
        return [self._one(way) for way in ways]

    def _one(self, way: OneWay) -> UnitScores:
        firsts, values, offsets = units().firsts, [], [0]
        for syllable in way.syllables.tolist():
            characters = units().characters[firsts[syllable] : firsts[syllable + 1]] if syllable != KEPT else ""
            values += [0.0 if character in self.liked else -15.0 for character in characters]
            offsets.append(len(values))
        return UnitScores(np.array(offsets), np.array(values, np.float32))


def _of_unit(unary: UnitScores, place: int, syllable: int, character: str) -> float:
    if syllable == KEPT:
        return 0.0
    unit = int(units().find(np.array([syllable]), np.array([ord(character)]))[0])
    return float(unary.values[unary.offsets[place] + unit - units().firsts[syllable]])


def _choices(syllable: int, tone: int, most: int) -> Iterator[tuple[str, int, float]]:
    if syllable == KEPT:
        yield "", KEPT, 0.0
        return
    readings = load_readings()
    total = float(readings.counts.sum())
    for sound in syllables_of(syllable):
        rows = readings.rows_of(sound, tone)
        for row in (rows if len(rows) else readings.rows_of(sound))[:most]:
            character = readings.characters[readings.owners[row]]
            yield character, sound, math.log((int(readings.counts[row]) + 0.5) / total)


def _best(paths: Iterable[Path], count: int) -> list[Path]:
    best: dict[tuple[tuple[str, ...], tuple[int, ...]], Path] = {}
    for path in sorted(paths, key=lambda path: -path.score):
        best.setdefault((path.text, path.edges), path)
    return list(best.values())[:count]
