from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from cnchar.errors import BadInput, CncharError
from cnchar.io.parallel import ordered_map

_greeting = ""


def slow_square(number: int) -> int:
    time.sleep(0.02 * (number % 3))
    return number * number


def take_a_while(number: int) -> int:
    time.sleep(0.0 if number == 0 else 3.0)
    return number


def fail_at_five(number: int) -> int:
    if number == 5:
        raise BadInput("a.txt, line 5: bad.")
    return number


def die(number: int) -> int:
    os._exit(3)


def remember(greeting: str) -> None:
    global _greeting
    _greeting = greeting


def greet(name: str) -> str:
    return f"{_greeting} {name} {os.getpid()}"


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_order(jobs: int) -> None:
    assert list(ordered_map(slow_square, range(20), jobs)) == [number * number for number in range(20)]


def test_one_job_is_lazy_and_in_this_process() -> None:
    read: list[int] = []
    results = ordered_map(lambda number: number + 1, (read.append(number) or number for number in range(9)), 1)
    assert (next(results), read) == (1, [0])


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_initializer_runs_where_the_function_does(jobs: int) -> None:
    (answer,) = ordered_map(greet, ["世界"], jobs, remember, ("你好",))
    assert answer.startswith("你好 世界 ")
    assert (int(answer.split()[-1]) == os.getpid()) == (jobs == 1)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_exception_comes_at_its_place_as_it_was(jobs: int) -> None:
    results = ordered_map(fail_at_five, range(99), jobs)
    assert [next(results) for _ in range(5)] == [0, 1, 2, 3, 4]
    with pytest.raises(BadInput, match=r"^a\.txt, line 5: bad\.$"):
        next(results)


def test_an_exception_of_the_source_comes_after_what_preceded_it() -> None:
    def source() -> Iterator[int]:
        yield 2
        raise BadInput("gone")

    results = ordered_map(slow_square, source(), 2)
    assert next(results) == 4
    with pytest.raises(BadInput, match="gone"):
        next(results)


def test_a_worker_that_dies_is_told_not_waited_for() -> None:
    with pytest.raises(CncharError, match="--jobs"):
        list(ordered_map(die, range(9), 2))


def test_what_is_in_flight_is_bounded() -> None:
    read: list[int] = []
    results = ordered_map(slow_square, (read.append(number) or number for number in range(1000)), 2)
    next(results)
    time.sleep(0.3)
    assert len(read) < 20
    results.close()


def test_a_source_that_waits_holds_no_result_back_and_closing_does_not_hang() -> None:
    more = threading.Event()

    def source() -> Iterator[int]:
        yield 3
        more.wait()

    results = ordered_map(slow_square, source(), 2)
    assert next(results) == 9
    start = time.monotonic()
    results.close()
    assert time.monotonic() - start < 5
    more.set()


def test_closing_ends_the_thread_of_the_pool() -> None:
    """Python forgets a pool that is told not to wait, and at exit might write to what that thread has closed."""
    results = ordered_map(take_a_while, range(9), 2)
    assert next(results) == 0
    assert any("ManagerThread" in repr(thread) for thread in threading.enumerate())
    results.close()
    assert not any("ManagerThread" in repr(thread) for thread in threading.enumerate())
