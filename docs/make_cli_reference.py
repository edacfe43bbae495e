"""Writes docs/cli.md from the --help of every command; with --check, exits 1 when the file is not what --help says."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from cnchar.cli import exits
from cnchar.cli.main import app

TARGET = Path(__file__).resolve().parent / "cli.md"
HEAD = """\
# Command line reference

Written by `make docs` from `--help`; do not edit. Formats, streams and exit codes:

- A line ends at a newline only; input is UTF-8 unless `--encoding` says otherwise, output is UTF-8 always.
- Data goes to standard output, everything else to standard error. An output file appears whole or not at all.
- Output follows as soon as the input pauses for 50 ms, so a program can write a line and wait for the answer.
- Exit codes: 0 fine; 1 a check failed; 2 usage, bad input, missing file or extra, full disk; 70 a bug; 130 Ctrl-C;
  143 SIGTERM. `CNCHAR_DEBUG=1` shows the traceback of any error.
"""


def paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Names of a command and of all commands below it, as they are typed after `cnchar`."""
    yield path
    for name, child in getattr(command, "commands", {}).items():
        yield from paths(child, (*path, name))


def help_of(path: tuple[str, ...]) -> str:
    """What `cnchar PATH --help` prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = exits.run(app, [*path, "--help"])
    if code != 0:
        raise SystemExit(f"cnchar {' '.join(path)} --help ended with {code}.")
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())


def reference() -> str:
    """The whole document."""
    os.environ.update(COLUMNS="100", TERM="dumb", NO_COLOR="1")
    sections = [
        f"## {' '.join(('cnchar', *path))}\n\n```\n{help_of(path)}\n```\n"
        for path in paths(typer.main.get_command(app))
    ]
    return "\n".join([HEAD, *sections])


def main() -> int:
    """Writes the file, or checks it; returns the exit code."""
    text = reference()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print("docs/cli.md is not what --help says: run `make docs`.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
