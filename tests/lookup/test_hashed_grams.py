"""What was put into a table is found with its class, and hardly anything else is."""

from __future__ import annotations

import numpy as np
import pytest

from cnchar.lookup.hashed_grams import CELLS, CLASSES, HashedGrams, join, spread


def keys(start: int, stop: int) -> np.ndarray:
    return join(spread(np.arange(start, stop)), spread(np.arange(start, stop) * 7 + 3))


def test_finds_what_is_in_with_its_class() -> None:
    hashes = keys(0, 5000)
    classes = (np.arange(5000) % CLASSES).astype(np.uint8)
    table = HashedGrams.build(hashes, classes, 5000)  # four times the room: hardly a bucket overflows
    asked = np.concatenate([hashes, keys(10_000, 10_050)])
    hits, found = table.find(asked)
    inside = hits < 5000
    assert inside.sum() >= 4975
    # A few share the mark of another in their bucket; the others have their own class.
    assert (found[inside] == classes[hits[inside]]).mean() > 0.99


def test_a_foreign_gram_is_rarely_taken_for_one_of_the_table() -> None:
    table = HashedGrams.build(keys(0, 40_000), np.zeros(40_000, np.uint8), 10_000)
    hits, _ = table.find(keys(100_000, 300_000))
    assert 0 < len(hits) < 200_000 * CELLS / 4095 * 1.2


def test_a_full_bucket_keeps_the_first() -> None:
    hashes = keys(0, 1000)
    table = HashedGrams.build(hashes, np.zeros(1000, np.uint8), 1)
    hits, _ = table.find(hashes)
    assert hits[:CELLS].tolist() == [0, 1, 2, 3]
    assert (table.cells > 0).all()


def test_order_matters_in_a_gram() -> None:
    one, other = spread(np.array([1])), spread(np.array([2]))
    assert join(one, other) != join(other, one)


@pytest.mark.parametrize("size", [0, 3, 5])
def test_cells_make_whole_buckets(size: int) -> None:
    with pytest.raises(ValueError, match="whole buckets"):
        HashedGrams(np.zeros(size, np.uint16))
