"""The most frequent errors: gold words against predicted words over the smallest span in which they differ."""

from __future__ import annotations

import heapq
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from cnchar.evaluate.blocks import SegmentedBlock
from cnchar.evaluate.report import Error

_CONTEXT = 12  # characters of the gold line shown on each side of an example, its separators counted
_MOST_KINDS = 1 << 16

# A span is kept as the bytes of its code points, with a bit on those that start a word: cheap to cut, hash and compare.
_GOLD_START, _PRED_START = 1 << 21, 1 << 22


class Confusions:
    """Counts kinds of error in bounded memory.

    Beyond 65,536 kinds the rarest are forgotten (lossy counting, Manku and Motwani 2002): the counts of rare kinds in
    very large files may then be too low, those of frequent kinds by no more than a few.
    """

    def __init__(self) -> None:
        self._counts: Counter[bytes] = Counter()
        self._examples: dict[bytes, tuple[int, str, str]] = {}

    def add(
        self,
        gold: SegmentedBlock,
        pred: SegmentedBlock,
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        lines: NDArray[np.int64],
    ) -> None:
        """Count the differing spans (`starts`, `ends` in characters, `lines` their gold line numbers) of a block."""
        marked = gold.characters | gold.starts * np.uint32(_GOLD_START) | pred.starts * np.uint32(_PRED_START)
        spans = marked.astype("<u4").tobytes()
        kinds = [spans[a:b] for a, b in zip((starts * 4).tolist(), (ends * 4).tolist(), strict=True)]
        self._counts.update(kinds)
        for i, kind in enumerate(kinds):
            if kind not in self._examples:
                self._examples[kind] = (int(lines[i]), *gold.context(int(starts[i]), int(ends[i]), _CONTEXT))
        if len(self._counts) > _MOST_KINDS:
            self._forget_rare_kinds()

    def most_common(self, top: int | None = None) -> tuple[Error, ...]:
        """The `top` most frequent kinds (all with None), equally frequent ones as they first appeared."""
        wanted = len(self._counts) if top is None else top
        ranked = heapq.nsmallest(wanted, self._counts.items(), key=lambda item: -item[1])
        return tuple(self._error(kind, count) for kind, count in ranked)

    def _error(self, kind: bytes, count: int) -> Error:
        line, before, after = self._examples[kind]
        return Error(
            gold=_words(kind, _GOLD_START),
            pred=_words(kind, _PRED_START),
            count=count,
            line=line,
            before=before.rpartition("\n")[2].strip(),
            after=after.partition("\n")[0].strip(),
        )

    def _forget_rare_kinds(self) -> None:
        floor = sorted(self._counts.values())[len(self._counts) // 2]
        self._counts = Counter({kind: count for kind, count in self._counts.items() if count > floor})
        self._examples = {kind: self._examples[kind] for kind in self._counts}


def _words(kind: bytes, start_bit: int) -> str:
    words: list[str] = []
    for point in np.frombuffer(kind, dtype="<u4").tolist():
        if point & start_bit:
            words.append("")
        words[-1] += chr(point & (_GOLD_START - 1))
    return " ".join(words)
