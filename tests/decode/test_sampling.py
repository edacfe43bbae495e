"""What is chosen, and what never is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnchar.decode.sampling import Sampling, Special, choose
from cnchar.errors import BadInput

V, END = 9, 4
SPECIAL = Special(END, (0, 1, 2, 3))
LOGITS = np.array([9, 9, 9, 9, 1, 2, 3, 4, -1], np.float32)  # what cannot be written is likeliest


def chances(sampling: Sampling, recent: list[int] | None = None, draws: int = 4000) -> np.ndarray[Any, Any]:
    """How often each symbol is chosen."""
    chance = np.random.default_rng(1)
    drawn = [choose(LOGITS, recent or [], SPECIAL, sampling, chance) for _ in range(draws)]
    return np.bincount(drawn, minlength=V) / draws


def wanted(*symbols: int, temperature: float = 1.0) -> np.ndarray[Any, Any]:
    """The softmax over these symbols alone."""
    out = np.zeros(V)
    out[list(symbols)] = np.exp(LOGITS[list(symbols)] / temperature)
    return out / out.sum()


@pytest.mark.parametrize(
    ("sampling", "shares"),
    [
        (Sampling(), wanted(4, 5, 6, 7, 8)),
        (Sampling(temperature=0.5), wanted(4, 5, 6, 7, 8, temperature=0.5)),
        (Sampling(temperature=0), wanted(7)),
        (Sampling(temperature=1e-320), wanted(7)),
        (Sampling(top_k=2), wanted(6, 7)),
        (Sampling(top_p=0.64), wanted(7)),  # 7 alone has 0.643
        (Sampling(top_p=0.65), wanted(6, 7)),
        (Sampling(top_k=3, top_p=0.65), wanted(6, 7)),
        (Sampling(top_k=100), wanted(4, 5, 6, 7, 8)),
    ],
)
def test_choices_are_as_often_as_asked(sampling: Sampling, shares: np.ndarray[Any, Any]) -> None:
    np.testing.assert_allclose(chances(sampling), shares, atol=0.03)


def test_the_penalty_divides_what_is_likely_and_multiplies_what_is_not() -> None:
    found = chances(Sampling(repetition_penalty=2.0), [7, 8, 7])
    shares = np.exp([1.0, 2, 3, 4 / 2, -1 * 2])
    np.testing.assert_allclose(found[4:], shares / shares.sum(), atol=0.03)


@pytest.mark.parametrize("drawn", [0.0, np.nextafter(1.0, 0.0)])
def test_the_ends_of_chance_are_symbols_too(drawn: float) -> None:
    class Fixed:
        def random(self) -> float:
            return drawn

    assert choose(LOGITS, [], SPECIAL, Sampling(), Fixed()) == (8 if drawn else 7)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "values",
    [{"temperature": -1}, {"temperature": float("nan")}, {"top_k": -1}, {"top_p": 0}, {"top_p": 1.5},
     {"repetition_penalty": 0}],
)  # fmt: skip
def test_what_cannot_be_meant(values: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=f"--{next(iter(values)).replace('_', '-')}"):
        Sampling(**values)
