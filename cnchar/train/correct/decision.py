"""The decision of a corrector: how its candidates are weighed, and from which confidence on it changes text.

The weights are those of a softmax over keeping what is typed and each candidate, fitted by maximum likelihood on text
that the network has not learned from; so confidences are shares: of edits at 0.9, nine in ten are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray

from cnchar.tasks.correct import FEATURES, Doubts, Network, Parts, confidences, find_doubts

_PULL = 1e-3  # towards zero, of each weight
_STEPS = 200
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)


@dataclass(frozen=True)
class Judged:
    """Candidates of some lines, what is right, and what the lines are.

    right: (D,) whether a candidate is the character that should stand there. missed: for each line, whether it has an
    error that no candidate mends. lines: (D,) the line of each candidate; wrong: (D,) whether what is typed is wrong.
    """

    doubts: Doubts
    right: NDArray[np.bool_]
    wrong: NDArray[np.bool_]
    lines: NDArray[np.intp]
    errors: NDArray[np.int64]  # (lines,), how many characters of each are wrong
    characters: int


def judge(parts: Parts, network: Network, typed: Sequence[str], right: Sequence[str]) -> Judged:
    """Find the candidates of some lines whose right text is known."""
    doubts = find_doubts(parts, network, typed, [np.ones(len(line), np.bool_) for line in typed])
    wanted = parts.alphabet.read([line.replace("\n", " ") for line in right]).astype(np.int64)
    begins = np.cumsum([0, *(len(line) + 1 for line in typed)])
    lines = np.searchsorted(begins, doubts.places, "right") - 1
    target = wanted[doubts.places]
    errors = np.array([sum(a != b for a, b in zip(*pair, strict=True)) for pair in zip(typed, right, strict=True)])
    characters = sum(map(len, typed))
    return Judged(doubts, doubts.targets == target, doubts.typed != target, lines, errors.astype(np.int64), characters)


def fit_weights(judged: Sequence[Judged], shares: Sequence[float]) -> NDArray[np.float64]:
    """The weights of the decision, (FEATURES,). `shares`: how much each collection of lines counts."""
    parts = [_Places(each, share) for each, share in zip(judged, shares, strict=True) if len(each.right)]
    if not parts:
        return np.zeros(len(FEATURES))
    weights = torch.zeros(len(FEATURES), dtype=torch.float64, requires_grad=True)
    scale = torch.tensor(np.concatenate([part.features for part in parts]).std(0) + 1e-3)
    optimizer = torch.optim.LBFGS([weights], max_iter=_STEPS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        total = sum((part.loss(weights / scale) for part in parts), _PULL * (weights**2).sum())
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return np.asarray((weights / scale).detach().numpy(), np.float64)


class _Places:
    """Places with candidates, as torch wants them."""

    def __init__(self, judged: Judged, share: float) -> None:
        self.features = judged.doubts.features
        self._inputs = torch.tensor(self.features)
        owner = np.cumsum(judged.doubts.first) - 1
        self._owner, self._count = torch.tensor(owner), int(owner[-1]) + 1
        self._right = torch.tensor(judged.right)
        self._share = share

    def loss(self, weights: torch.Tensor) -> torch.Tensor:
        """Minus the log-likelihood of what is right: a candidate, or else keeping what is typed."""
        scores = self._inputs @ weights
        whole = torch.ones(self._count, dtype=scores.dtype).index_add(0, self._owner, scores.clamp(max=50).exp())
        return self._share * (whole.log().sum() - scores[self._right].sum())


@dataclass(frozen=True)
class Point:
    """What happens at a threshold. Shares of sentences as in evaluate/correction.py."""

    threshold: float
    precision: float
    recall: float
    f1: float


class Curve:
    """What each threshold would do to some lines, where the surest candidate of each place is taken if it suffices."""

    def __init__(self, judged: Judged, weights: NDArray[np.float64]) -> None:
        scores = confidences(judged.doubts, weights)
        order = np.lexsort((-scores, judged.doubts.places))
        best = order[np.diff(judged.doubts.places[order], prepend=-1) != 0]
        self.scores, self.right, self.lines = scores[best], judged.right[best], judged.lines[best]
        self._judged = judged

    def at(self, threshold: float) -> Point:
        """Sentences: of those changed, how many are now right; of those with errors, how many."""
        taken = self.scores >= threshold
        count = len(self._judged.errors)
        changed = np.bincount(self.lines[taken], minlength=count)
        mended = np.bincount(self.lines[taken & self.right], minlength=count)
        right = int(np.sum((changed > 0) & (changed == mended) & (mended == self._judged.errors)))
        said, true = int(np.sum(changed > 0)), int(np.sum(self._judged.errors > 0))
        precision, recall = right / max(1, said), right / max(1, true)
        return Point(threshold, precision, recall, 2 * precision * recall / max(1e-9, precision + recall))

    def changes(self, threshold: float) -> float:
        """Edits that are not right among 10,000 characters."""
        return 1e4 * float(np.sum((self.scores >= threshold) & ~self.right)) / max(1, self._judged.characters)

    def changed_lines(self, threshold: float) -> float:
        """The share of the lines that are changed."""
        return len(np.unique(self.lines[self.scores >= threshold])) / max(1, len(self._judged.errors))

    def best(self) -> Point:
        """The threshold of the highest F1."""
        points = [self.at(threshold) for threshold in THRESHOLDS]
        return max(points, key=lambda point: (point.f1, point.threshold))

    def reliability(self) -> list[tuple[float, float, int, float, float]]:
        """Bins of confidence (from, to): how many candidates, their mean confidence, the share that is right."""
        rows = []
        for low, high in pairwise(BINS):
            inside = (self.scores >= low) & ((self.scores < high) | (high == 1.0))
            if inside.any():
                rows.append(
                    (low, high, int(inside.sum()), float(self.scores[inside].mean()), float(self.right[inside].mean()))
                )
        return rows


_TRIED = np.concatenate([np.arange(0.05, 0.95, 0.01), np.arange(0.95, 0.9991, 0.002)])
THRESHOLDS: tuple[float, ...] = tuple(_TRIED.round(4).tolist())


def careful(false_alarms: Sequence[Curve], most: float) -> float:
    """The least threshold at which no collection of right lines has more than `most` edits in 10,000 characters."""
    for threshold in THRESHOLDS:
        if all(curve.changes(threshold) <= most for curve in false_alarms):
            return threshold
    return THRESHOLDS[-1]
