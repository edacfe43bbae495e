"""`cnchar build-vocab`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnchar.cli import options


def build_vocab_cli(
    inputs: options.Inputs = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="The vocabulary, one symbol a line.", show_default=False),
    ] = None,
    min_count: Annotated[
        int, typer.Option("--min-count", metavar="N", min=1, help="Leave out characters that occur less often.")
    ] = 1,
    max_size: Annotated[
        int | None,
        typer.Option(
            "--max-size", metavar="N", min=1, help="At most N symbols, special ones counted.", show_default=False
        ),
    ] = None,
    coverage: Annotated[
        float | None,
        typer.Option(
            "--coverage",
            metavar="SHARE",
            help="The fewest characters that make up this share of the text, such as 0.9995.",
            show_default=False,
        ),
    ] = None,
    special: Annotated[
        str | None,
        typer.Option(
            "--special",
            metavar="NAMES",
            help="Special symbols, first in the file, separated by commas; [UNK] must be one. "
            "Default: [PAD],[UNK],[MASK],[BOS],[EOS].",
            show_default=False,
        ),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(
            "--report", metavar="FILE", help="Write the coverage report as JSON; replaces the file.", show_default=False
        ),
    ] = None,
    form: options.Kind = "text",
    field: options.Field = "text",
    column: options.Column = 1,
    encoding: options.Encoding = "utf-8",
    errors: options.Errors = "strict",
    jobs: options.Jobs = 1,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    r"""Count the characters of any number of files and write a vocabulary.

    One symbol a line: the special symbols, then characters, the most frequent first, equal ones by code point. Blanks
    and invisible characters are written as their number, a space as \u0020. What is covered is told on standard error.

    Example: cnchar build-vocab text.txt -o vocab.txt --min-count 2 --max-size 8000
    """
    from cnchar.corpus.raw_text import Reading
    from cnchar.corpus.reports import json_report
    from cnchar.corpus.vocabulary import build_vocab, limits_of
    from cnchar.io.files import expand_inputs

    limits = limits_of(min_count, max_size, coverage, special)
    reading = Reading(form, field, column, encoding, errors)
    taken = [*expand_inputs(inputs or []), output] if report else []
    with json_report(report, taken) as write:
        done = build_vocab(inputs or [], output, limits, reading, force=force, jobs=jobs)
        write(done.as_json())
    if not quiet:
        typer.echo(done.summary(), err=True)
