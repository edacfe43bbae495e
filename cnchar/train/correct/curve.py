"""From which confidence on text is changed: what each threshold would do to lines whose right text is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cnchar.tasks.correct import Candidate, reconsider
from cnchar.tasks.correct_parts import Parts
from cnchar.tasks.looks import Network
from cnchar.train.correct.decision import Judged

BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)


@dataclass(frozen=True)
class Point:
    """What happens at a threshold. Shares of sentences as in evaluate/correction.py."""

    threshold: float
    precision: float
    recall: float
    f1: float


class Curve:
    """What each threshold would do to some lines, where the surest candidate of each place is taken if it suffices.

    scores, right: of these candidates, (C,). lines: (C,) the line of each. errors: (lines,), how many characters of
    each are wrong. characters: of all lines.
    """

    def __init__(self, found: Sequence[Sequence[Candidate]], typed: Sequence[str], meant: Sequence[str]) -> None:
        best = [
            (line, each.score, each.target == meant[line][each.place])
            for line, some in enumerate(found)
            for each in {each.place: each for each in reversed(some)}.values()  # the surest of a place comes first
        ]
        self.lines = np.array([line for line, _, _ in best], np.intp)
        self.scores = np.array([score for _, score, _ in best], np.float64)
        self.right = np.array([right for _, _, right in best], np.bool_)
        pairs = zip(typed, meant, strict=True)
        self.errors = np.array([sum(a != b for a, b in zip(*pair, strict=True)) for pair in pairs], np.int64)
        self.characters = sum(map(len, typed))

    def at(self, threshold: float) -> Point:
        """Sentences: of those changed, how many are now right; of those with errors, how many."""
        taken = self.scores >= threshold
        count = len(self.errors)
        changed = np.bincount(self.lines[taken], minlength=count)
        mended = np.bincount(self.lines[taken & self.right], minlength=count)
        right = int(np.sum((changed > 0) & (changed == mended) & (mended == self.errors)))
        said, true = int(np.sum(changed > 0)), int(np.sum(self.errors > 0))
        precision, recall = right / max(1, said), right / max(1, true)
        return Point(threshold, precision, recall, 2 * precision * recall / max(1e-9, precision + recall))

    def changes(self, threshold: float) -> float:
        """Edits that are not right among 10,000 characters."""
        return 1e4 * float(np.sum((self.scores >= threshold) & ~self.right)) / max(1, self.characters)

    def changed_lines(self, threshold: float) -> float:
        """The share of the lines that are changed."""
        return len(np.unique(self.lines[self.scores >= threshold])) / max(1, len(self.errors))

    def best(self) -> Point:
        """The threshold of the highest F1."""
        points = [self.at(threshold) for threshold in THRESHOLDS]
        return max(points, key=lambda point: (point.f1, point.threshold))


def reliability(curves: Sequence[Curve]) -> list[tuple[float, float, int, float, float]]:
    """Bins of confidence (from, to): how many candidates, their mean confidence, the share that is right."""
    scores = np.concatenate([curve.scores for curve in curves])
    right = np.concatenate([curve.right for curve in curves])
    rows = []
    for low, high in pairwise(BINS):
        inside = (scores >= low) & ((scores < high) | (high == 1.0))
        if inside.any():
            rows.append((low, high, int(inside.sum()), float(scores[inside].mean()), float(right[inside].mean())))
    return rows


_TRIED = np.concatenate([np.arange(0.05, 0.95, 0.01), np.arange(0.95, 0.9991, 0.002)])
THRESHOLDS: tuple[float, ...] = tuple(_TRIED.round(4).tolist())


def curve_of(parts: Parts, network: Network, judged: Judged) -> Curve:
    """What a corrector with these weights does to judged lines."""
    return Curve(reconsider(parts, network, judged.draft, judged.doubts), judged.draft.texts, judged.meant)


def careful(false_alarms: Sequence[Curve], most: float) -> float:
    """The least threshold at which no collection of right lines has more than `most` edits in 10,000 characters."""
    for threshold in THRESHOLDS:
        if all(curve.changes(threshold) <= most for curve in false_alarms):
            return threshold
    return THRESHOLDS[-1]
