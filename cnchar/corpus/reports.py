"""JSON reports of commands that read whole files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cnchar.io.files import atomic_output


@contextmanager
def json_report(path: str | None) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Yields a function that writes the report; `path` is opened now, before the work. None writes nothing.

    A report of an earlier run is replaced, as `cnchar eval --report` does; where the work fails, it stays as it was.
    Raises BadInput when `path` is a folder.
    """
    if path is None:
        yield lambda report: None
        return
    with atomic_output(path, force=True) as out:

        def write(report: dict[str, Any]) -> None:
            text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
            out.write(text.encode("utf-8", "backslashreplace"))  # a lone surrogate reads \ud800, which JSON knows

        yield write
