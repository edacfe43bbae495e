"""Make the next items while the last ones are being used, so that a GPU need not wait for its data."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class _End:
    """What comes after the last item."""


def prefetch(items: Iterable[T], ahead: int = 4) -> Iterator[T]:
    """The same items in order, made in a thread of their own, at most `ahead` early; exceptions come at their place."""
    iterator = iter(items)
    thread = ThreadPoolExecutor(1)
    try:
        coming: deque[Future[T | _End]] = deque(thread.submit(next, iterator, _End()) for _ in range(ahead))
        while not isinstance(item := coming.popleft().result(), _End):
            coming.append(thread.submit(next, iterator, _End()))
            yield item
    finally:
        thread.shutdown(cancel_futures=True)
