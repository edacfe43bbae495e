"""Packed sums equal plain sums."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.lookup.packed import NEUTRAL, Accumulator, mix, pack, unpack


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
    hashed = pack(random.normal(0, 4, (1 << bits, 3)), 16) | random.integers(0, 256, 1 << bits, np.uint32) << np.uint32(
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
            keys, multiplier = random.integers(0, 2**32, size, dtype=np.uint32), 2 * k + 0x9E3779B1
            total.add_hashed(hashed, bits, keys, multiplier)
            mixed = mix(keys, multiplier, np.empty_like(keys), np.empty_like(keys))
            entries = hashed[mixed >> np.uint32(32 - bits)]
            hit = entries >> np.uint32(24) == mixed & np.uint32(255)
            expected += unpack(entries) * hit[:, None]
    assert (expected == total.sums().T).all()


def test_the_neutral_entry_has_no_weight() -> None:
    assert unpack(np.array([NEUTRAL])).tolist() == [[0, 0, 0]]
