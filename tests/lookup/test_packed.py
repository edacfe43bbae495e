"""Packed sums equal plain sums."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.lookup.packed import NEUTRAL, Accumulator, pack, unpack


@given(st.lists(st.tuples(*[st.floats(-20, 20)] * 3), min_size=1, max_size=50))
def test_pack_rounds_and_clips(rows: list[tuple[float, float, float]]) -> None:
    weights = np.array(rows)
    assert (unpack(pack(weights, 16)) == np.clip(np.rint(weights * 16), -128, 127)).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_sums_equal_a_plain_loop(templates: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    size, bits = 50, 8
    direct = pack(random.normal(0, 4, (100, 3)), 16)
    hashed = pack(random.normal(0, 4, (1 << bits, 3)), 16) | random.integers(0, 4, 1 << bits, np.uint32) << np.uint32(
        24
    )
    total = Accumulator(size)
    total.start(size)
    expected = np.zeros((size, 3), np.int64)
    for k in range(templates):
        if k % 2:
            index = random.integers(0, 100, size)
            total.add_direct(direct, index)
            expected += unpack(direct[index])
        else:
            places = random.integers(0, 1 << bits, size, np.uint32)
            checks = random.integers(0, 4, size, np.uint32) << np.uint32(24)
            total.add_hashed(hashed, places, checks, k)
            entries = hashed[places ^ np.uint32(k)]
            hit = entries >> np.uint32(24) == checks >> np.uint32(24)
            expected += unpack(entries) * hit[:, None]
    assert (expected == total.sums().T).all()


def test_the_neutral_entry_has_no_weight() -> None:
    assert unpack(np.array([NEUTRAL])).tolist() == [[0, 0, 0]]
