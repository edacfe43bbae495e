"""How the next symbol is chosen. No torch here: options are checked before it is imported."""

from __future__ import annotations

from dataclasses import dataclass

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
class Symbols:
    """Which symbols have a meaning here: `end` ends a text, `never` are those that cannot be written."""

    end: int
    never: tuple[int, ...]
