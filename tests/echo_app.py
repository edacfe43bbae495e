"""A small command on the real frame: copies its lines. Tests of io/ and of exit codes run it as a process."""

from __future__ import annotations

import os
import time

import typer

from cnchar.cli import exits, options
from cnchar.errors import CheckFailed
from cnchar.io.blocks import Block
from cnchar.io.stream import run

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)


def copy(block: Block) -> str:
    """The lines as they were; some texts make trouble on purpose."""
    if block.text == "bug":
        raise ValueError("boom")
    if block.text == "check":
        raise CheckFailed("The check failed.")
    if block.text == "die":
        os._exit(9)
    if block.text.startswith("sleep"):
        time.sleep(30)
    return block.restore(block.text)


@app.command()
def echo(
    inputs: options.Inputs = None,
    output: options.Output = None,
    force: options.Force = False,
    encoding: options.Encoding = "utf-8",
    errors: options.Errors = "strict",
    jobs: options.Jobs = 1,
    line_buffered: options.LineBuffered = False,
    quiet: options.Quiet = False,
) -> None:
    """Copies lines."""
    run(
        inputs or [], output, copy, force=force, encoding=encoding, errors=errors, jobs=jobs,
        line_buffered=line_buffered, quiet=quiet,
    )  # fmt: skip


if __name__ == "__main__":
    exits.start(app)
