"""Two streams of segmented lines side by side, in blocks of bounded size, and what to say where they do not match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from cnchar.errors import BadInput

_BLOCK_CHARACTERS = 1 << 17
_RUN_LINES = 64  # few, as a line may be very long
_SHOWN = 20  # characters shown on each side of a difference


@dataclass(frozen=True)
class Side:
    """One of the two sides, for messages: a file's name, and what is numbered in it."""

    name: str
    unit: str = "line"


@dataclass
class Lines:
    """Lines that are not blank, with their numbers from 1. A newline is no more than white space here."""

    numbers: list[int]
    texts: list[str]


def paired_blocks(gold: Iterable[str], pred: Iterable[str], sides: tuple[Side, Side]) -> Iterator[tuple[Lines, Lines]]:
    """Runs of as many gold lines as predicted lines. Raises BadInput, after the last run, if one side ends early."""
    golds, preds = _Source(gold), _Source(pred)
    while True:
        gold_lines = golds.take_block()
        pred_lines = preds.take(len(gold_lines.texts))
        taken = len(pred_lines.texts)
        if taken:
            yield Lines(gold_lines.numbers[:taken], gold_lines.texts[:taken]), pred_lines
        if taken < len(gold_lines.texts) or not taken:
            break
    gold_count, pred_count = golds.count_all(), preds.count_all()
    if gold_count != pred_count:
        raise _lengths_differ(gold_count, pred_count, sides)


class _Source:
    """A stream of lines, taken in runs: a list at a time is several times faster than line by line."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._read = self._taken = 0

    def take(self, count: int) -> Lines:
        """The next `count` lines that are not blank, or as many as there are."""
        numbers: list[int] = []
        texts: list[str] = []
        while len(texts) < count and (run := list(islice(self._lines, count - len(texts)))):
            first = self._read + 1
            self._read += len(run)
            if "" in run or any(map(str.isspace, run)):
                filled = [(number, line) for number, line in enumerate(run, first) if line and not line.isspace()]
                numbers += [number for number, _ in filled]
                run = [line for _, line in filled]
            else:
                numbers += range(first, first + len(run))
            texts += run
        self._taken += len(texts)
        if "\n" in "".join(texts):
            texts = [line.replace("\n", " ") for line in texts]
        return Lines(numbers, texts)

    def take_block(self) -> Lines:
        """The next lines, of about _BLOCK_CHARACTERS together."""
        block = self.take(_RUN_LINES)
        size = sum(map(len, block.texts))
        while size < _BLOCK_CHARACTERS and (run := self.take(_RUN_LINES)).texts:
            block.numbers += run.numbers
            block.texts += run.texts
            size += sum(map(len, run.texts))
        return block

    def count_all(self) -> int:
        """How many lines were not blank, from the first to the last; reads what is left."""
        while self.take(_RUN_LINES).texts:
            pass
        return self._taken


def _lengths_differ(gold: int, pred: int, sides: tuple[Side, Side]) -> BadInput:
    return BadInput(
        f"{sides[0].name} has {gold} {sides[0].unit}s that are not blank, {sides[1].name} has {pred}: "
        "score the output of the very same text, one sentence a line."
    )


def text_differs(golds: Lines, preds: Lines, sides: tuple[Side, Side]) -> BadInput:
    """The message for the first pair of lines whose text differs; both versions around the difference."""
    texts = [
        ("".join(gold.split()), "".join(pred.split())) for gold, pred in zip(golds.texts, preds.texts, strict=True)
    ]
    first = next(i for i, (gold, pred) in enumerate(texts) if gold != pred)
    gold, pred = texts[first]
    at = next((i for i, (g, p) in enumerate(zip(gold, pred, strict=False)) if g != p), min(len(gold), len(pred)))
    numbers = golds.numbers[first], preds.numbers[first]
    where = [f"{side.name} {side.unit} {number}" for side, number in zip(sides, numbers, strict=True)]
    return BadInput(
        f"{where[0]} and {where[1]} differ in text at character {at + 1}: {_around(gold, at)} against "
        f"{_around(pred, at)}; apart from white space both files must hold the same text."
    )


def _around(text: str, at: int) -> str:
    start, end = max(0, at - _SHOWN), at + _SHOWN
    return f"'{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}'"
