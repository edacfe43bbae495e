"""Counts kinds of error, each with its first example, in bounded memory."""

from __future__ import annotations

import heapq
from collections import Counter

from cnchar.evaluate.edits import differing_spans
from cnchar.evaluate.report import Error

_CONTEXT = 12  # characters shown on each side of an example
_MOST_KINDS = 1 << 16


class Kinds:
    """What stood in the gold and what was given instead, as often as it came.

    Beyond 65,536 kinds the rarest are forgotten, as `Confusions` does for words.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._examples: dict[tuple[str, str], tuple[int, str, str]] = {}

    def add(self, gold: str, pred: str, line: int, text: str = "", start: int = 0, end: int = 0) -> None:
        """Count one error of this kind, in `text[start:end]` of the gold's line."""
        kind = gold, pred
        self._counts[kind] += 1
        if kind not in self._examples:
            self._examples[kind] = (line, text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT])
        if len(self._counts) > _MOST_KINDS:
            self._forget_rare_kinds()

    def add_differences(self, gold: str, pred: str, line: int) -> None:
        """Count each of the smallest spans in which two lines differ."""
        for span in differing_spans(gold, pred):
            given = pred[span.pred_start : span.pred_end]
            self.add(gold[span.gold_start : span.gold_end], given, line, gold, span.gold_start, span.gold_end)

    def most_common(self, top: int) -> tuple[Error, ...]:
        """The `top` most frequent kinds, equally frequent ones as they first appeared."""
        ranked = heapq.nsmallest(top, self._counts.items(), key=lambda item: -item[1])
        return tuple(self._error(*kind, count) for kind, count in ranked)

    def _error(self, gold: str, pred: str, count: int) -> Error:
        line, before, after = self._examples[gold, pred]
        return Error(gold, pred, count, line, before, after)

    def _forget_rare_kinds(self) -> None:
        floor = sorted(self._counts.values())[len(self._counts) // 2]
        self._counts = Counter({kind: count for kind, count in self._counts.items() if count > floor})
        self._examples = {kind: self._examples[kind] for kind in self._counts}
