"""Where two texts differ, by the fewest edits of single characters (Levenshtein distance).

The rows of the distance matrix are kept as bits of integers (Myers 1999; Hyyrö 2003), one integer a row for its rises
and one for its falls, so a row costs a few operations whatever its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

_MOST_CELLS = 1 << 27  # of a matrix kept to find the way back: 32 MB


class Span(NamedTuple):
    """`gold[gold_start:gold_end]` was given as `pred[pred_start:pred_end]`; either may be empty."""

    gold_start: int
    gold_end: int
    pred_start: int
    pred_end: int


def count_edits(gold: str, pred: str) -> int:
    """The fewest characters to be replaced, put in or left out that make one text of the other."""
    start, gold_end, pred_end = differing_middle(gold, pred)
    gold, pred = gold[start:gold_end], pred[start:pred_end]
    if not gold or not pred:
        return len(gold) + len(pred)
    distance, last = len(gold), 1 << (len(gold) - 1)
    for _, _, rises, falls in _rows(gold, pred):
        distance += bool(rises & last) - bool(falls & last)
    return distance


def differing_spans(gold: str, pred: str) -> list[Span]:
    """The runs of neighbouring edits, from left to right, of a way that takes `count_edits` of them.

    Where both texts differ over more than about ten thousand characters, all of that is one span.
    """
    start, gold_end, pred_end = differing_middle(gold, pred)
    height, width = pred_end - start, gold_end - start
    if not height and not width:
        return []
    if not height or not width or height * width > _MOST_CELLS:
        return [Span(start, gold_end, start, pred_end)]
    edits = _way_back(gold[start:gold_end], pred[start:pred_end])
    return [Span(*(start + end for end in span)) for span in _join(reversed(list(edits)))]


def differing_middle(gold: str, pred: str) -> tuple[int, int, int]:
    """Start and the two ends of what is left of both without their common beginning and their common end."""
    if gold == pred:
        return len(gold), len(gold), len(pred)
    shorter = min(len(gold), len(pred))
    start = next((i for i in range(shorter) if gold[i] != pred[i]), shorter)
    end = next((i for i in range(shorter - start) if gold[-1 - i] != pred[-1 - i]), shorter - start)
    return start, len(gold) - end, len(pred) - end


def _rows(gold: str, pred: str) -> Iterator[tuple[int, int, int, int]]:
    """For each character of `pred`, as bits over `gold`: where the row of the matrix rises and where it falls from one
    column to the next, and where the column rose and fell against the row above."""
    full = (1 << len(gold)) - 1
    places: dict[str, int] = {}
    for i, character in enumerate(gold):
        places[character] = places.get(character, 0) | 1 << i
    rises, falls = full, 0
    for character in pred:
        equal = places.get(character, 0)
        diagonal = ((((equal & rises) + rises) ^ rises) | equal | falls) & full  # no edit from the upper left
        above_rises, above_falls = falls | (full & ~(diagonal | rises)), diagonal & rises
        shifted_rises, shifted_falls = (above_rises << 1 | 1) & full, (above_falls << 1) & full
        rises, falls = shifted_falls | (full & ~(diagonal | shifted_rises)), shifted_rises & diagonal
        yield rises, falls, above_rises, above_falls


def _way_back(gold: str, pred: str) -> Iterator[Span]:
    """Single edits from the end of both texts to their start."""
    rows = [(rises, falls) for rises, falls, _, _ in _rows(gold, pred)]
    i, j = len(gold), len(pred)
    while i and j:
        if rows[j - 1][0] >> (i - 1) & 1:
            yield Span(i - 1, i, j, j)
            i -= 1
        elif j > 1 and rows[j - 2][1] >> (i - 1) & 1:
            yield Span(i, i, j - 1, j)
            j -= 1
        else:
            i, j = i - 1, j - 1
            if gold[i] != pred[j]:
                yield Span(i, i + 1, j, j + 1)
    if i or j:
        yield Span(0, i, 0, j)


def _join(edits: Iterator[Span]) -> Iterator[Span]:
    """Edits that touch become one."""
    whole: Span | None = None
    for edit in edits:
        if whole and (whole.gold_end, whole.pred_end) == (edit.gold_start, edit.pred_start):
            whole = Span(whole.gold_start, edit.gold_end, whole.pred_start, edit.pred_end)
        else:
            if whole:
                yield whole
            whole = edit
    if whole:
        yield whole
