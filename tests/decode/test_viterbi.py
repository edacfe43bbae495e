"""The vectorised decoder against trying every legal tagging."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.decode.posterior import word_posteriors
from cnchar.decode.viterbi import TRANSITIONS, B, E, M, S, best_tags


def legal_paths(length: int) -> list[tuple[int, ...]]:
    steps = set(TRANSITIONS)
    return [
        path
        for path in product((B, M, E, S), repeat=length)
        if path[0] in (B, S) and path[-1] in (E, S) and all(pair in steps for pair in pairwise(path))
    ]


def worth(path: tuple[int, ...], scores: np.ndarray) -> float:
    return sum(scores[tag, i] for i, tag in enumerate(path))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_each_piece_gets_its_best_legal_path(lengths: list[int], seed: int) -> None:
    random = np.random.default_rng(seed)
    gaps = random.integers(0, 3, len(lengths))
    starts = np.cumsum([0, *lengths[:-1]]) + np.cumsum(gaps)
    scores = random.integers(-50, 50, (4, int(starts[-1]) + lengths[-1] + 2)).astype(np.int32)
    tags = best_tags(scores, starts.astype(np.intp), np.array(lengths, np.intp))
    covered = np.zeros(scores.shape[1], bool)
    for start, length in zip(starts, lengths, strict=True):
        here = slice(int(start), int(start) + length)
        covered[here] = True
        best = max(worth(path, scores[:, here]) for path in legal_paths(length))
        assert tuple(tags[here]) in legal_paths(length)
        assert worth(tuple(tags[here]), scores[:, here]) == best
    assert (tags[~covered] == S).all()


def test_no_pieces_no_trouble() -> None:
    none = np.empty(0, np.intp)
    assert best_tags(np.zeros((4, 3), np.int32), none, none).tolist() == [S, S, S]


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_word_posteriors_are_shares_of_all_taggings(length: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(0, 2, (4, length))
    spans = [(a, b) for a in range(length) for b in range(a + 1, length + 1)]
    weights = {path: np.exp(worth(path, scores)) for path in legal_paths(length)}
    total = sum(weights.values())
    for (a, b), share in zip(spans, word_posteriors(scores, spans), strict=True):
        word = (S,) if b - a == 1 else (B, *(M,) * (b - a - 2), E)
        held = sum(weight for path, weight in weights.items() if path[a:b] == word)
        assert abs(share - held / total) < 1e-9
