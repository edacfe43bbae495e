"""What a corrector changes in text without errors, file by file, and what it would do at other thresholds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cnchar.evaluate.aligned import Line
from cnchar.evaluate.correction import CORRECTION, count_correction
from cnchar.evaluate.report import Cell, Table
from cnchar.evaluate.tally import Tally

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)
CHANGED, EDITS = "clean_changed", "clean_edits_per_10k"
PER = 10_000


@dataclass
class CleanText:
    """Counts of one text in which every change is wrong; arrays have one number for each threshold, (T,)."""

    name: str
    thresholds: Sequence[float]
    lines: int = 0
    characters: int = 0
    changed: NDArray[np.int64] = field(init=False)
    edits: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.changed = np.zeros(len(self.thresholds), np.int64)
        self.edits = np.zeros(len(self.thresholds), np.int64)

    def add(self, text: str, scores: Sequence[float]) -> None:
        """Count a line and the scores of what would be changed in it, each a character."""
        over = np.array([sum(score >= threshold for score in scores) for threshold in self.thresholds], np.int64)
        self.lines += 1
        self.characters += len(text)
        self.edits += over
        self.changed += over > 0


def clean_scores(texts: Sequence[CleanText], at: int = 0) -> dict[str, float]:
    """The share of lines changed, and wrong edits per 10,000 characters, of all texts at a threshold by its index."""
    lines, characters = (sum(getattr(text, what) for text in texts) for what in ("lines", "characters"))
    changed, edits = (sum(int(getattr(text, what)[at]) for text in texts) for what in ("changed", "edits"))
    return {CHANGED: changed / max(1, lines), EDITS: PER * edits / max(1, characters)}


def clean_table(texts: Sequence[CleanText]) -> Table:
    """A row a text, at the first threshold."""
    rows: list[tuple[Cell, ...]] = [
        (each.name, each.lines, each.characters, *clean_scores([each]).values()) for each in texts
    ]
    return Table("clean_text", ("file", "lines", "characters", CHANGED, EDITS), tuple(rows))


@dataclass
class Thresholds:
    """Correction scores at several thresholds at once."""

    thresholds: Sequence[float]
    tallies: list[Tally] = field(init=False)

    def __post_init__(self) -> None:
        self.tallies = [Tally(CORRECTION) for _ in self.thresholds]

    def watch(self, lines: Iterable[Sequence[Line]]) -> Iterator[Line]:
        """Count lines, each as it comes out at every threshold, and hand on the first of each."""
        for versions in lines:
            for tally, line in zip(self.tallies, versions, strict=True):
                count_correction([line], tally)
            yield versions[0]

    def table(self, texts: Sequence[CleanText]) -> Table:
        """A row a threshold."""
        names = [f"sentence_correction_{what}" for what in ("f1", "precision", "recall")]
        rows: list[tuple[Cell, ...]] = []
        for at, (threshold, tally) in enumerate(zip(self.thresholds, self.tallies, strict=True)):
            scores = tally.scores()
            clean = tuple(clean_scores(texts, at).values()) if texts else ()
            rows.append((f"{threshold:g}", *(scores[name] for name in names), *clean))
        rows.sort(key=lambda row: float(str(row[0])))
        return Table("by_threshold", ("threshold", *names, *((CHANGED, EDITS) if texts else ())), tuple(rows))
