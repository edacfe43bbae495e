"""The best legal BMES tagging of many pieces of text at once (Viterbi, 1967), one position a step for all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

B, M, E, S = range(4)
# The legal steps between neighbouring characters, in the order of a model's transition scores.
TRANSITIONS = ((B, M), (B, E), (M, M), (M, E), (E, B), (E, S), (S, B), (S, S))
NEVER = np.int32(-(1 << 28))

Scores = NDArray[np.int32]
Index = NDArray[np.intp]


def best_tags(scores: Scores, transitions: NDArray[np.int32], starts: Index, lengths: Index) -> NDArray[np.uint8]:
    """Tags of the best legal path through each piece.

    Args:
        scores: (4, N), what each tag is worth at each character, in the order B, M, E, S.
        transitions: (8,), what each step of TRANSITIONS is worth.
        starts, lengths: (P,), where the pieces begin and how long they are; at least one character each.

    Returns:
        (N,) tags; S wherever no piece lies. A piece begins with B or S and ends with E or S.
    """
    tags = np.full(scores.shape[1], S, np.uint8)
    if not len(starts):
        return tags
    order = np.argsort(-lengths, kind="stable")
    starts = starts[order]
    # active[t]: how many pieces are longer than t characters; they come first.
    active = len(lengths) - np.searchsorted(np.sort(lengths), np.arange(lengths.max()), side="right")
    back, last = _forward(scores, transitions, starts, active)
    _backward(tags, back, last, starts, active)
    return tags


def _forward(
    scores: Scores, transitions: NDArray[np.int32], starts: Index, active: Index
) -> tuple[list[NDArray[np.uint8]], list[NDArray[np.bool_]]]:
    """Back pointers of each step, one bit a tag, and at each step for the pieces that end there: is the last tag S?"""
    bm, be, mm, me, eb, es, sb, ss = (np.int32(t) for t in transitions)
    state = [scores[B].take(starts), np.full(len(starts), NEVER), np.full(len(starts), NEVER), scores[S].take(starts)]
    back, last = [], []
    for t in range(len(active)):
        if t:
            n = active[t]
            b, m, e, s = (x[:n] for x in state)
            here = starts[:n] + t
            pairs = ((eb + e, sb + s), (bm + b, mm + m), (be + b, me + m), (es + e, ss + s))  # into B, M, E, S
            pointers = np.zeros(n, np.uint8)
            state = []
            for tag, (one, two) in enumerate(pairs):
                pointers |= (two > one).view(np.uint8) << np.uint8(tag)
                state.append(np.maximum(one, two) + scores[tag].take(here))
            back.append(pointers)
        going = active[t + 1] if t + 1 < len(active) else 0
        last.append(state[S][going:] >= state[E][going:])
    return back, last


def _backward(
    tags: NDArray[np.uint8], back: list[NDArray[np.uint8]], last: list[NDArray[np.bool_]], starts: Index, active: Index
) -> None:
    # Where a set pointer bit leads, and where a clear one does, for each tag.
    set_from = np.array([S, M, M, S], np.uint8)
    clear_from = np.array([E, B, B, E], np.uint8)
    state = np.empty(0, np.uint8)
    for t in range(len(active) - 1, -1, -1):
        state = np.concatenate([state, np.where(last[t], S, E).astype(np.uint8)])
        tags[starts[: active[t]] + t] = state
        if t:
            bit = (back[t - 1] >> state) & 1
            state = np.where(bit, set_from[state], clear_from[state])
