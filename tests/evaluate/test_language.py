from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.evaluate.language import GUESSES, LANGUAGE, HardestLines, ScoredLine, count_language
from cnchar.evaluate.tally import Tally


def lines_of(scores: list[tuple[float, int]]) -> list[ScoredLine]:
    return [ScoredLine(i, "天" * n, bits, n) for i, (bits, n) in enumerate(scores, 1)]


def count(scores: list[tuple[float, int]], hardest: HardestLines | None = None) -> Tally:
    tally = Tally(LANGUAGE)
    count_language(lines_of(scores), tally, hardest)
    return tally


@given(st.lists(st.tuples(st.floats(0, 1000), st.integers(1, 100)), min_size=1))
@settings(deadline=None)
def test_is_the_mean_of_the_text_not_of_the_lines(scores: list[tuple[float, int]]) -> None:
    bits, characters = (math.fsum(values) for values in zip(*scores, strict=True))
    found = count(scores).scores()
    assert found["bits_per_char"] == pytest.approx(bits / characters)
    assert found["perplexity"] == pytest.approx(2 ** min(1023, bits / characters))


def test_scores_are_finite_and_those_of_nothing_zero() -> None:
    assert count([(1e300, 1)]).scores()["perplexity"] < math.inf
    assert set(count([]).scores().values()) == {0.0}
    assert set(count([(0.0, 0)]).scores().values()) == {0.0}


@given(st.lists(st.tuples(st.integers(0, 20).map(float), st.integers(0, 3)), max_size=12), st.integers(0, 4))
@settings(deadline=None)
def test_hardest_lines(scores: list[tuple[float, int]], top: int) -> None:
    hardest = HardestLines(top)
    count(scores, hardest)
    ranked = sorted(lines_of(scores), key=lambda line: (-line.bits / max(1, line.characters), line.number))
    assert [row[0] for row in hardest.table().rows] == [line.number for line in ranked[:top]]


def test_accuracy_is_the_share_of_right_guesses() -> None:
    tally = Tally(GUESSES)
    count_language([ScoredLine(1, "天地", 6.0, 3, 2), ScoredLine(2, "", 3.0, 1, 1)], tally)
    assert tally.scores() == {"bits_per_char": 2.25, "perplexity": 2**2.25, "accuracy": 0.75}
