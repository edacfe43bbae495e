"""Writing by chance and by beam, with a step whose symbols hang on the last two."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from cnchar.decode.sampling import Sampling, Special
from cnchar.decode.writing import Reading, first_kept, sample, search
from cnchar.tasks.language import cut

V, BEGIN, END = 9, 3, 4
SPECIAL = Special(END, (0, 1, 2, 3))
UNENDING = Special(-1, (0, 1, 2, 3, 4))
GREEDY = Sampling(temperature=0)


class Pairs:
    """Foresees by the last two symbols; its state is the last one, or all of them where it grows."""

    def __init__(self, seed: int = 0, grows: bool = False) -> None:
        self.grows, self.read = grows, []  # type: ignore[var-annotated]
        self.table = np.random.default_rng(seed).normal(0, 2, (V, V, V)).astype(np.float32)

    def begin(self, rows: int) -> tuple[Any, ...]:
        return (np.zeros((rows, 0 if self.grows else 1), np.int64),)

    def advance(self, chars: Any, state: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...]]:
        self.read.append(chars.shape[1])
        seen = np.concatenate([np.zeros((len(chars), 1), np.int64), state[0], chars], 1)
        return self.table[seen[:, -2], seen[:, -1]], (seen[:, 1:] if self.grows else seen[:, -1:],)

    def after(self, text: list[int]) -> Any:
        return self.table[([0, *text])[-2], text[-1]]


def test_equal_chances_write_alike_and_texts_end() -> None:
    def texts(seed: int) -> list[list[int]]:
        chance = np.random.default_rng(seed)
        return [list(sample(Pairs(), [BEGIN, 5], SPECIAL, Sampling(), chance, 16)) for _ in range(5)]

    assert texts(1) == texts(1) != texts(2)
    assert {symbol for text in texts(1) for symbol in text} <= {5, 6, 7, 8}


def test_the_likeliest_symbols_are_those_of_the_whole_text() -> None:
    step, text = Pairs(), [BEGIN]
    for symbol in itertools.islice(sample(step, [BEGIN], UNENDING, GREEDY, np.random.default_rng(), 16), 20):
        assert symbol == np.where(np.isin(range(V), UNENDING.never), -np.inf, step.after(text)).argmax()
        text.append(symbol)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("grows", [False, True])
def test_a_wide_beam_finds_the_best_of_all_texts(seed: int, grows: bool) -> None:
    step, length = Pairs(seed, grows), 3

    def mean(text: tuple[int, ...]) -> float:
        after = [*text, END] if len(text) < length else list(text)
        logits = [step.after([BEGIN, *text[:i]]) for i in range(len(after))]
        return float(
            np.mean([row[symbol] - np.log(np.exp(row).sum()) for row, symbol in zip(logits, after, strict=True)])
        )

    every = [text for n in range(length + 1) for text in itertools.product(range(5, V), repeat=n)]
    assert search(step, [BEGIN], SPECIAL, 200, length, 16) == list(max(every, key=mean))
    assert len(search(step, [BEGIN], SPECIAL, 1, 30, 16)) <= 30


@pytest.mark.parametrize("grows", [False, True])
def test_each_character_costs_the_same(grows: bool) -> None:
    """One symbol is read for each; a memory that grows is also read anew by half each time that it is full."""
    step = Pairs(grows=grows)
    written = sample(step, [BEGIN, 5, 6], UNENDING, Sampling(), np.random.default_rng(), most=16)
    assert len(list(itertools.islice(written, 100))) == 100
    full = [9 if grows and place % 8 == 0 and place >= 16 else 1 for place in range(3, 102)]
    assert step.read == [3, *full]


@pytest.mark.parametrize("most", [2, 7, 8])
def test_a_full_memory_goes_on_as_long_lines_are_scored(most: int) -> None:
    step, chars = Pairs(grows=True), np.random.default_rng(0).integers(1, V, (1, 40))
    reading = Reading.begin(step, most)
    for start, stop, keep in cut(40, most):
        for at in range(keep, stop):
            logits, reading = reading.read(chars[:, at : at + 1])
            assert reading.symbols.tolist() == reading.state[0].tolist() == chars[:, start : at + 1].tolist()
            assert first_kept(at + 1, most) == start
    at_once, _ = Reading.begin(step, most).read(chars)
    np.testing.assert_array_equal(at_once, logits)
