"""Rows, slots and packed tables: what is trained is what runs."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from cnchar.lookup.packed import NEUTRAL, Accumulator, unpack
from cnchar.lookup.templates import DIRECT_SIZES, HASHED, View, hashed_features, pad
from cnchar.train.segment.tagger_pack import hashed_table, importance, slots, winners
from cnchar.train.segment.tagger_rows import (
    DIRECT_ROWS,
    IDENTITIES,
    TEMPLATES,
    count_identities,
    feature_rows,
    identities,
    number_rows,
)


@pytest.fixture(scope="module")
def view() -> View:
    random = np.random.default_rng(0)
    symbols = random.integers(0, 30, 400).astype(np.uint32)
    small = (symbols % 7).astype(np.uint8)
    return View(pad(symbols), pad(small), pad(small.astype(np.uint16)), pad(small.astype(np.uint16)), pad(small % 4))


def test_counts_are_of_identities(view: View) -> None:
    counts = count_identities(view)
    assert counts.sum() == len(view) * len(HASHED)
    ids = np.concatenate(list(identities(view)))
    assert counts[ids[0]] == (ids == ids[0]).sum()


def test_rows_of_kept_and_dropped_features(view: View) -> None:
    kept = count_identities(view) >= 5
    rows = number_rows(kept)
    out = np.empty((len(view), TEMPLATES), np.int32)
    feature_rows(view, rows, out)
    assert (out[:, : len(DIRECT_SIZES)] < DIRECT_ROWS).all()
    for column, ids in enumerate(identities(view), len(DIRECT_SIZES)):
        assert ((out[:, column] == DIRECT_ROWS) == ~kept[ids]).all()
    assert rows.shape == (IDENTITIES,)
    assert rows.max() == DIRECT_ROWS + kept.sum()


@pytest.mark.parametrize("bits", [20, 12])
def test_the_most_important_feature_keeps_the_slot(bits: int) -> None:
    random = np.random.default_rng(1)
    ids = np.unique(random.integers(0, IDENTITIES, 20_000))
    worth = random.random(len(ids)).astype(np.float32)
    kept = winners(ids, worth, bits)
    places = slots(ids, bits)
    assert len(np.unique(places[kept])) == kept.sum() == len(np.unique(places))
    best = np.zeros(1 << bits)
    np.maximum.at(best, places, worth)
    assert (worth[kept] == best[places[kept]].astype(np.float32)).all()


def test_packed_sums_equal_trained_sums(view: View) -> None:
    bits, scale = 18, 16.0
    ids = np.unique(np.concatenate(list(identities(view)))).astype(np.int64)
    random = np.random.default_rng(2)
    weights = (random.integers(-60, 60, (len(ids), 3)) / scale).astype(np.float32)
    ids, weights = (a[winners(ids, np.ones(len(ids), np.float32), bits)] for a in (ids, weights))
    table = hashed_table(ids, weights, bits, scale)
    total = Accumulator(len(view))
    total.start(len(view))
    expected = np.zeros((len(view), 3))
    for (_, places, checks, salt), mine in zip(hashed_features(view, bits), identities(view), strict=True):
        total.add_hashed(table, places, checks, salt)
        where = np.searchsorted(ids, mine).clip(max=len(ids) - 1)
        expected += weights[where] * (ids[where] == mine)[:, None]
    assert np.allclose(total.sums().T / scale, expected)


def test_empty_slots_have_no_weight() -> None:
    table = hashed_table(np.array([5 << 8], np.int64), np.ones((1, 3), np.float32), 18, 10.0)
    assert (unpack(np.delete(table, 5 >> 2)) == 0).all()
    assert (table == NEUTRAL).sum() >= len(table) - 1


def test_importance_grows_with_weight_and_count() -> None:
    weights = np.array([[0, 0, 0], [1, 0, -1], [2, 0, 0], [2, 0, 0]], np.float32)
    worth = importance(weights, np.array([100, 1, 1, 4]))
    assert worth[0] == 0
    assert worth[3] > worth[2] >= worth[1] > 0
