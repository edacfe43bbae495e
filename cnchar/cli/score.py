"""`cnchar score`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnchar.cli import options


def score_cli(
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="FOLDER", help="A causal language model: what cnchar pretrain made.")
    ],
    inputs: options.Inputs = None,
    output: options.Output = None,
    form: options.Format = "text",
    field: options.Field = "text",
    column: options.Column = 1,
    device: options.Device = "auto",
    threads: options.Threads = None,
    encoding: options.Encoding = "utf-8",
    errors: options.Errors = "strict",
    line_buffered: options.LineBuffered = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Say how well a language model foresees each line: its bits per character.

    Line for line. Common wording has few bits, noise has many. The end of the line counts as a character. text gives
    the number alone, tsv puts it behind the column that is read, jsonl adds {"score": {"bits", "chars",
    "bits_per_char"}}.

    Example: cnchar score --model runs/lm --format tsv < lines.txt > scored.tsv
    """
    from cnchar.runtime.score_files import score_files

    score_files(
        inputs or [],
        output,
        model=model,
        device=device,
        threads=threads,
        form=form,
        field=field,
        column=column,
        encoding=encoding,
        errors=errors,
        line_buffered=line_buffered,
        force=force,
        quiet=quiet,
    )
