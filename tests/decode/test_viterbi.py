"""The vectorised decoder against trying every legal tagging."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
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


def worth(path: tuple[int, ...], scores: np.ndarray, transitions: np.ndarray | None = None) -> float:
    """What a path is worth, its steps included."""
    steps = 0 if transitions is None else sum(transitions[pair] for pair in pairwise(path))
    return sum(scores[tag, i] for i, tag in enumerate(path)) + steps


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(0, 2**32 - 1), st.booleans())
def test_each_piece_gets_its_best_legal_path(lengths: list[int], seed: int, stepping: bool) -> None:
    random = np.random.default_rng(seed)
    gaps = random.integers(0, 3, len(lengths))
    starts = np.cumsum([0, *lengths[:-1]]) + np.cumsum(gaps)
    scores = random.integers(-50, 50, (4, int(starts[-1]) + lengths[-1] + 2)).astype(np.int32)
    transitions = random.integers(-50, 50, (4, 4)).astype(np.int32) if stepping else None
    tags = best_tags(scores, starts.astype(np.intp), np.array(lengths, np.intp), transitions)
    covered = np.zeros(scores.shape[1], bool)
    for start, length in zip(starts, lengths, strict=True):
        here = slice(int(start), int(start) + length)
        covered[here] = True
        best = max(worth(path, scores[:, here], transitions) for path in legal_paths(length))
        assert tuple(tags[here]) in legal_paths(length)
        assert worth(tuple(tags[here]), scores[:, here], transitions) == best
    assert (tags[~covered] == S).all()


@pytest.mark.parametrize("transitions", [None, np.zeros((4, 4), np.int32)], ids=["plain", "steps"])
def test_no_pieces_no_trouble(transitions: np.ndarray | None) -> None:
    none = np.empty(0, np.intp)
    assert best_tags(np.zeros((4, 3), np.int32), none, none, transitions).tolist() == [S, S, S]


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_steps_that_cost_nothing_change_nothing(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.integers(-1 << 21, 50, (4, 40)).astype(np.int32)  # as far down as forbidden tags go
    starts, lengths = np.array([0, 10, 11]), np.array([10, 1, 25])
    plain = best_tags(scores, starts, lengths)
    assert (best_tags(scores, starts, lengths, np.zeros((4, 4), np.int32)) == plain).all()


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.booleans())
def test_word_posteriors_are_shares_of_all_taggings(length: int, seed: int, stepping: bool) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(0, 2, (4, length))
    spans = [(a, b) for a in range(length) for b in range(a + 1, length + 1)]
    transitions = random.normal(0, 2, (4, 4)) if stepping else None
    weights = {path: np.exp(worth(path, scores, transitions)) for path in legal_paths(length)}
    total = sum(weights.values())
    for (a, b), share in zip(spans, word_posteriors(scores, spans, transitions), strict=True):
        word = (S,) if b - a == 1 else (B, *(M,) * (b - a - 2), E)
        held = sum(weight for path, weight in weights.items() if path[a:b] == word)
        assert abs(share - held / total) < 1e-9
