"""From a typed line to what a decoder searches: its pinyin as edges between places, the rest as context."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnchar.decode.pinyin_lattice import KEPT, PinyinLattice
from cnchar.pinyin.letters import read_letters
from cnchar.pinyin.spellings import EXACT, Typing
from cnchar.pinyin.split import VOWEL_INSIDE, lattice_of
from cnchar.pinyin.syllables import SYLLABLES
from cnchar.pinyin.tokens import pieces, unknown_words

LONGEST = 256  # places that are decoded together; longer lines are cut, where there is punctuation if possible
_VOWELS = frozenset(number for number, syllable in enumerate(SYLLABLES) if syllable[0] in "aeoê")
_WORD = re.compile(r"\S+")
_CACHED = 32  # letters; longer words hardly come twice


class Edge(NamedTuple):
    """A syllable between two places of a word, where it stands in the word's text, and what it costs."""

    start: int
    stop: int
    syllable: int
    tone: int
    penalty: float
    begin: int
    end: int


@dataclass
class PinyinLine:
    """A line, its edges by columns (E,), and its `pinyin`: half-open stretches of the text that are converted.

    `begins` and `ends`: where each edge stands in the text. `unknown`: words that should be pinyin and are not.
    """

    text: str
    size: int = 0
    starts: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    syllables: list[int] = field(default_factory=list)
    tones: list[int] = field(default_factory=list)
    penalties: list[float] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    pinyin: list[tuple[int, int]] = field(default_factory=list)
    unknown: list[tuple[int, int]] = field(default_factory=list)

    def lattice(self) -> PinyinLattice:
        """The whole line as a decoder takes it."""
        return PinyinLattice(
            self.size,
            np.array(self.starts, np.int32),
            np.array(self.stops, np.int32),
            np.array(self.syllables, np.int16),
            np.array(self.tones, np.int8),
            np.array(self.penalties, np.float32),
            np.array(self.kept, np.int32),
        )

    def lattices(self) -> Iterator[tuple[PinyinLattice, NDArray[np.intp]]]:
        """What is decoded together, in order, each with the numbers of its edges in the line. Kept text alone is none.

        A path through the line is a path through each of them.
        """
        whole = self.lattice()
        if self.size <= LONGEST:
            if self.pinyin:
                yield whole, np.arange(len(whole))
            return
        for low, high in pairwise(_cuts(whole)):
            first, last = np.searchsorted(whole.starts, [low, high])
            inside = first + np.flatnonzero(whole.stops[first:last] <= high)
            starts, stops = whole.starts[inside] - np.int32(low), whole.stops[inside] - np.int32(low)
            alive = _alive(starts, stops, high - low)
            edges = inside[alive]
            if (whole.syllables[edges] != KEPT).any():
                yield replace(whole.restrict(edges), size=high - low, starts=starts[alive], stops=stops[alive]), edges


def read_line(text: str, typing: Typing = EXACT, *, all_pinyin: bool = False) -> PinyinLine:
    """Find the pinyin of a line (tokens.pieces says what is) and all the ways to cut it into syllables."""
    line = PinyinLine(text)
    begin = 0
    for number, part in enumerate(text.split("\n")):  # a newline in a text ends whatever stands before it
        if number:
            _add_kept(line, begin, begin + 1)
            begin += 1
        _add_part(line, begin, part, typing, all_pinyin=all_pinyin)
        begin += len(part)
    return line


def _add_part(line: PinyinLine, begin: int, text: str, typing: Typing, *, all_pinyin: bool) -> None:
    found = pieces(text, typing, all_pinyin=all_pinyin)
    for piece in found:
        start, stop = begin + piece.start, begin + piece.stop
        if piece.kind == "pinyin":
            line.pinyin.append((start, stop))
            _add_pinyin(line, start, text[piece.start : piece.stop], typing)
        elif piece.kind == "hanzi":
            for at in range(start, stop):
                _add_kept(line, at, at + 1)
        elif piece.kind != "space":
            _add_kept(line, start, stop)
    unknown = unknown_words(text, found, typing, all_pinyin=all_pinyin)
    line.unknown += [(begin + piece.start, begin + piece.stop) for piece in unknown]


def _add_kept(line: PinyinLine, begin: int, end: int) -> None:
    line.starts.append(line.size)
    line.size += 1
    line.stops.append(line.size)
    line.syllables.append(KEPT)
    line.tones.append(0)
    line.penalties.append(0.0)
    line.kept.append(ord(line.text[begin]))
    line.begins.append(begin)
    line.ends.append(end)


def _add_pinyin(line: PinyinLine, begin: int, text: str, typing: Typing) -> None:
    for match in _WORD.finditer(text):
        at, word = begin + match.start(), match.group()
        size, edges = _read_short(word, typing) if len(word) < _CACHED else _read_word(word, typing)
        for start, stop, syllable, tone, penalty, low, high in edges:
            line.starts.append(line.size + start)
            line.stops.append(line.size + stop)
            line.syllables.append(syllable)
            line.tones.append(tone)
            line.penalties.append(penalty)
            line.kept.append(0)
            line.begins.append(at + low)
            line.ends.append(at + high)
        line.size += size


def _read_word(word: str, typing: Typing) -> tuple[int, list[Edge]]:
    """How many places a word has after its first, and its edges. Only where a syllable may begin or end is a place."""
    lattice = lattice_of(read_letters(word), typing)
    assert lattice is not None, word
    places, ends = np.unique(np.concatenate([lattice.starts, lattice.stops]), return_inverse=True)
    count = len(lattice.starts)
    vowels = np.fromiter((s in _VOWELS for s in lattice.syllables.tolist()), bool, count)
    inside = vowels & ~lattice.breaks[lattice.starts]
    columns = (
        ends[:count],
        ends[count:],
        lattice.syllables,
        lattice.tones,
        lattice.penalties + VOWEL_INSIDE * inside,
        lattice.begins[lattice.starts],
        lattice.ends[lattice.stops - 1],
    )
    return len(places) - 1, list(map(Edge, *(column.tolist() for column in columns)))


_read_short = lru_cache(maxsize=1 << 14)(_read_word)


def _cuts(lattice: PinyinLattice) -> list[int]:
    """Places to cut a long lattice at, with both ends: after punctuation, else where all ways meet, else on one way."""
    size = lattice.size
    furthest = np.zeros(size + 2, np.int32)
    np.maximum.at(furthest, lattice.starts + 1, lattice.stops)
    meeting = np.maximum.accumulate(furthest)[:-1] <= np.arange(size + 1)
    marks = [not chr(code).isalnum() for code in lattice.kept.tolist()]
    after = np.zeros(size + 1, bool)
    after[lattice.stops[(lattice.kept > 0) & marks]] = True
    way = np.zeros(size + 1, bool)
    way[_one_way(lattice)] = True
    places = [0]
    while size - places[-1] > LONGEST:
        middle, most = places[-1] + LONGEST // 2, places[-1] + LONGEST
        here = (np.flatnonzero(good[middle : most + 1]) for good in (after, meeting, way))
        places.append(middle + int(next(found for found in here if len(found))[-1]))
    return [*places, size]


def _one_way(lattice: PinyinLattice) -> list[int]:
    """The places of the way with the fewest edges, from the last to the first."""
    fewest, before = [lattice.size + 1] * (lattice.size + 1), [0] * (lattice.size + 1)
    fewest[0] = 0
    for start, stop in zip(lattice.starts.tolist(), lattice.stops.tolist(), strict=True):
        if fewest[start] + 1 < fewest[stop]:
            fewest[stop], before[stop] = fewest[start] + 1, start
    places = [lattice.size]
    while places[-1]:
        places.append(before[places[-1]])
    return places


def _alive(starts: NDArray[np.int32], stops: NDArray[np.int32], size: int) -> NDArray[np.intp]:
    """Which edges, sorted by start, lie on a way from 0 to `size`: where edges are cut away, others lead nowhere."""
    pairs = list(zip(starts.tolist(), stops.tolist(), strict=True))
    left, right = bytearray(size + 1), bytearray(size + 1)
    left[0] = right[size] = 1
    for start, stop in pairs:
        left[stop] |= left[start]
    for start, stop in reversed(pairs):
        right[start] |= right[stop]
    return np.array([n for n, (start, stop) in enumerate(pairs) if left[start] and right[stop]], np.intp)
