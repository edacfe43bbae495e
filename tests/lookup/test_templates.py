"""A line's features do not depend on what stands beside it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.lookup.templates import (
    DIRECT_SIZES,
    HASHED,
    View,
    direct_features,
    hashed_features,
    pad,
    salt,
)


def view(symbols: list[int]) -> View:
    """A text whose kinds and dictionary codes follow from its symbols, zero at separators."""
    u = np.array(symbols, np.uint32)
    return View(
        pad(u),
        pad((u % 8).astype(np.uint8) * (u != 0)),
        pad((u * 7 % 343).astype(np.uint16)),
        pad((u * 11 % 343).astype(np.uint16)),
        pad((u % 1).astype(np.uint8)),
    )


def features(symbols: list[int], start: int, stop: int) -> list[list[int]]:
    seen = view(symbols)
    hashed = [values for h in hashed_features(seen, 20) for values in (h.slots, h.checks)]
    both = [*(values for _, values in direct_features(seen)), *hashed]
    return [np.asarray(values)[start:stop].astype(np.int64).tolist() for values in both]


line = st.lists(st.integers(1, 60), min_size=1, max_size=12)


@settings(deadline=None, max_examples=80)
@given(line, line, line)
def test_nothing_is_seen_across_a_separator(before: list[int], here: list[int], after: list[int]) -> None:
    start = len(before) + 1
    inside = features([*before, 0, *here, 0, *after], start, start + len(here))
    assert inside == features(here, 0, len(here))


def test_names_and_sizes_agree() -> None:
    seen = view([5, 6, 7, 8])
    direct = dict(direct_features(seen))
    assert list(direct) == list(DIRECT_SIZES)
    assert all(np.asarray(index).max() < DIRECT_SIZES[name] for name, index in direct.items())
    assert [h.name for h in hashed_features(seen, 20)] == list(HASHED)
    assert len({salt(name) for name in HASHED}) == len(HASHED)


def test_a_chunk_sees_its_true_neighbours() -> None:
    symbols = list(range(5, 45))
    whole = [h.slots[10:20].tolist() for h in hashed_features(view(symbols), 20)]
    assert [h.slots.tolist() for h in hashed_features(view(symbols).chunk(10, 20), 20)] == whole


def test_a_smaller_table_takes_the_upper_bits() -> None:
    seen = view(list(range(5, 45)))
    for large, small in zip(hashed_features(seen, 20), hashed_features(seen, 18), strict=True):
        assert ((large.slots ^ np.uint32(large.salt)) >> 2).tolist() == (small.slots ^ np.uint32(small.salt)).tolist()
        assert large.checks.tolist() == small.checks.tolist()
