"""How sure a tagging is: posterior probabilities of words under the tag scores (forward-backward, Baum et al. 1970)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cnchar.decode.viterbi import TRANSITIONS, B, E, M, S

IMPOSSIBLE = -1e9
_STEPS = np.full((4, 4), IMPOSSIBLE)
for _step in TRANSITIONS:
    _STEPS[_step] = 0.0


def word_posteriors(scores: NDArray[np.float64], spans: Iterable[tuple[int, int]]) -> list[float]:
    """The probability of each word, given the scores of one run of text without white space.

    Args:
        scores: (4, N) in nats, N >= 1.
        spans: half-open places of words in the run.

    Returns:
        For each span the share of all legal taggings, weighted by their scores, that hold just this word there.
    """
    forward, backward = _forward(scores), _backward(scores)
    total = np.logaddexp(forward[E, -1], forward[S, -1])
    return [float(np.exp(_word(scores, forward, backward, *span) - total)) for span in spans]


def _forward(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4, N): log weight of all taggings of the text up to each character that end in each tag."""
    out = np.full(scores.shape, IMPOSSIBLE)
    out[[B, S], 0] = scores[[B, S], 0]
    for i in range(1, scores.shape[1]):
        out[:, i] = np.logaddexp.reduce(out[:, i - 1, None] + _STEPS, axis=0) + scores[:, i]
    return out


def _backward(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4, N): log weight of all taggings of the text after each character, given its tag."""
    out = np.full(scores.shape, IMPOSSIBLE)
    out[[E, S], -1] = 0.0
    for i in range(scores.shape[1] - 2, -1, -1):
        out[:, i] = np.logaddexp.reduce(_STEPS + (scores[:, i + 1] + out[:, i + 1])[None], axis=1)
    return out


def _word(
    scores: NDArray[np.float64],
    forward: NDArray[np.float64],
    backward: NDArray[np.float64],
    start: int,
    stop: int,
) -> float:
    tags = [S] if stop - start == 1 else [B, *[M] * (stop - start - 2), E]
    inner = sum(scores[tag, start + k] for k, tag in enumerate(tags[1:], 1))
    return float(forward[tags[0], start] + inner + backward[tags[-1], stop - 1])
