"""JSON reports of commands that read whole files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cnchar.errors import BadInput
from cnchar.io.files import STDIN, atomic_output


@contextmanager
def json_report(path: str | None, taken: Iterable[str | None] = ()) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Yields a function that writes the report; `path` is opened now, before the work. None writes nothing.

    A report of an earlier run is replaced, as `cnchar eval --report` does; where the work fails, it stays as it was.
    Raises BadInput when `path` is a folder, or one of the files `taken`, which are read or written by the work itself.
    """
    if path is None:
        yield lambda report: None
        return
    if path == STDIN:
        raise BadInput("--report - would mix the report with the text: give it the name of a file.")
    if Path(path).resolve() in [Path(each).resolve() for each in taken if each is not None]:
        raise BadInput(f"--report {path} would replace a file that is read or written: give the report another name.")
    with atomic_output(path, force=True) as out:

        def write(report: dict[str, Any]) -> None:
            text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
            out.write(text.encode("utf-8", "backslashreplace"))  # a lone surrogate reads \ud800, which JSON knows

        yield write
