"""How well a language model foresees a text: bits per character, and 2 to that power, the perplexity of a character."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from cnchar.evaluate.aligned import Slices, feed
from cnchar.evaluate.report import Table
from cnchar.evaluate.tally import Metric, Numbers, Tally, share

_SHOWN = 40  # characters of a line


def _scores(counts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    bits = share(counts["bits"], counts["characters"])
    return {
        "bits_per_char": bits,
        "perplexity": np.where(counts["characters"] == 0, 0.0, np.exp2(np.minimum(bits, 1023))),
    }


def _scores_and_guesses(counts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    return {**_scores(counts), "accuracy": share(counts["right"], counts["characters"])}


LANGUAGE = Metric("lm-bpc", "char", ("characters", "bits"), _scores)
GUESSES = Metric("lm-bpc", "char", ("characters", "bits", "right"), _scores_and_guesses)
"""The same where it is known how often a model's first guess was right: `accuracy` of the next character."""


@dataclass(frozen=True)
class ScoredLine:
    """A line of the text, and the bits a model needs for so many characters of it (its end may be one of them).

    `right`: for how many of them the model's first guess was right; only GUESSES looks at it.
    """

    number: int
    text: str
    bits: float
    characters: int
    right: int = 0
    slices: Slices = field(default_factory=dict)


class HardestLines:
    """The lines with the most bits per character."""

    def __init__(self, top: int) -> None:
        self._top = top
        self._heap: list[tuple[float, int, ScoredLine]] = []

    def add(self, line: ScoredLine) -> None:
        """Keep this line if it is harder than one of those that are kept; of equal ones the first."""
        each = (line.bits / max(1, line.characters), -line.number, line)
        if len(self._heap) < self._top:
            heapq.heappush(self._heap, each)
        elif self._heap:
            heapq.heappushpop(self._heap, each)

    def table(self) -> Table:
        """The hardest first."""
        lines = sorted(self._heap, reverse=True)
        rows = tuple((line.number, line.characters, bits, line.text[:_SHOWN]) for bits, _, line in lines)
        return Table("hardest_lines", ("line", "characters", "bits_per_char", "text"), rows)


def count_language(lines: Iterable[ScoredLine], tally: Tally, hardest: HardestLines | None = None) -> None:
    """Add up what the tally's metric counts; `hardest`, if given, hears of every line."""

    def count(line: ScoredLine) -> tuple[float, ...]:
        if hardest is not None:
            hardest.add(line)
        return tuple(float(getattr(line, name)) for name in tally.metric.counts)

    feed(tally, lines, count, lambda line: len(line.text))
