"""The static word function: no word is missed, almost nothing else passes, nothing is seen across a separator."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.lookup.lexicon import LENGTHS, MAX_LENGTH, MIN_LENGTH, Lexicon, spans_code

words = st.dictionaries(
    st.lists(st.integers(5, 40), min_size=MIN_LENGTH, max_size=MAX_LENGTH).map(tuple),
    st.integers(1, 3),
    min_size=1,
    max_size=30,
)


def brute(symbols: list[int], known: dict[tuple[int, ...], int], bit: int) -> list[set[int]]:
    return [
        {
            i
            for i in range(len(symbols) - length + 1)
            if known.get(tuple(symbols[i : i + length]), 0) >> bit & 1 and 0 not in symbols[i : i + length]
        }
        for length in range(MIN_LENGTH, MAX_LENGTH + 1)
    ]


@settings(deadline=None, max_examples=30)
@given(words, st.lists(st.integers(5, 40) | st.just(0), max_size=60))
def test_finds_every_word(known: dict[tuple[int, ...], int], noise: list[int]) -> None:
    symbols = [s for word in known for s in (*word, 0)] + noise
    found = Lexicon.build(known).matches(np.array(symbols, np.uint32), 2)
    for bit in range(2):
        for length, ours, truth in zip(LENGTHS, found[bit], brute(symbols, known, bit), strict=True):
            assert truth <= set(ours.tolist())
            assert all(0 not in symbols[i : i + length] for i in ours.tolist())


def test_seldom_takes_other_runs_for_words() -> None:
    random = np.random.default_rng(1)
    known = {tuple(random.integers(5, 5000, 2).tolist()): 1 for _ in range(5000)}
    keys = random.integers(0, 2**32, 200_000, dtype=np.uint32)
    assert (Lexicon.build(known).classes(keys) != 0).mean() < 0.005


def test_an_empty_text_and_a_single_character() -> None:
    lexicon = Lexicon.build({(5, 6): 1})
    for symbols in ([], [5]):
        assert [len(x) for x in lexicon.matches(np.array(symbols, np.uint32), 1)[0]] == [0] * 5


def test_spans_code_says_starts_ends_and_inside() -> None:
    # One word of three at 1, one of two at 3: a b c d e
    starts = [np.array([3]), np.array([1]), *[np.empty(0, np.intp)] * 3]
    start, end, inner = np.array([0, 3, 0, 2, 0]), np.array([0, 0, 0, 3, 2]), np.array([0, 0, 3, 0, 0])
    assert spans_code(starts, 5).tolist() == (start * 49 + end * 7 + inner).tolist()
