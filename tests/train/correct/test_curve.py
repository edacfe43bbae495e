from __future__ import annotations

import numpy as np
import pytest

from cnchar.tasks.correct import Candidate
from cnchar.train.correct.curve import THRESHOLDS, Curve, careful, reliability


def found(place: int, target: str, score: float) -> Candidate:
    return Candidate(place, target, score, True, False)


def chance_curve(lines: int = 500) -> Curve:
    """Lines of ten characters with errors at two places, each candidate right as often as its confidence says."""
    chance = np.random.default_rng(4)
    some, typed, meant = [], [], []
    for _ in range(lines):
        scores, right = chance.random(2), list("甲甲甲甲甲甲甲甲甲甲")
        for place, score in zip((2, 7), scores, strict=True):
            right[place] = "乙" if chance.random() < score else "甲"
        some.append([found(place, "乙", float(score)) for place, score in zip((2, 7), scores, strict=True)])
        typed.append("甲" * 10)
        meant.append("".join(right))
    return Curve(some, typed, meant)


def test_a_higher_threshold_changes_less() -> None:
    curve = chance_curve()
    changes = [curve.changes(threshold) for threshold in THRESHOLDS]
    lines = [curve.changed_lines(threshold) for threshold in THRESHOLDS]
    assert changes == sorted(changes, reverse=True) and lines == sorted(lines, reverse=True)
    assert curve.best().f1 == max(curve.at(threshold).f1 for threshold in THRESHOLDS)
    least = careful([curve], changes[20])
    assert curve.changes(least) <= changes[20] and least <= THRESHOLDS[20]
    assert careful([curve], -1.0) == THRESHOLDS[-1]


def test_sentences_count_as_everywhere() -> None:
    """Three lines: one mended, one changed wrongly, one with an error that no candidate mends."""
    candidates = [[found(1, "乙", 0.9), found(1, "丙", 0.05)], [found(0, "乙", 0.9)], []]
    curve = Curve(candidates, ["甲甲", "甲" * 8, "甲" * 20], ["甲乙", "甲" * 8, "甲" * 19 + "乙"])
    point = curve.at(0.5)
    assert (point.precision, point.recall, point.f1) == (0.5, 0.5, 0.5)
    assert curve.changes(0.5) == pytest.approx(1e4 / 30) and curve.changed_lines(0.5) == pytest.approx(2 / 3)


def test_the_reliability_of_several_curves_is_that_of_all_their_candidates() -> None:
    curve, nothing = chance_curve(), Curve([[]], ["甲"], ["甲"])
    rows = reliability([curve, nothing])
    assert sum(count for _, _, count, _, _ in rows) == 1000 and rows == reliability([nothing, curve])
    for low, high, count, mean, right in rows:
        assert low <= mean <= high
        assert abs(mean - right) < 0.03 + 2 / count**0.5
