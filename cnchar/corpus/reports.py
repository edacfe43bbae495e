"""JSON reports of commands that read whole files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from cnchar.io.files import atomic_output


@contextmanager
def json_report(path: str | None, *, force: bool = False) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Yields a function that writes the report; `path` is checked now, before the work. None writes nothing.

    Raises BadInput when the file exists and `force` is not set.
    """
    if path is None:
        yield lambda report: None
        return
    with atomic_output(path, force) as out:

        def write(report: dict[str, Any]) -> None:
            text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
            out.write(text.encode("utf-8", "backslashreplace"))  # a lone surrogate reads \ud800, which JSON knows

        yield write
