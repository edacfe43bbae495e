"""Items that are worth working on together, gathered from a stream without reading far ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sized
from typing import TypeVar

T = TypeVar("T")


def together(items: Iterable[T], size: Callable[[T], int], most: int, count: int = 0) -> Iterator[list[T]]:
    """Runs of items: each ends with the item whose size brings them to `most`, or, if given, with number `count`."""
    batch: list[T] = []
    filled = 0
    for item in items:
        batch.append(item)
        filled += size(item)
        if filled >= most or len(batch) == count:
            yield batch
            batch, filled = [], 0
    if batch:
        yield batch


def line_size(line: Sized) -> int:
    """Characters of a line with its end: so that empty lines count as well."""
    return len(line) + 1
