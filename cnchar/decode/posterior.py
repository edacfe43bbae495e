"""How sure a tagging is: posterior probabilities of words under the tag scores (forward-backward, Baum et al. 1970)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from cnchar.decode.viterbi import LEGAL, B, E, M, S

IMPOSSIBLE = -1e9
Scores = NDArray[np.float64]


def word_posteriors(scores: Scores, spans: Iterable[tuple[int, int]], transitions: Scores | None = None) -> list[float]:
    """The probability of each word, given the scores of one run of text without white space.

    Args:
        scores: (4, N) in nats, N >= 1.
        spans: half-open places of words in the run.
        transitions: (4, 4) in nats, what each step from a tag (row) to the next (column) is worth; nothing if None.

    Returns:
        For each span the share of all legal taggings, weighted by their scores, that hold just this word there.
    """
    steps = np.where(LEGAL, 0.0 if transitions is None else transitions, IMPOSSIBLE)
    forward, backward = _forward(scores, steps), _backward(scores, steps)
    total = np.logaddexp(forward[E, -1], forward[S, -1])
    return [float(np.exp(_word(scores, steps, forward, backward, *span) - total)) for span in spans]


def _forward(scores: Scores, steps: Scores) -> Scores:
    """(4, N): log weight of all taggings of the text up to each character that end in each tag."""
    out = np.full(scores.shape, IMPOSSIBLE)
    out[[B, S], 0] = scores[[B, S], 0]
    for i in range(1, scores.shape[1]):
        out[:, i] = np.logaddexp.reduce(out[:, i - 1, None] + steps, axis=0) + scores[:, i]
    return out


def _backward(scores: Scores, steps: Scores) -> Scores:
    """(4, N): log weight of all taggings of the text after each character, given its tag."""
    out = np.full(scores.shape, IMPOSSIBLE)
    out[[E, S], -1] = 0.0
    for i in range(scores.shape[1] - 2, -1, -1):
        out[:, i] = np.logaddexp.reduce(steps + (scores[:, i + 1] + out[:, i + 1])[None], axis=1)
    return out


def _word(scores: Scores, steps: Scores, forward: Scores, backward: Scores, start: int, stop: int) -> float:
    tags = [S] if stop - start == 1 else [B, *[M] * (stop - start - 2), E]
    inner = sum(scores[tag, start + k] + steps[tags[k - 1], tag] for k, tag in enumerate(tags[1:], 1))
    return float(forward[tags[0], start] + inner + backward[tags[-1], stop - 1])
