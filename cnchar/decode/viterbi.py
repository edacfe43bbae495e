"""The best legal BMES tagging of many pieces of text at once (Viterbi, 1967), one position a step for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

B, M, E, S = range(4)
# The legal steps between neighbouring characters. They cost nothing, unless a model with a CRF says what each is worth.
TRANSITIONS = ((B, M), (B, E), (M, M), (M, E), (E, B), (E, S), (S, B), (S, S))
LEGAL = np.zeros((4, 4), bool)  # the same as a table, from a row's tag to a column's
LEGAL[tuple(zip(*TRANSITIONS, strict=True))] = True
NEVER = np.int32(-(1 << 28))

Scores = NDArray[np.int32]
Index = NDArray[np.intp]
State = NDArray[np.uint8]
Choices = tuple[NDArray[np.bool_], NDArray[np.bool_]]
T = TypeVar("T")


def best_tags(scores: Scores, starts: Index, lengths: Index, transitions: Scores | None = None) -> State:
    """Tags of the best legal path through each piece.

    Args:
        scores: (4, N), what each tag is worth at each character, in the order B, M, E, S.
        starts, lengths: (P,), where the pieces begin and how long they are; at least one character each.
        transitions: (4, 4), what each step from a tag (row) to the next (column) is worth; nothing if None.

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
    if transitions is None:
        back, last = _forward(scores, starts, active)
        _backward(tags, back, _before, last, starts, active)
    else:
        steps, last = _forward_stepping(scores, starts, active, transitions)
        _backward(tags, steps, _before_step, last, starts, active)
    return tags


def _forward(scores: Scores, starts: Index, active: Index) -> tuple[list[Choices], list[NDArray[np.bool_]]]:
    """For each step whether an open word comes from M (else B) and a finished one from S (else E), and the last tags.

    B and M leave a word open, E and S finish it; so two comparisons a step decide where all four tags come from.
    """
    b, m, e, s = (
        scores[B].take(starts),
        np.full(len(starts), NEVER),
        np.full(len(starts), NEVER),
        scores[S].take(starts),
    )
    back, last = [], []
    for t in range(len(active)):
        if t:
            n = active[t]
            b, m, e, s = b[:n], m[:n], e[:n], s[:n]
            back.append((m > b, s >= e))
            is_open, finished = np.maximum(b, m), np.maximum(e, s)
            here = starts[:n] + t
            b, s = scores[B].take(here), scores[S].take(here)
            m, e = scores[M].take(here), scores[E].take(here)
            b += finished
            s += finished
            m += is_open
            e += is_open
        going = active[t + 1] if t + 1 < len(active) else 0
        last.append(s[going:] >= e[going:])
    return back, last


def _before(choices: Choices, state: State) -> State:
    """The tags before tags (n,), from what _forward kept."""
    from_m, from_s = choices
    came_open = (state == M) | (state == E)
    return np.where(came_open, from_m.view(np.uint8), from_s.view(np.uint8) + np.uint8(E))


def _forward_stepping(
    scores: Scores, starts: Index, active: Index, transitions: Scores
) -> tuple[list[State], list[NDArray[np.bool_]]]:
    """For each step and each tag the tag that it comes from, (4, n), and the last tags."""
    steps = np.where(LEGAL, transitions, NEVER)
    best = np.full((4, len(starts)), NEVER)
    best[[B, S]] = scores[:, starts][[B, S]]
    back, last = [], []
    for t in range(len(active)):
        if t:
            n = active[t]
            paths = best[:, None, :n] + steps[:, :, None]  # (from, to, n)
            back.append(paths.argmax(axis=0).astype(np.uint8))
            best = paths.max(axis=0) + scores[:, starts[:n] + t]
        going = active[t + 1] if t + 1 < len(active) else 0
        last.append(best[S, going:] >= best[E, going:])
    return back, last


def _before_step(origins: State, state: State) -> State:
    """The tags before tags (n,), from what _forward_stepping kept."""
    return origins[state, np.arange(len(state))]


def _backward(
    tags: State,
    back: list[T],
    before: Callable[[T, State], State],
    last: list[NDArray[np.bool_]],
    starts: Index,
    active: Index,
) -> None:
    state = np.empty(0, np.uint8)
    for t in range(len(active) - 1, -1, -1):
        state = np.concatenate([state, last[t].view(np.uint8) + np.uint8(E)])
        tags[starts[: active[t]] + t] = state
        if t:
            state = before(back[t - 1], state)
