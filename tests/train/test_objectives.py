from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.packed_lines import BEGIN, FIRST_CHARACTER, MASK, PADDING, UNKNOWN
from cnchar.train.objectives import Hide, foresee

SYMBOLS = 400


def rows(seed: int, size: int = 20, length: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Rows of packed lines, some padded, and where words begin."""
    chance = np.random.default_rng(seed)
    symbols = chance.integers(FIRST_CHARACTER, SYMBOLS, (size, length))
    symbols[chance.random(symbols.shape) < 0.05] = BEGIN
    symbols[chance.random(symbols.shape) < 0.02] = UNKNOWN
    symbols[0, length // 2 :] = PADDING
    starts = (chance.random(symbols.shape) < 0.6) | (symbols == BEGIN)
    return symbols, starts


def test_foreseeing_asks_for_what_follows_and_never_for_padding() -> None:
    symbols = np.array([[BEGIN, 7, BEGIN, 9, PADDING]])
    targets = np.array([[7, 4, 9, 8, PADDING]])
    batch = foresee(symbols, targets)
    assert batch["targets"].tolist() == [[7, 4, 9, 8, UNLABELLED]]
    assert batch["chars"].tolist() == symbols.tolist()
    assert batch["texts"].tolist() == [[1, 1, 2, 2, 2]]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([0.05, 0.15, 0.5]))
def test_as_many_are_hidden_as_the_share_says(seed: int, whole: bool, share: float) -> None:
    symbols, starts = rows(seed)
    batch = Hide(share, SYMBOLS)(symbols, starts if whole else None, np.random.default_rng(seed))
    hidden = (batch["targets"] != UNLABELLED).numpy()
    expected = np.rint(share * (symbols != PADDING).sum(1))
    assert hidden.sum(1).tolist() == expected.tolist()
    assert (symbols[hidden] >= FIRST_CHARACTER).all()
    assert (batch["targets"].numpy()[hidden] == symbols[hidden]).all()
    assert (batch["chars"].numpy()[~hidden] == symbols[~hidden]).all()


def test_most_of_the_hidden_are_masked_some_changed_some_shown() -> None:
    symbols, _ = rows(1, 300, 100)
    batch = Hide(0.15, SYMBOLS)(symbols, None, np.random.default_rng(1))
    hidden = (batch["targets"] != UNLABELLED).numpy()
    shown = batch["chars"].numpy()[hidden]
    masked, same = (shown == MASK).mean(), (shown == symbols[hidden]).mean()
    assert abs(masked - 0.8) < 0.02 and abs(same - 0.1) < 0.02
    assert shown[shown != MASK].min() >= FIRST_CHARACTER and shown.max() < SYMBOLS


def test_words_are_hidden_whole() -> None:
    symbols, starts = rows(2)
    batch = Hide(0.15, SYMBOLS)(symbols, starts, np.random.default_rng(2))
    hidden = (batch["targets"] != UNLABELLED).numpy()
    words = np.cumsum(starts, axis=1)
    cut = 0
    for row in range(1, len(symbols)):
        for word in range(1, words[row].max() + 1):
            inside = (words[row] == word) & (symbols[row] >= FIRST_CHARACTER)
            cut += 0 < hidden[row, inside].sum() < inside.sum()
    assert cut <= len(symbols)  # the last one of a row at most, to keep the share


def test_chance_is_all_there_is() -> None:
    symbols, starts = rows(3)
    one, same, other = (Hide(0.15, SYMBOLS)(symbols, starts, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["targets"], other["targets"])
