"""The decision of a corrector: how its candidates are weighed.

The weights are those of a softmax over keeping what is typed and each candidate, fitted by maximum likelihood on text
that the network has not learned from; so confidences are shares: of edits at 0.9, nine in ten are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from cnchar.tasks.correct_parts import FEATURES, Parts
from cnchar.tasks.doubts import Doubts, find_doubts
from cnchar.tasks.looks import Draft, Network, look_at

_PULL = 1e-3  # towards zero, of each weight
_STEPS = 200


@dataclass(frozen=True)
class Judged:
    """What is found in texts whose right text is known, `meant`.

    doubts: of all texts together. right: (D,) whether a candidate is what should stand there.
    """

    draft: Draft
    meant: Sequence[str]
    doubts: Doubts
    right: NDArray[np.bool_]


def judge(parts: Parts, network: Network, draft: Draft, meant: Sequence[str]) -> Judged:
    """Find the candidates of some texts at the first look."""
    doubts = find_doubts(parts, look_at(parts, network, draft))
    wanted = parts.alphabet.read([line.replace("\n", " ") for line in meant]).astype(np.int64)
    return Judged(draft, meant, doubts, doubts.targets == wanted[doubts.places])


def fit_weights(judged: Sequence[Judged]) -> NDArray[np.float64]:
    """The weights of the decision, (FEATURES,)."""
    parts = [_Places(each) for each in judged if len(each.right)]
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

    def __init__(self, judged: Judged) -> None:
        self.features = judged.doubts.features
        self._inputs = torch.tensor(self.features)
        owner = np.cumsum(judged.doubts.first) - 1
        self._owner, self._count = torch.tensor(owner), int(owner[-1]) + 1
        self._right = torch.tensor(judged.right)

    def loss(self, weights: torch.Tensor) -> torch.Tensor:
        """Minus the log-likelihood of what is right: a candidate, or else keeping what is typed."""
        scores = self._inputs @ weights
        whole = torch.ones(self._count, dtype=scores.dtype).index_add(0, self._owner, scores.clamp(max=50).exp())
        return whole.log().sum() - scores[self._right].sum()
