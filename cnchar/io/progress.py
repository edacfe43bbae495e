"""A progress bar on standard error, if a person is looking at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cnchar.io.files import STDIN


@contextmanager
def progress(paths: Sequence[str], *, quiet: bool, to_stdout: bool) -> Iterator[Callable[[int], object] | None]:
    """Yields a function that is told how many bytes were read, or None when nobody would see the bar.

    Shown only when standard error is a terminal and the text itself does not go to one. rich honours NO_COLOR.
    """
    if quiet or STDIN in paths or not _is_terminal(sys.stderr) or (to_stdout and _is_terminal(sys.stdout)):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=sum(Path(path).stat().st_size for path in paths))
        yield lambda size: bar.advance(task, size)


def _is_terminal(stream: object) -> bool:
    isatty = getattr(stream, "isatty", None)
    return bool(isatty and isatty())
