"""How the next symbol of a text is chosen: by chance, as likely as a model thinks it or less daring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.errors import BadInput


@dataclass(frozen=True)
class Sampling:
    """How daring the choice is. Raises BadInput for what cannot be.

    temperature: what logits are divided by; 0 always takes the likeliest. top_k: only so many of the likeliest, 0: all.
    top_p: only the likeliest that together have this probability (Holtzman et al. 2020). repetition_penalty: what the
    logits of the last symbols are divided by, multiplied where below 0 (Keskar et al. 2019); 1: nothing.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    repetition_penalty: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.temperature < 1e6:
            raise BadInput(f"--temperature is {self.temperature:g}; it should be 0 or more, such as 0.8.")
        if self.top_k < 0 or not 0 < self.top_p <= 1:
            raise BadInput("--top-k should be a whole number from 0, and --top-p a share above 0 and up to 1.")
        if not 0 < self.repetition_penalty < 1e6:
            raise BadInput(f"--repetition-penalty is {self.repetition_penalty:g}; it should be above 0, such as 1.2.")


@dataclass(frozen=True)
class Special:
    """Which symbols are no characters: `end` ends a text, `never` are those that cannot be written."""

    end: int
    never: tuple[int, ...]


def choose(
    logits: NDArray[np.float32],
    recent: Sequence[int],
    special: Special,
    sampling: Sampling,
    chance: np.random.Generator,
) -> int:
    """One symbol by logits (V,); `recent` are those that shall not come again so easily."""
    scores = logits.astype(np.float64)
    scores[list(special.never)] = -np.inf
    if recent and sampling.repetition_penalty != 1:
        places = np.unique(recent)
        values, penalty = scores[places], sampling.repetition_penalty
        scores[places] = np.where(values > 0, values / penalty, values * penalty)
    if sampling.temperature == 0:
        return int(scores.argmax())
    with np.errstate(over="ignore"):  # the best is at 0; what lies endlessly far below it has no chance
        shares = np.exp((scores - scores.max()) / sampling.temperature)
    shares /= shares.sum()
    order = np.argsort(-shares)[: sampling.top_k or None]
    upto = shares[order].cumsum()
    kept = 1 + np.count_nonzero(upto[:-1] < sampling.top_p)  # those before it are not yet enough
    return int(order[np.searchsorted(upto[:kept], chance.random() * upto[kept - 1], side="right")])  # random() < 1
