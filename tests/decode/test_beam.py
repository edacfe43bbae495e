"""The search finds what trying all ways finds, for scores that look at the word before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from cnchar.decode.beam import Beam, Edges, search

WORDS = 6


@dataclass
class Last:
    """Remembers the last word."""

    words: NDArray[np.intp]

    def take(self, at: NDArray[np.intp]) -> Last:
        return Last(self.words[at])

    def put(self, at: NDArray[np.intp], states: Last) -> None:
        self.words[at] = states.words


@dataclass
class Bigrams:
    """A table of bigrams; row WORDS is the beginning."""

    table: NDArray[np.float32]

    def begin(self, count: int) -> Last:
        return Last(np.full(count, WORDS))

    def follow(self, states: Last, owners: NDArray[np.intp], words: NDArray[np.intp]) -> NDArray[np.float32]:
        return self.table[states.words, words[owners]]

    def after(self, states: Last, words: NDArray[np.intp]) -> Last:
        return Last(words)


def random_lines(seed: int) -> tuple[Edges, NDArray[np.float32], list[int]]:
    """Lines of random lengths with random words between their places, each of which can be reached."""
    rng = np.random.default_rng(seed)
    starts, stops, steps, ends = [], [], [], []
    for length in rng.integers(1, 5, size=3).tolist():
        base = len(steps)
        steps += range(length + 1)
        ends.append(base + length)
        for stop in range(1, length + 1):
            for start in {stop - 1, int(rng.integers(0, stop))}:
                count = int(rng.integers(1, 4))
                starts += [base + start] * count
                stops += [base + stop] * count
    order = rng.permutation(len(starts))
    words, scores = rng.integers(0, WORDS, len(starts)), rng.normal(size=len(starts)).astype(np.float32)
    edges = Edges(np.array(starts)[order], np.array(stops)[order], words, scores, np.array(steps))
    return edges, rng.normal(size=(WORDS + 1, WORDS)).astype(np.float32), ends


def all_ways(edges: Edges, table: NDArray[np.float32], begin: int, end: int) -> list[tuple[float, list[int]]]:
    """Every way from a place to another with its score, the best first."""
    ways = [(0.0, WORDS, begin, list[int]())]
    done = []
    while ways:
        score, before, place, way = ways.pop()
        if place == end:
            done.append((score, way))
        for edge in np.flatnonzero(edges.starts == place).tolist():
            word = int(edges.words[edge])
            worth = score + float(table[before, word]) + float(edges.scores[edge])
            ways.append((worth, word, int(edges.stops[edge]), [*way, edge]))
    return sorted(done, key=lambda each: -each[0])


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 10**6))
def test_best_ways_are_those_of_trying_all(seed: int) -> None:
    edges, table, ends = random_lines(seed)
    trace = search(edges, Bigrams(table), Beam(100, 1000.0), keep_pairs=True)
    for line, end in enumerate(ends):
        expected = all_ways(edges, table, ends[line - 1] + 1 if line else 0, end)
        into = np.flatnonzero(edges.stops[trace.order] == end)
        last = into[trace.totals[into].argmax()]
        assert trace.totals[last] == pytest.approx(expected[0][0], abs=1e-4)
        assert trace.best_ways(np.array([last]))[0] == expected[0][1]
        through = [(score, way) for score, way in expected if way[-1] == trace.order[last]]
        found = list(trace.all_ways(int(last)))
        assert [score for score, _ in found] == pytest.approx([score for score, _ in through], abs=1e-4)
        assert sorted(way for _, way in found) == sorted(way for _, way in through)


def test_a_narrow_beam_still_reaches_every_end() -> None:
    edges, table, ends = random_lines(7)
    trace = search(edges, Bigrams(table), Beam(1, 0.5))
    assert trace.pairs is None
    for end in ends:
        into = np.flatnonzero(edges.stops[trace.order] == end)
        (way,) = trace.best_ways(into[[trace.totals[into].argmax()]])
        assert edges.steps[edges.starts[way[0]]] == 0
        assert all(edges.stops[a] == edges.starts[b] for a, b in pairwise(way))


def test_ways_far_behind_are_dropped() -> None:
    """The way by the better first word is the worse one in the end; a margin of nothing keeps only that."""
    edges = Edges(
        np.array([0, 0, 1]), np.array([1, 1, 2]), np.array([0, 1, 2]), np.zeros(3, np.float32), np.array([0, 1, 2])
    )
    table = np.zeros((WORDS + 1, WORDS), np.float32)
    table[WORDS, 0], table[1, 2] = 1.0, 3.0
    wide, narrow = (search(edges, Bigrams(table), Beam(4, margin)) for margin in (16.0, 0.5))
    assert wide.best_ways(np.array([2])) == [[1, 2]]
    assert narrow.best_ways(np.array([2])) == [[0, 2]]
