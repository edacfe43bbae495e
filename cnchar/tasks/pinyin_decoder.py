"""From pinyin lattices to the likeliest hanzi: words from a dictionary, scores from look-up tables, a beam search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cnchar.decode.beam import Beam, Edges, Trace, search
from cnchar.decode.pinyin_lattice import KEPT, Path, PinyinLattice
from cnchar.lookup.pinyin_scores import BORDER, LATIN, NUMBER, OTHER, PinyinScores
from cnchar.lookup.pinyin_words import NOTHING, PinyinWords, SyllableEdges, WordEdges, key_of, ragged
from cnchar.pinyin.spellings import syllables_of
from cnchar.pinyin.syllables import SYLLABLES
from cnchar.pinyin.units import Units

MOST = 40  # words of one sound
WRONG_TONE = 6.0  # nats: what a typed tone costs that the character does not have
LOST_TONE = 1.0  # a neutral tone that the tables do not know: many are lost in speech
_NEVER = -20.0  # nats, for a unit that the network does not know
DEFAULT_BEAM = Beam()
_PER_LINE = 2000  # ways looked at to find the best ones with different texts

Index = NDArray[np.intp]
Floats = NDArray[np.float32]


class Unary(Protocol):
    """What a network says of the units at each place of a lattice that is one way (tasks.unit_scores)."""

    @property
    def offsets(self) -> Index: ...

    @property
    def values(self) -> Floats: ...


@dataclass(frozen=True)
class PinyinTables:
    """The words, how they score, and the units they are made of.

    Units of a user's own, pairs of a syllable and a character that the model does not know, have the numbers behind.
    """

    words: PinyinWords
    scores: PinyinScores
    units: Units
    tones: NDArray[np.uint8]  # (U + own,) for each unit which tones it has, tone t as 1 << t
    network: float = 1.0  # the weight of a network's scores
    own: str = ""  # the characters of the user's own units

    @cached_property
    def texts(self) -> NDArray[np.str_]:
        """The character of each unit, and behind them nothing, (U + own + 1,)."""
        return np.array([*self.units.characters, *self.own, ""])

    @cached_property
    def by_character(self) -> tuple[NDArray[np.int64], Index]:
        """The units sorted by character: code points (U,), units (U,)."""
        order = np.argsort(self.units.codes, kind="stable")
        return self.units.codes[order], order


@dataclass(frozen=True)
class PinyinDecoder:
    """Finds the best paths through lattices. Thread-safe."""

    tables: PinyinTables
    beam: Beam = DEFAULT_BEAM

    @property
    def silent(self) -> frozenset[int]:
        """The syllables, by number, that no word of one syllable has: no lattice may hold them."""
        alone = np.array([key_of([number]) for number in range(len(SYLLABLES))])
        return frozenset(np.flatnonzero(~np.isin(alone, self.tables.words.keys)).tolist())

    def decode(
        self, lattices: Sequence[PinyinLattice], unary: Sequence[Unary | None] | None = None, nbest: int = 1
    ) -> list[list[Path]]:
        """The `nbest` best paths of each lattice with different texts, best first.

        Args:
            unary: scores of a network, for lattices that are one single way.
        """
        if not lattices:
            return []
        row, found, trace, ends = self._search(lattices, unary, keep_pairs=nbest > 1)
        writer = _Writer(row, found, self.tables)
        if nbest == 1:
            ways = trace.best_ways(ends)
            totals = trace.totals[ends].tolist()
            return [[writer.path(way, total)] for way, total in zip(ways, totals, strict=True)]
        return [list(_different(writer, trace, end, nbest)) for end in ends.tolist()]

    def totals(self, lattices: Sequence[PinyinLattice]) -> Floats:
        """The score of the best path of each lattice, nats, (N,)."""
        if not lattices:
            return np.zeros(0, np.float32)
        _, _, trace, ends = self._search(lattices, None, keep_pairs=False)
        return trace.totals[ends]

    def _search(
        self, lattices: Sequence[PinyinLattice], unary: Sequence[Unary | None] | None, *, keep_pairs: bool
    ) -> tuple[_Row, _Found, Trace, Index]:
        """What was searched, what was found, and the last edge of each lattice."""
        row = _Row(lattices, self.tables)
        found = row.words(unary)
        trace = search(found.edges, self.tables.scores, self.beam, keep_pairs=keep_pairs)
        lasts = np.empty(row.places, np.intp)
        lasts[found.edges.stops[trace.order]] = np.arange(len(trace.order))
        return row, found, trace, lasts[row.ends]


def _different(writer: _Writer, trace: Trace, end: int, nbest: int) -> Iterator[Path]:
    """The best paths of a line that do not read the same."""
    seen: set[str] = set()
    for looked, (total, way) in enumerate(trace.all_ways(end)):
        path = writer.path(way, total)
        text = "".join(path.text)
        if text not in seen:
            seen.add(text)
            yield path
        if len(seen) == nbest or looked >= _PER_LINE:
            return


@dataclass(frozen=True)
class _Found:
    """The words of a batch as edges, and the row's edges that each covers."""

    edges: Edges
    syllables: NDArray[np.int32]  # (E, LONGEST) of the row, NOTHING behind the last


class _Row:
    """The edges of all lattices in one row: abbreviations as all they may stand for, hanzi as all their readings.

    Behind each line is one place more, to which its end is an edge.
    """

    def __init__(self, lattices: Sequence[PinyinLattice], tables: PinyinTables) -> None:
        self.tables = tables
        counts = np.array([len(lattice) for lattice in lattices])
        sizes = np.array([lattice.size for lattice in lattices])
        base = np.cumsum(sizes + 2) - (sizes + 2)
        self.lines = np.repeat(np.arange(len(lattices)), counts)
        self.numbers = np.arange(len(self.lines)) - np.repeat(np.cumsum(counts) - counts, counts)
        starts = np.concatenate([lattice.starts for lattice in lattices]) + base[self.lines]
        stops = np.concatenate([lattice.stops for lattice in lattices]) + base[self.lines]
        self.syllables = np.concatenate([lattice.syllables for lattice in lattices]).astype(np.int32)
        self.tones = np.concatenate([lattice.tones for lattice in lattices])
        self.penalties = np.concatenate([lattice.penalties for lattice in lattices])
        self.kept = np.concatenate([lattice.kept for lattice in lattices])
        used, places = np.unique(
            np.concatenate([starts, stops, base, base + sizes, base + sizes + 1]), return_inverse=True
        )
        self.places = len(used)
        self.starts, self.stops = places[: len(starts)], places[len(starts) : 2 * len(starts)]
        begins, self.lasts, self.ends = places[2 * len(starts) :].reshape(3, -1)
        self.steps = np.arange(self.places) - np.repeat(begins, np.diff(np.append(begins, self.places)))
        self.only = np.full(len(starts), NOTHING)
        self._spell_out()

    def _spell_out(self) -> None:
        """Replace an edge that stands for several syllables by all of them."""
        many = self.syllables >= len(SYLLABLES)
        hanzi = (self.syllables == KEPT) & (self.kept > 0)
        if not (many.any() or hanzi.any()):
            return
        codes, by_code = self.tables.by_character
        first = np.searchsorted(codes, self.kept)
        readings = np.where(hanzi, np.searchsorted(codes, self.kept, side="right") - first, 0)
        sounds = {number: np.array(syllables_of(number)) for number in set(self.syllables[many].tolist())}
        counts = np.maximum(readings, 1)
        counts[many] = [len(sounds[number]) for number in self.syllables[many].tolist()]
        owners, rank = ragged(counts)
        syllables = self.syllables[owners]
        for number, each in sounds.items():
            at = self.syllables[owners] == number
            syllables[at] = each[rank[at]]
        known = readings[owners] > 0
        only = np.where(known, by_code[np.minimum(first[owners] + rank, len(codes) - 1)], NOTHING)
        syllables[known] = self.tables.units.syllables[only[known]]
        self.lines, self.numbers, self.starts, self.stops, self.tones, self.penalties, self.kept = (
            column[owners]
            for column in (self.lines, self.numbers, self.starts, self.stops, self.tones, self.penalties, self.kept)
        )
        self.syllables, self.only = syllables, only

    def words(self, unary: Sequence[Unary | None] | None) -> _Found:
        """All words there may be, with what is known of each whatever stands before it."""
        sounds = np.flatnonzero(self.syllables != KEPT)
        row = SyllableEdges(self.starts[sounds], self.stops[sounds], self.syllables[sounds], self.places)
        found = self.tables.words.between(row, MOST)
        numbers = np.where(found.syllables >= 0, sounds.astype(np.int32).take(found.syllables), NOTHING)
        found = WordEdges(found.words, numbers)
        units = self._units(found)
        if (self.only != NOTHING).any():
            only = np.where(numbers >= 0, self.only[numbers], NOTHING)
            fits = ((only == NOTHING) | (only == units)).all(axis=1)
            found, units = WordEdges(found.words[fits], numbers[fits]), units[fits]
        scores = self._given(found.syllables, units, unary)
        return self._with_symbols(found, scores)

    def _units(self, found: WordEdges) -> NDArray[np.int32]:
        """The units of each word, (E, LONGEST), NOTHING behind the last."""
        words = self.tables.words
        at = words.offsets[found.words][:, None] + np.arange(found.syllables.shape[1])
        inside = np.minimum(at, len(words.units) - 1)
        return np.where(found.syllables >= 0, words.units.take(inside).astype(np.int32), NOTHING)

    def _given(
        self, syllables: NDArray[np.int32], units: NDArray[np.int32], unary: Sequence[Unary | None] | None
    ) -> Floats:
        """What penalties, tones and a network say of each word, nats."""
        inside = syllables >= 0
        scores = np.zeros(len(syllables), np.float32)
        if self.penalties.any():
            scores -= np.where(inside, self.penalties.take(syllables), 0).sum(axis=1)
        if self.tones.any():
            tones = np.where(inside, self.tones.take(syllables), 0)
            known = np.append(self.tables.tones, np.uint8(255)).take(units) >> tones & 1 == 1
            wrong = np.where(tones == 5, LOST_TONE, WRONG_TONE)
            scores -= np.where(known | (tones == 0), 0, wrong).sum(axis=1).astype(np.float32)
        if unary is not None:
            scores += self.tables.network * self._of_network(syllables, units, unary)
        return scores

    def _of_network(
        self, syllables: NDArray[np.int32], units: NDArray[np.int32], unary: Sequence[Unary | None]
    ) -> Floats:
        """The sum of the network's scores of the units of each word."""
        values = np.concatenate([each.values for each in unary if each is not None] + [np.zeros(1, np.float32)])
        begin = np.full(len(unary) + 1, NOTHING)
        sizes = np.array([0 if each is None else len(each.values) for each in unary])
        begin[:-1] = np.cumsum(sizes) - sizes
        offsets = np.full(len(self.lines), NOTHING)
        for line, each in enumerate(unary):
            if each is not None:
                at = slice(*np.searchsorted(self.lines, [line, line + 1]))
                offsets[at] = begin[line] + each.offsets[self.numbers[at]]
        firsts = self.tables.units.firsts
        place = offsets.take(syllables) + units - firsts.take(self.syllables.take(syllables))
        scored = (syllables >= 0) & (offsets.take(syllables) >= 0) & (self.kept.take(syllables) == 0)
        known = scored & (units < len(self.tables.units))
        found = np.where(known, values.take(np.where(known, place, 0)), np.where(scored, _NEVER, 0))
        total: Floats = found.sum(axis=1).astype(np.float32)
        return total

    def _with_symbols(self, found: WordEdges, scores: Floats) -> _Found:
        """The words with an edge for each text that is no word, and for the end of each line."""
        size = self.tables.scores.size
        first = np.ones(len(self.starts), bool)  # of the edges that came from one
        first[1:] = (self.lines[1:] != self.lines[:-1]) | (self.numbers[1:] != self.numbers[:-1])
        given_edge = np.cumsum(first) - 1
        has_word = np.zeros(int(given_edge[-1]) + 1, bool)
        has_word[given_edge[found.syllables[found.syllables[:, 1] == NOTHING, 0]]] = True
        alone = np.flatnonzero(first & ~has_word[given_edge])
        last = len(self.ends)
        wide = np.full((len(alone) + last, found.syllables.shape[1]), NOTHING, np.int32)
        wide[: len(alone), 0] = alone
        syllables = np.concatenate([found.syllables, wide])
        count = np.maximum((found.syllables >= 0).sum(axis=1), 1)
        ends = found.syllables[np.arange(len(count)), count - 1]
        starts = np.concatenate([self.starts[found.syllables[:, 0]], self.starts[alone], self.lasts])
        stops = np.concatenate([self.stops[ends], self.stops[alone], self.ends])
        symbols = size + np.concatenate([_symbols(self.kept[alone]), np.full(last, BORDER)])
        lost = np.where(self.kept[alone] > 0, 0, _NEVER).astype(np.float32)
        given = np.concatenate([scores, lost - self.penalties[alone], np.zeros(last, np.float32)])
        edges = Edges(starts, stops, np.concatenate([found.words, symbols]), given, self.steps)
        return _Found(edges, syllables)


def _symbols(kept: NDArray[np.int32]) -> Index:
    """What stands for text that is no word, by its first character: (N,)."""
    symbols = np.full(len(kept), BORDER)
    for at, code in enumerate(kept.tolist()):
        character = chr(code)
        if code == 0 or character >= "\u3400":
            symbols[at] = OTHER if code == 0 or character.isalpha() else BORDER
        elif character.isdecimal():
            symbols[at] = NUMBER
        elif character.isalpha():
            symbols[at] = LATIN
    return symbols


class _Writer:
    """Writes down the ways that were found."""

    def __init__(self, row: _Row, found: _Found, tables: PinyinTables) -> None:
        self._row, self._tables = row, tables
        self._words, self._syllables = found.edges.words, found.syllables
        self._offsets, self._units = tables.words.offsets, tables.words.units

    def path(self, way: Sequence[int], score: float) -> Path:
        """The path of a way through the words of a line, without the end of the line."""
        at = np.array(way[:-1], np.intp)
        syllables = self._syllables[at]
        inside = syllables >= 0
        edges = syllables[inside]
        words = self._words[at]
        known = words < self._tables.scores.size
        first = np.where(known, self._offsets.take(np.where(known, words, 0)), 0)
        units = self._units.take(np.minimum(first[:, None] + np.arange(syllables.shape[1]), len(self._units) - 1))
        text = self._tables.texts.take(np.where(known[:, None], units.astype(np.int32), -1)[inside])
        kept = self._row.kept[edges] > 0
        return Path(
            score,
            tuple(self._row.numbers[edges].tolist()),
            tuple("" if left else each for left, each in zip(kept.tolist(), text.tolist(), strict=True)),
            tuple(np.where(kept, KEPT, self._row.syllables[edges]).tolist()),
        )
