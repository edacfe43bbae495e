from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from cnchar.train.engine.stopping import stop_requests

seen: list[int] = []


@pytest.fixture(autouse=True)
def own_handler() -> Iterator[None]:
    """SIGTERM is noted, and nothing more, as before any of this."""
    seen.clear()
    before = signal.signal(signal.SIGTERM, lambda number, frame: seen.append(number))
    yield
    signal.signal(signal.SIGTERM, before)


def test_the_first_signal_is_a_request_and_the_second_a_command() -> None:
    with stop_requests() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert (stop.signal, seen) == (signal.SIGTERM, [])
        signal.raise_signal(signal.SIGTERM)
        assert seen == [signal.SIGTERM]


def test_ctrl_c_obeyed_is_a_keyboard_interrupt() -> None:
    with stop_requests() as stop:
        signal.raise_signal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        stop.obey()


def test_obeying_ends_whatever_the_handler_does() -> None:
    with stop_requests() as stop:
        pass
    with pytest.raises(SystemExit) as stopped:
        stop.obey()
    assert stopped.value.code == 143
    assert seen == [signal.SIGTERM]


def test_ignored_signals_stay_so() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with stop_requests() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.signal is None
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN


def test_other_threads_have_no_say() -> None:
    def work() -> None:
        with stop_requests() as stop:
            found.append(stop.signal)

    found: list[int | None] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [None]
