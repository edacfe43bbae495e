"""What a person sees of a run: one living line on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cnchar.train.engine.device import is_main
from cnchar.train.engine.metrics import Record

_EVERY = 10.0  # seconds between two plain lines about the same kind of thing


@contextmanager
def training_report(*, quiet: bool = False) -> Iterator[Callable[[Record], None]]:
    """Yields a function that shows the records of a run (metrics.py) on standard error; other processes show nothing.

    A terminal gets a bar with loss, dev score, characters a second and time left; anything else gets plain lines.
    """
    if quiet or not is_main():
        yield lambda record: None
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _Lines().show


class Status:
    """The newest of each measure, as a line: loss 0.1234, f1 0.9512, 4,321 characters/s, 0:03:20 left."""

    def __init__(self) -> None:
        self._parts: dict[str, str] = {}

    def line(self, record: Record) -> str:
        """The line after one more record."""
        if "loss" in record:
            self._parts["loss"] = f"loss {record['loss']:.4f}"
            self._parts["speed"] = f"{record['characters_per_second']:,} characters/s"
        if record.get("dev"):
            name, score = next(iter(record["dev"].items()))
            self._parts["dev"] = f"{name} {score:.4f}"
        if record["share"]:
            self._parts["left"] = f"{_clock(record['seconds'] * (1 / record['share'] - 1))} left"
        order = ("loss", "dev", "speed", "left")
        return ", ".join(self._parts[key] for key in order if key in self._parts)


class _Lines:
    """Plain lines: every evaluation, and between them one now and then."""

    def __init__(self) -> None:
        self._status, self._last = Status(), -_EVERY

    def show(self, record: Record) -> None:
        line = self._status.line(record)
        if "stopped" in record:
            line = stopped(record)
        elif "loss" in record and time.monotonic() - self._last < _EVERY:
            return
        self._last = time.monotonic()
        print(f"step {record['step']:,} ({record['share']:.0%}): {line}", file=sys.stderr, flush=True)


@contextmanager
def _bar() -> Iterator[Callable[[Record], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    status = Status()
    columns = (
        TextColumn("step {task.fields[step]:,}"),
        BarColumn(20),
        TaskProgressColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=1.0, step=0)

        def show(record: Record) -> None:
            bar.update(task, completed=record["share"], step=record["step"], description=status.line(record))
            if "stopped" in record:
                bar.console.print(stopped(record), markup=False)

        yield show


def stopped(record: Record) -> str:
    """What to tell after a signal."""
    return f"stopped, with a checkpoint; go on with --resume {record['stopped']}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
