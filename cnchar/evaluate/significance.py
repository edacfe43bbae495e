"""How sure a score is, and a difference of two: resampling of sentences, all resamples at once as matrices.

Bootstrap intervals (Efron 1979), the paired bootstrap (Koehn 2004) and approximate randomisation (Noreen 1989; Riezler
and Maxwell 2005). A resample is a vector of how often each sentence was drawn; times the counts of each sentence it
gives the sums that scores come from, so no sentence is ever scored twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cnchar.evaluate.report import Comparison, Interval
from cnchar.evaluate.tally import Metric, Numbers

_PIECE = 1 << 20  # sentences drawn at a time, over several resamples: 8 MB
_MIDDLE = (2.5, 97.5)  # percentiles of the 95 % interval
_NOISE = 1e-12  # differences of scores below this are the arithmetic's, not the systems'


@dataclass(frozen=True)
class Resampling:
    """How many resamples are drawn, and the seed of the random numbers."""

    resamples: int = 1000
    seed: int = 1


@dataclass(frozen=True)
class Resampled:
    """A system's counts of each sentence (S, C) and their sums over each resample (B, C)."""

    name: str
    counts: Numbers
    drawn: Numbers


def bootstrap(counts: Numbers, how: Resampling) -> Numbers:
    """Sums of the counts of each sentence (S, C) over resamples of S sentences: (B, C). Equal seeds, equal draws."""
    sentences = len(counts)
    if not sentences:
        return np.zeros((how.resamples, counts.shape[1]))
    random = np.random.default_rng(how.seed)
    sums = []
    for size in _pieces(how.resamples, sentences):
        drawn = random.integers(sentences, size=(size, sentences), dtype=np.int64)
        drawn += np.arange(size)[:, None] * sentences
        times = np.bincount(drawn.ravel(), minlength=size * sentences).reshape(size, sentences)  # (size, S)
        sums.append(times.astype(np.float64) @ counts)
    return np.concatenate(sums)


def intervals(metric: Metric, sums: Numbers) -> dict[str, Interval]:
    """The interval of each score, from the sums (B, C) that `bootstrap` gives."""
    return {name: _interval(values) for name, values in metric.scores_of(sums).items()}


def compare(metric: Metric, base: Resampled, other: Resampled, how: Resampling) -> tuple[Comparison, ...]:
    """One comparison a score for two systems on the same sentences, resampled with the same seed.

    Both p values are two-sided, and count the result itself as one of the resamples, so they are never 0.
    """
    differences = _differences(metric, base.counts.sum(axis=0), other.counts.sum(axis=0))
    resampled = _differences(metric, base.drawn, other.drawn)
    shuffled = _differences(metric, *_shuffle(base.counts, other.counts, how))
    return tuple(
        Comparison(
            score=score,
            base=base.name,
            other=other.name,
            difference=float(difference),
            interval=_interval(resampled[score]),
            p_bootstrap=_p_value(resampled[score] - resampled[score].mean(), float(difference)),
            p_randomization=_p_value(shuffled[score], float(difference)),
        )
        for score, difference in differences.items()
    )


def _shuffle(base: Numbers, other: Numbers, how: Resampling) -> tuple[Numbers, Numbers]:
    """Sums of both systems (B, C) after sentences were swapped between them, each with a chance of one half."""
    change = (other - base)[np.any(other != base, axis=1)]  # swapping equal sentences changes nothing
    random = np.random.default_rng(how.seed)
    moved = [
        random.integers(2, size=(size, len(change)), dtype=np.int8).astype(np.float64) @ change
        for size in _pieces(how.resamples, len(change))
    ]
    swapped = np.concatenate(moved)  # (B, C)
    return base.sum(axis=0) + swapped, other.sum(axis=0) - swapped


def _differences(metric: Metric, base: Numbers, other: Numbers) -> dict[str, Numbers]:
    before, after = metric.scores_of(base), metric.scores_of(other)
    return {name: after[name] - before[name] for name in before}


def _interval(values: Numbers) -> Interval:
    low, high = np.percentile(values, _MIDDLE)
    return Interval(float(low), float(high))


def _p_value(chance: Numbers, difference: float) -> float:
    """The share of differences by chance (B,) that are at least as large; equal systems get 1."""
    as_large = np.count_nonzero(np.abs(chance) >= abs(difference) - _NOISE)
    return float((as_large + 1) / (len(chance) + 1))


def _pieces(resamples: int, sentences: int) -> Iterator[int]:
    """Sizes of the pieces in which resamples are drawn, so that memory is bounded."""
    size = max(1, _PIECE // max(1, sentences))
    for start in range(0, resamples, size):
        yield min(size, resamples - start)
