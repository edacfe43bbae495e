from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from toy_suggestions import network, parts

from cnchar.tasks.correct import reconsider
from cnchar.tasks.correct_parts import FEATURES
from cnchar.tasks.doubts import Doubts, confidences
from cnchar.tasks.looks import first_draft
from cnchar.train.correct.curve import Curve
from cnchar.train.correct.decision import Judged, fit_weights, judge

TRUE = {"always": -3.0, "gain": 0.8, "same": 1.5}


def made(seed: int, places: int = 6000) -> Judged:
    """Candidates, two or three a place, that are right as often as the softmax of TRUE says."""
    chance = np.random.default_rng(seed)
    sizes = chance.integers(2, 4, places)
    owner = np.repeat(np.arange(places), sizes)
    features = np.zeros((len(owner), len(FEATURES)))
    features[:, FEATURES.index("always")] = 1.0
    features[:, FEATURES.index("gain")] = chance.normal(0, 4, len(owner))
    features[:, FEATURES.index("same")] = chance.random(len(owner)) < 0.3
    alike = np.zeros(len(owner), np.uint8)
    doubts = Doubts(owner * 2, owner, alike, alike > 0, features)
    right = np.zeros(len(owner), np.bool_)
    shares = confidences(doubts, np.array([TRUE.get(name, 0.0) for name in FEATURES]))
    first = np.flatnonzero(doubts.first)
    for start, stop in zip(first, [*first[1:], len(owner)], strict=True):
        chosen = chance.choice(stop - start + 1, p=[*shares[start:stop], 1 - shares[start:stop].sum()])
        if start + chosen < stop:
            right[start + chosen] = True
    return Judged(first_draft([]), [], doubts, right)


def test_the_weights_that_made_it_are_found_again_and_confidence_is_the_share_that_is_right() -> None:
    weights = fit_weights([made(1)])
    for name, weight in zip(FEATURES, weights, strict=True):
        assert weight == pytest.approx(TRUE.get(name, 0.0), abs=0.25), name
    other = made(2)
    shares = confidences(other.doubts, weights)
    for low, high in pairwise((0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)):
        inside = (shares >= low) & (shares < high)
        assert abs(shares[inside].mean() - other.right[inside].mean()) < 0.03 + 2 / inside.sum() ** 0.5


def test_the_confidences_of_a_place_and_keeping_it_add_up_to_one() -> None:
    judged = made(3, 200)
    scores = confidences(judged.doubts, np.linspace(-1, 1, len(FEATURES)))
    sums = np.add.reduceat(scores, np.flatnonzero(judged.doubts.first))
    assert (scores > 0).all() and (sums < 1).all()


def test_a_fitted_decision_mends_what_it_was_fitted_to_at_both_looks() -> None:
    """的 is only asked for behind the 兴 that the first look writes."""
    typed, meant = ["高心了我"] * 20 + ["我们很高"] * 20, ["高兴的我"] * 20 + ["我们很高"] * 20
    judged = judge(parts(), network, first_draft(typed), meant)
    fitted = replace(parts(), weights=fit_weights([judged]))
    found = reconsider(fitted, network, judged.draft, judged.doubts)
    assert [{each.place: each.target for each in some if each.score > 0.5} for some in found[::20]] == [
        {1: "兴", 2: "的"},
        {},
    ]
    assert Curve(found, typed, meant).at(0.5).f1 == 1.0
