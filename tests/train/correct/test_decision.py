from __future__ import annotations

import numpy as np
import pytest

from cnchar.tasks.correct import FEATURES, Doubts, confidences
from cnchar.train.correct.decision import THRESHOLDS, Curve, Judged, careful, fit_weights

TRUE = {"always": -3.0, "gain": 0.8, "same": 1.5}


def made(seed: int, places: int = 6000) -> Judged:
    """Candidates, two or three a place, that are right as often as the softmax of TRUE says; five places a line."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(2, 4, places)
    owner = np.repeat(np.arange(places), sizes)
    features = np.zeros((len(owner), len(FEATURES)))
    features[:, FEATURES.index("always")] = 1.0
    features[:, FEATURES.index("gain")] = chance.normal(0, 4, len(owner))
    features[:, FEATURES.index("same")] = chance.random(len(owner)) < 0.3
    doubts = Doubts(owner * 2, owner, owner, features)
    right = np.zeros(len(owner), np.bool_)
    shares = confidences(doubts, np.array([TRUE.get(name, 0.0) for name in FEATURES]))
    first = np.flatnonzero(doubts.first)
    for start, stop in zip(first, [*first[1:], len(owner)], strict=True):
        chosen = chance.choice(stop - start + 1, p=[*shares[start:stop], 1 - shares[start:stop].sum()])
        if start + chosen < stop:
            right[start + chosen] = True
    wrong = np.repeat(np.add.reduceat(right, first) > 0, sizes)
    lines = owner // 5
    errors = np.bincount(lines[right], minlength=places // 5)
    return Judged(doubts, right, wrong, lines, errors, places * 10)


def test_the_weights_that_made_it_are_found_again_and_confidence_is_the_share_that_is_right() -> None:
    weights = fit_weights([made(1)], [1.0])
    for name, weight in zip(FEATURES, weights, strict=True):
        assert weight == pytest.approx(TRUE.get(name, 0.0), abs=0.25), name
    rows = Curve(made(2), weights).reliability()
    assert sum(count for _, _, count, _, _ in rows) == 6000
    for low, high, count, mean, right in rows:
        assert low <= mean <= high
        assert abs(mean - right) < 0.03 + 2 / count**0.5


def test_the_confidences_of_a_place_and_keeping_it_add_up_to_one() -> None:
    judged = made(3, 200)
    scores = confidences(judged.doubts, np.linspace(-1, 1, len(FEATURES)))
    sums = np.add.reduceat(scores, np.flatnonzero(judged.doubts.first))
    assert (scores > 0).all() and (sums < 1).all()


def test_a_higher_threshold_changes_less() -> None:
    curve = Curve(made(4), np.array([TRUE.get(name, 0.0) for name in FEATURES]))
    changes = [curve.changes(threshold) for threshold in THRESHOLDS]
    lines = [curve.changed_lines(threshold) for threshold in THRESHOLDS]
    assert changes == sorted(changes, reverse=True) and lines == sorted(lines, reverse=True)
    assert curve.best().f1 == max(curve.at(threshold).f1 for threshold in THRESHOLDS)
    least = careful([curve], changes[20])
    assert curve.changes(least) <= changes[20] and least <= THRESHOLDS[20]
    assert careful([curve], -1.0) == THRESHOLDS[-1]


def test_sentences_count_as_everywhere() -> None:
    """Three lines: one mended, one changed wrongly, one with an error that no candidate mends."""
    features = np.zeros((2, len(FEATURES)))
    features[:, 0] = 1.0
    doubts = Doubts(np.array([1, 5]), np.array([7, 8]), np.array([9, 9]), features)
    judged = Judged(doubts, np.array([True, False]), np.array([True, False]), np.array([0, 1]), np.array([1, 0, 1]), 30)
    curve = Curve(judged, np.array([3.0, *[0.0] * (len(FEATURES) - 1)]))
    point = curve.at(0.5)
    assert (point.precision, point.recall, point.f1) == (0.5, 0.5, 0.5)
    assert curve.changes(0.5) == pytest.approx(1e4 / 30) and curve.changed_lines(0.5) == pytest.approx(2 / 3)
