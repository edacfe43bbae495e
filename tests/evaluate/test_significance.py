from __future__ import annotations

import os
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.evaluate import significance
from cnchar.evaluate.segmentation import count_segmentation
from cnchar.evaluate.significance import Resampled, Resampling, bootstrap, compare, intervals
from cnchar.evaluate.tally import Metric, Numbers, share

METRIC = Metric("acc", "char", ("right", "all"), lambda counts: {"accuracy": share(counts["right"], counts["all"])})


def counts_of(rows: list[tuple[int, int]]) -> Numbers:
    return np.array([(1, *row) for row in rows], dtype=np.float64).reshape(-1, 3)


def sample(name: str, counts: Numbers, how: Resampling) -> Resampled:
    return Resampled(name, counts, bootstrap(counts, how))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(5, 9)), max_size=12), st.integers(1, 40), st.integers(0, 9))
@settings(deadline=None, max_examples=60)
def test_every_resample_has_as_many_sentences_as_the_data(rows: list[tuple[int, int]], n: int, seed: int) -> None:
    counts = counts_of(rows)
    sums = bootstrap(counts, Resampling(n, seed))
    assert sums.shape == (n, 3)
    assert set(sums[:, 0]) == {len(rows)}
    if rows:
        assert np.all(sums <= len(rows) * counts.max(axis=0))
        assert np.all(sums >= len(rows) * counts.min(axis=0))


def test_the_size_of_pieces_does_not_change_what_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.arange(300, dtype=np.float64).reshape(100, 3)
    whole = bootstrap(counts, Resampling(50))
    monkeypatch.setattr(significance, "_PIECE", 730)
    assert bootstrap(counts, Resampling(50)).tolist() == whole.tolist()
    assert bootstrap(counts, Resampling(50, seed=2)).tolist() != whole.tolist()


def test_the_interval_of_a_share_is_the_binomial_one() -> None:
    """Of 2,000 sentences with one thing to get right each, 1,600 are right: 0.8 +- 1.96 sqrt(0.8 * 0.2 / 2000)."""
    counts = counts_of([(int(i < 1600), 1) for i in range(2000)])
    interval = intervals(METRIC, bootstrap(counts, Resampling(4000)))["accuracy"]
    margin = 1.96 * (0.8 * 0.2 / 2000) ** 0.5
    assert (interval.low, interval.high) == pytest.approx((0.8 - margin, 0.8 + margin), abs=0.0015)


def test_p_by_randomization_is_that_of_all_ways_to_swap() -> None:
    base = [(1, 4), (0, 3), (2, 2), (1, 5), (2, 4), (3, 3)]
    other = [(2, 4), (1, 3), (2, 2), (3, 5), (1, 4), (3, 3)]
    differences = [right - left for (left, _), (right, _) in zip(base, other, strict=True)]
    swapped = [abs(sum(s * d for s, d in zip(signs, differences, strict=True))) for signs in product((1, -1), repeat=6)]
    exact = sum(each >= abs(sum(differences)) for each in swapped) / len(swapped)
    how = Resampling(20_000)
    (found,) = compare(METRIC, sample("a", counts_of(base), how), sample("b", counts_of(other), how), how)
    assert found.p_randomization == pytest.approx(exact, abs=0.015)
    assert found.difference == pytest.approx(sum(differences) / 21)
    assert (found.base, found.other, found.score) == ("a", "b", "accuracy")


@pytest.mark.parametrize(("gain", "sure"), [(0, False), (1, False), (60, True)])
def test_luck_and_skill_are_told_apart(gain: int, sure: bool) -> None:
    """Two systems that err in different places; the second one is right `gain` times more often."""
    random = np.random.default_rng(7)
    base = counts_of([(int(x), 1) for x in random.integers(0, 2, 400)])
    other = counts_of([(int(x), 1) for x in random.permutation(base[:, 1])])
    other[np.flatnonzero(other[:, 1] == 0)[:gain], 1] = 1
    how = Resampling(1000)
    (found,) = compare(METRIC, sample("a", base, how), sample("b", other, how), how)
    assert found.difference == pytest.approx(gain / 400)
    assert (found.p_bootstrap < 0.05, found.p_randomization < 0.05) == (sure, sure)
    assert (found.interval.low > 0) is sure
    assert found.p_bootstrap == pytest.approx(found.p_randomization, abs=0.05)


def test_equal_systems_and_no_sentences_are_never_different() -> None:
    how = Resampling(100)
    for rows in ([(1, 2), (2, 3)], []):
        (found,) = compare(METRIC, sample("a", counts_of(rows), how), sample("b", counts_of(rows), how), how)
        assert (found.difference, found.interval.low, found.interval.high) == (0.0, 0.0, 0.0)
        assert (found.p_bootstrap, found.p_randomization) == (1.0, 1.0)


@pytest.mark.shared
def test_a_thousand_resamples_of_the_pku_test_take_less_than_five_seconds(shared: Path) -> None:
    lines = (shared / "data/cws/pku2005.test.txt").read_text(encoding="utf-8").split("\n")
    found = count_segmentation(lines, ["".join(line.split()) for line in lines], keep=True)
    before = os.times().user
    interval = intervals(found.tally.metric, bootstrap(found.tally.kept(), Resampling(1000)))["recall"]
    assert os.times().user - before < 5
    assert interval.low < found.tally.scores()["recall"] < interval.high
