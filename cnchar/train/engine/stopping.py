"""SIGTERM and Ctrl-C as a request that training can finish its step and write a checkpoint for."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopRequest:
    """Which signal asked for an end, if one did."""

    def __init__(self) -> None:
        self.signal: int | None = None

    def obey(self, default: int = signal.SIGTERM) -> NoReturn:
        """End as the signal would have ended this process at once: by its own handler, else by SystemExit."""
        number = self.signal or default
        signal.raise_signal(number)
        raise SystemExit(128 + number)


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Within the block, the first signal is only noted, and the second of its kind works as it did before.

    Signals that are ignored (nohup) stay so; outside the main thread, which alone may set handlers, nothing changes.
    """
    request = StopRequest()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    watched = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}

    def note(number: int, frame: FrameType | None) -> None:
        request.signal = number
        signal.signal(number, watched[signal.Signals(number)])

    for number in watched:
        signal.signal(number, note)
    try:
        yield request
    finally:
        for number, handler in watched.items():
            signal.signal(number, handler)
