"""Gold and prediction line for line: setting them side by side, and counting them in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import Protocol, TypeVar

import numpy as np

from cnchar.errors import BadInput
from cnchar.evaluate.pairs import Side
from cnchar.evaluate.tally import Tally, length_groups

_BATCH = 1000
_SHOWN = 20  # characters shown on each side of a difference

Slices = Mapping[str, str]
"""For each kind of group (`slice:domain`) the one that a line is in."""


class Sliced(Protocol):
    """What can be counted by slice."""

    @property
    def slices(self) -> Slices:
        """The slices it is in; equal keys in all of one file."""


@dataclass(frozen=True)
class Line:
    """A line of the gold file, the line given for it, and the text both were made from, if there is one."""

    number: int
    gold: str
    pred: str
    source: str = ""
    slices: Slices = field(default_factory=dict)


T = TypeVar("T", bound=Sliced)
G = TypeVar("G")
P = TypeVar("P")


def pair_up(
    gold: Iterable[G], pred: Iterable[P], sides: tuple[Side, Side] = (Side("gold"), Side("pred"))
) -> Iterator[tuple[G, P]]:
    """Both one for one. Raises BadInput, after the last pair, if one side ends early."""
    pairs = zip_longest(gold, pred)
    for number, (one, other) in enumerate(pairs, 1):
        if one is None or other is None:
            longer = number + sum(1 for _ in pairs)
            raise _lengths_differ(*((number - 1, longer) if one is None else (longer, number - 1)), sides)
        yield one, other


def feed(tally: Tally, items: Iterable[T], count: Callable[[T], Sequence[float]], length: Callable[[T], int]) -> None:
    """Add what `count` gives for each item, also by its slices and by its `length` in characters."""
    items = iter(items)
    while batch := list(islice(items, _BATCH)):
        groups = {name: [item.slices[name] for item in batch] for name in batch[0].slices}
        groups["by_length"] = length_groups(np.array([length(item) for item in batch]))
        tally.add(np.array([count(item) for item in batch], dtype=np.float64), groups)


def around_difference(gold: str, pred: str) -> tuple[int, str, str]:
    """The place, from 0, where two unlike texts part, and both around it, for messages."""
    at = next((i for i, (g, p) in enumerate(zip(gold, pred, strict=False)) if g != p), min(len(gold), len(pred)))
    return at, _around(gold, at), _around(pred, at)


def _around(text: str, at: int) -> str:
    start, end = max(0, at - _SHOWN), at + _SHOWN
    return f"'{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}'"


def _lengths_differ(gold: int, pred: int, sides: tuple[Side, Side]) -> BadInput:
    return BadInput(
        f"{sides[0].name} has {gold} {sides[0].unit}s, {sides[1].name} has {pred}: "
        f"give one {sides[1].unit} for each {sides[0].unit} of the very same text."
    )
