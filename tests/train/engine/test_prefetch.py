from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from cnchar.train.engine.prefetch import prefetch


def test_the_same_items_in_order() -> None:
    assert list(prefetch(range(100), ahead=3)) == list(range(100))
    assert list(prefetch([])) == []
    assert list(prefetch([None, None])) == [None, None]


def test_made_ahead_in_another_thread_but_not_far() -> None:
    made: list[int] = []
    threads: set[int] = set()

    def items() -> Iterator[int]:
        for i in range(100):
            made.append(i)
            threads.add(threading.get_ident())
            yield i

    source = prefetch(items(), ahead=3)
    for used in range(50):
        assert next(source) == used
        assert len(made) <= used + 1 + 3
    source.close()  # type: ignore[attr-defined]
    assert len(made) < 60
    assert threading.get_ident() not in threads


def test_an_exception_comes_at_its_place() -> None:
    def items() -> Iterator[int]:
        yield from range(5)
        raise OSError("the disk is gone")

    source = prefetch(items())
    assert [next(source) for _ in range(5)] == list(range(5))
    with pytest.raises(OSError, match="gone"):
        next(source)
