from __future__ import annotations

import numpy as np

from evaluate.png import _paeth, _unfilter


def test_the_reader_of_pictures_knows_all_filters() -> None:
    rng = np.random.default_rng(1)
    above, line = (rng.integers(0, 256, (6, 3), dtype=np.uint8) for _ in range(2))
    above[0] = 0
    plain = np.concatenate([np.zeros((1, 3), np.uint8), line[:5]]).astype(int)
    up = above.astype(int)
    guesses = {
        0: lambda x, c: 0,
        1: lambda x, c: plain[x - 1, c],
        2: lambda x, c: up[x, c],
        3: lambda x, c: (plain[x - 1, c] + up[x, c]) // 2,
        4: lambda x, c: _paeth(plain[x - 1, c], up[x, c], up[x - 1, c]),
    }
    for kind, guess in guesses.items():
        filtered = [[(plain[x, c] - guess(x, c)) % 256 for c in range(3)] for x in range(1, 6)]
        out = np.zeros((6, 3), np.uint8)
        _unfilter(kind, np.array(filtered, np.uint8), above, out)
        assert (out == plain).all(), kind
