"""Beam search over lattices of words, place by place, for many lines at once.

Of each place the best words that end there are kept, each with its best way from the left; what follows is scored by a
`Scorer`, which remembers what it needs of the ways in arrays of its own. Linear in the length of the lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.intp]
Floats = NDArray[np.float32]

START = -1  # the edge before the first
_FINE = 256.0  # scores are sorted in steps of 1/256 nat


class States(Protocol):
    """What a scorer remembers of some ways."""

    def take(self: S, at: Index) -> S:
        """Some of them."""

    def put(self: S, at: Index, states: S) -> None:
        """Put others in their place."""


S = TypeVar("S", bound=States)


class Scorer(Protocol[S]):
    """Scores words by what stands before them."""

    def begin(self, count: int) -> S:
        """The state at the beginning of a line, `count` times."""

    def follow(self, states: S, owners: Index, words: Index) -> Floats:
        """Nats of words[owners[i]] behind state i, (N,)."""

    def after(self, states: S, words: Index) -> S:
        """The states when words[i] has followed state i."""


@dataclass(frozen=True)
class Edges:
    """Words between the P places of L lines, which are numbered on from line to line."""

    starts: Index  # (E,)
    stops: Index  # (E,)
    words: Index  # (E,)
    scores: Floats  # (E,) added to what the scorer says, nats
    steps: Index  # (P,) 0 where a line begins; every edge goes from a smaller to a greater one


@dataclass(frozen=True)
class Beam:
    """How much is kept: at most `width` ways to a place, none that is `margin` nats behind the best one there."""

    width: int = 10
    margin: float = 16.0


@dataclass(frozen=True)
class Trace:
    """What a search found, edges by the order they were searched in."""

    order: Index  # (E,) their numbers as they were given
    before: Index  # (E,) the edge of the best way before each one, START at the beginning
    totals: Floats  # (E,) the score of the best way to the end of each
    # All pairs that were looked at, if asked for: the later edges, ascending, those before them, the totals of both.
    pairs: tuple[Index, Index, Floats] | None

    def best_ways(self, edges: Index) -> list[list[int]]:
        """For each of these edges the edges, as they were given, of the best way that ends with it."""
        before: list[int] = self.before.tolist()
        ways = []
        for edge in edges.tolist():
            way = []
            while edge != START:
                way.append(edge)
                edge = before[edge]
            ways.append(self.order[way[::-1]].tolist())
        return ways

    def all_ways(self, edge: int) -> Iterator[tuple[float, list[int]]]:
        """All ways that end with this edge and were looked at, the best first: (score, edges as they were given).

        A search from the end backwards whose guess of what is still to come is exact (A*), after Soong and Huang, "A
        tree-trellis based fast search for finding the N best sentence hypotheses" (ICASSP 1991).
        """
        assert self.pairs is not None, "searched without keep_pairs"
        later, earlier, scores = self.pairs
        queue: list[tuple[float, tuple[int, ...]]] = [(-float(self.totals[edge]), (edge,))]
        while queue:
            negative, way = heappop(queue)
            if way[0] == START:
                yield -negative, self.order[list(way[1:])].tolist()
                continue
            low, high = np.searchsorted(later, [way[0], way[0] + 1])
            total = float(self.totals[way[0]])
            for before, score in zip(earlier[low:high].tolist(), scores[low:high].tolist(), strict=True):
                heappush(queue, (negative + total - score, (before, *way)))


def search(edges: Edges, scorer: Scorer[S], beam: Beam, *, keep_pairs: bool = False) -> Trace:
    """Find the best way to the end of each edge, as far as the beam allows."""
    steps = edges.steps.take(edges.stops)
    order = np.lexsort((edges.stops, steps))
    bounds = np.searchsorted(steps[order], np.arange(1, int(steps.max(initial=0)) + 2))
    run = _Run(edges, order, scorer, beam, keep_pairs)
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        run.step(start, stop)
    pairs = tuple(np.concatenate(column) for column in zip(*run.pairs, strict=True)) if run.pairs else None
    return Trace(order, run.before, run.totals, pairs)  # type: ignore[arg-type]


class _Run:
    """The arrays of a search: `width` slots a place for the ways that are kept."""

    def __init__(self, edges: Edges, order: Index, scorer: Scorer[S], beam: Beam, keep_pairs: bool) -> None:
        self.scorer, self.beam, self.keep_pairs = scorer, beam, keep_pairs
        self.starts, self.stops, self.words = (a.take(order) for a in (edges.starts, edges.stops, edges.words))
        self.given = edges.scores.take(order)
        self.before = np.full(len(order), START)
        self.totals = np.zeros(len(order), np.float32)
        self.pairs: list[tuple[Index, Index, Floats]] = []
        places = len(edges.steps)
        self.states = scorer.begin(places * beam.width)
        self.counts = (edges.steps == 0).astype(np.intp)  # how many ways are kept of each place
        self.kept = np.full(places * beam.width, START)  # the last edge of each
        self.reached = np.zeros(places * beam.width, np.float32)  # and its score

    def step(self, start: int, stop: int) -> None:
        """Score the edges from `start` to `stop`, which end equally far from the beginnings of their lines."""
        places, words = self.starts[start:stop], self.words[start:stop]
        counts = self.counts.take(places)
        owners = np.repeat(np.arange(len(places)), counts)
        firsts = np.cumsum(counts) - counts
        slots = np.arange(len(owners)) + np.repeat(places * self.beam.width - firsts, counts)
        scores = self.scorer.follow(self.states.take(slots), owners, words)
        scores += self.reached.take(slots)
        best = np.maximum.reduceat(scores, firsts)
        at = np.flatnonzero(scores == best.take(owners))
        chosen = np.empty(len(places), np.intp)
        chosen[owners[at]] = slots[at]  # of two that are equal, the last
        self.before[start:stop] = self.kept.take(chosen)
        best += self.given[start:stop]
        self.totals[start:stop] = best
        if self.keep_pairs:
            scores += self.given[start:stop].take(owners)
            self.pairs.append((owners + start, self.kept.take(slots), scores))
        self._keep(start, stop, best, chosen)

    def _keep(self, start: int, stop: int, totals: Floats, chosen: Index) -> None:
        """Keep the best ways to each place."""
        stops = self.stops[start:stop]
        firsts = np.flatnonzero(np.concatenate([[True], stops[1:] != stops[:-1]]))
        groups = np.repeat(np.arange(len(firsts)), np.diff(np.append(firsts, len(stops))))
        behind = np.maximum.reduceat(totals, firsts).take(groups) - totals
        near = np.flatnonzero(behind < self.beam.margin)
        groups = groups.take(near)
        order = near.take(np.argsort((groups << 20) + (behind.take(near) * _FINE).astype(np.intp)))
        rank = np.arange(len(order)) - np.searchsorted(groups, np.arange(len(firsts))).take(groups)
        within = np.flatnonzero(rank < self.beam.width)
        order, rank = order.take(within), rank.take(within)
        slots = stops.take(order) * self.beam.width + rank
        self.counts[stops[firsts]] = np.minimum(np.bincount(groups), self.beam.width)
        self.kept[slots] = order + start
        self.reached[slots] = totals.take(order)
        words = self.words[start:stop].take(order)
        self.states.put(slots, self.scorer.after(self.states.take(chosen.take(order)), words))
