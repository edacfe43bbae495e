"""Per-sentence counts, added up as they come: all of them, by group, and one by one where a bootstrap needs them.

A task says once what it counts and how scores come from sums of counts; totals, slices and resamples all use that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cnchar.evaluate.report import Cell, Table

Numbers = NDArray[np.float64]

_LENGTHS = (10, 20, 50, 100)
_LENGTH_NAMES = ("0-10", "11-20", "21-50", "51-100", "101+")


@dataclass(frozen=True)
class Metric:
    """What a task counts for each sentence, and the scores of sums of those counts.

    `scores` is given one array a count, and `sentences`, all of one shape, and gives arrays of that shape by name, the
    headline first. It is called with sums over all sentences, over slices and over resamples alike; `share` divides.
    """

    name: str  # in the signature: seg-f1
    level: str  # in the signature: word
    counts: tuple[str, ...]
    scores: Callable[[Mapping[str, Numbers]], dict[str, Numbers]]

    @property
    def columns(self) -> tuple[str, ...]:
        """What the columns of a Tally's arrays count."""
        return ("sentences", *self.counts)

    def scores_of(self, sums: Numbers) -> dict[str, Numbers]:
        """Scores of sums of counts: (..., 1 + C) gives arrays (...)."""
        return self.scores({name: sums[..., i] for i, name in enumerate(self.columns)})


def share(part: Numbers, whole: Numbers) -> Numbers:
    """part / whole; a share of nothing is 0."""
    return np.divide(part, whole, out=np.zeros(np.shape(whole)), where=np.not_equal(whole, 0))


def f_score(precision: Numbers, recall: Numbers, beta: float = 1.0) -> Numbers:
    """The weighted harmonic mean of precision and recall."""
    return share((1 + beta**2) * precision * recall, beta**2 * precision + recall)


def length_groups(lengths: NDArray[np.int64]) -> list[str]:
    """The group `by_length` each sentence of so many characters is in: `0-10`, `11-20` ... `101+`."""
    return [_LENGTH_NAMES[i] for i in np.searchsorted(_LENGTHS, lengths).tolist()]


@dataclass
class Tally:
    """The counts of one system. `keep`: remember every sentence's, for a bootstrap; else memory stays constant."""

    metric: Metric
    keep: bool = False
    _total: Numbers = field(init=False)  # (1 + C,)
    _groups: dict[str, dict[str, Numbers]] = field(init=False, default_factory=dict)
    _kept: list[Numbers] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._total = np.zeros(len(self.metric.columns))

    def add(self, counts: NDArray[np.int64] | Numbers, groups: Mapping[str, Sequence[str]] | None = None) -> None:
        """Add the counts of some sentences (n, C); `groups` has for each kind of group the one each is in (n,)."""
        rows = np.insert(np.asarray(counts, dtype=np.float64).reshape(-1, len(self.metric.counts)), 0, 1.0, axis=1)
        self._total += rows.sum(axis=0)
        if self.keep:
            self._kept.append(rows)
        for kind, members in (groups or {}).items():
            _add_groups(self._groups.setdefault(kind, {}), rows, members)

    @property
    def sentences(self) -> int:
        """How many sentences were added."""
        return int(self._total[0])

    def totals(self) -> dict[str, float]:
        """The sums by name, `sentences` first; whole numbers are int."""
        return {name: _whole(value) for name, value in zip(self.metric.columns, self._total.tolist(), strict=True)}

    def scores(self) -> dict[str, float]:
        """The scores of the sums."""
        return {name: float(value) for name, value in self.metric.scores_of(self._total).items()}

    def kept(self) -> Numbers:
        """The counts of each sentence: (S, 1 + C)."""
        return np.concatenate([np.zeros((0, len(self.metric.columns))), *self._kept])

    def tables(self) -> tuple[Table, ...]:
        """One table for each kind of group: name, sentences and all scores; the largest first, lengths in order."""
        return tuple(self._table(kind, groups) for kind, groups in self._groups.items())

    def _table(self, kind: str, groups: Mapping[str, Numbers]) -> Table:
        order = [name for name in _LENGTH_NAMES if name in groups] if kind == "by_length" else _largest_first(groups)
        rows = tuple(self._row(name, groups[name]) for name in order)
        what = kind.removeprefix("slice:").removeprefix("by_")
        return Table(kind, (what, "sentences", *self.metric.scores_of(self._total)), rows)

    def _row(self, name: str, sums: Numbers) -> tuple[Cell, ...]:
        return (name, int(sums[0]), *(float(score) for score in self.metric.scores_of(sums).values()))


def _add_groups(groups: dict[str, Numbers], rows: Numbers, members: Sequence[str]) -> None:
    numbers = {name: number for number, name in enumerate(dict.fromkeys(members))}
    sums = np.zeros((len(numbers), rows.shape[1]))
    np.add.at(sums, [numbers[name] for name in members], rows)
    for name, number in numbers.items():
        groups[name] = groups.get(name, 0.0) + sums[number]


def _largest_first(groups: Mapping[str, Numbers]) -> list[str]:
    return sorted(groups, key=lambda name: (-groups[name][0], name))


def _whole(value: float) -> float:
    return int(value) if value.is_integer() else value
