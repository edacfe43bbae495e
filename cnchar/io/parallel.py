"""Map a function over a stream in several processes, results in order, in constant memory."""

from __future__ import annotations

import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cnchar.errors import CncharError

if TYPE_CHECKING:  # 20 ms that only --jobs pays
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.connection import Connection

T = TypeVar("T")
R = TypeVar("R")

_IN_FLIGHT = 2  # items for each worker that are being worked on or wait for their turn
_GRACE = 1.0  # seconds
_function: Callable[[Any], Any]  # in a worker: what it applies, received once


def ordered_map(
    function: Callable[[T], R],
    items: Iterable[T],
    jobs: int = 1,
    initializer: Callable[..., object] | None = None,
    initargs: tuple[Any, ...] = (),
) -> Generator[R, None, None]:
    """`map(function, items)` with `jobs` processes; with one it is lazy and stays in this process.

    `function`, `initializer` and `initargs` are sent to each worker once, so they may be large but must pickle; the
    workers are spawned, which is safe with threads. `items` is read in a thread of its own, so a source that waits
    holds no result back. Closing the generator ends the workers. An exception of `function` or of `items` comes out
    as it was, at its place; a worker that dies raises CncharError.
    """
    if jobs <= 1:
        if initializer is not None:
            initializer(*initargs)
        yield from map(function, items)
        return
    from concurrent.futures.process import BrokenProcessPool

    with _workers(jobs, function, initializer, initargs) as pool:
        ahead: _Ahead[R] = _Ahead(pool, _IN_FLIGHT * jobs)
        threading.Thread(target=ahead.feed, args=(items,), daemon=True).start()
        try:
            while (future := ahead.next()) is not None:
                yield future.result()
        except BrokenProcessPool:
            raise CncharError("A worker process ended early, perhaps for lack of memory: try fewer --jobs.") from None
        finally:
            ahead.end()


class _Ahead(Generic[R]):
    """What was given to the pool and not yet taken back, in order: a bounded number.

    At the end the futures are cancelled one by one. A pool whose `shutdown` has been called without waiting forgets its
    own thread, which the interpreter's exit may then take by surprise.
    """

    def __init__(self, pool: ProcessPoolExecutor, most: int) -> None:
        self._pool = pool
        self._room = threading.Semaphore(most)
        self._flying: queue.Queue[Future[R] | None] = queue.Queue()
        self._ended = False
        self._turn = threading.Lock()  # whatever was submitted is in `_flying` before `end` looks there
        self._taken: Future[R] | None = None

    def feed(self, items: Iterable[T]) -> None:
        """Submit the items as long as there is room."""
        try:
            for item in items:
                self._room.acquire()
                with self._turn:
                    if self._ended:
                        return
                    self._flying.put(self._pool.submit(_apply, item))
        except BaseException as error:
            from concurrent.futures import Future

            failed: Future[Any] = Future()
            failed.set_exception(error)
            self._flying.put(failed)
        else:
            self._flying.put(None)

    def next(self) -> Future[R] | None:
        """The next one's future, or None after the last."""
        self._taken = self._flying.get()
        self._room.release()
        return self._taken

    def end(self) -> None:
        """Nothing is submitted any more; what has not begun never will, what has is waited for for a moment."""
        with self._turn:
            self._ended = True
        self._room.release()
        left = [self._taken]
        while not self._flying.empty():
            left.append(self._flying.get())
        _let_finish([each for each in left if each is not None and not each.cancel()])


@contextmanager
def _workers(jobs: int, *what: Any) -> Iterator[ProcessPoolExecutor]:
    """A pool that is waited for when all went well, and ended when anything, Ctrl-C included, went wrong.

    Workers end when their end of the lifeline does: this process closed the other one, or is no more.
    """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(theirs, *what))
    try:
        yield pool
        pool.shutdown()
    finally:
        ours.close()
        pool.shutdown(cancel_futures=True)
        theirs.close()


def _let_finish(futures: list[Future[R]]) -> None:
    """Wait a moment for what is being worked on: a worker that is killed while it answers leaves the pool waiting for
    the rest of the answer, without end."""
    deadline = time.monotonic() + _GRACE
    while any(future.running() for future in futures) and time.monotonic() < deadline:
        time.sleep(0.005)


def _start(
    lifeline: Connection,
    function: Callable[[Any], Any],
    initializer: Callable[..., object] | None,
    initargs: tuple[Any, ...],
) -> None:
    global _function
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent alone decides
    threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
    _function = function
    if initializer is not None:
        initializer(*initargs)


def _end_with(lifeline: Connection) -> None:
    lifeline.poll(None)
    os._exit(1)


def _apply(item: Any) -> Any:
    return _function(item)
