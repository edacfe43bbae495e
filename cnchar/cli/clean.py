"""`cnchar clean`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnchar.cli import options


def _list_rules(wanted: bool) -> None:
    if wanted:
        from cnchar.text.cleaning import describe_rules

        typer.echo(describe_rules())
        raise typer.Exit


def clean_cli(
    inputs: options.Inputs = None,
    output: options.Output = None,
    rules: Annotated[
        str,
        typer.Option(
            "--rules",
            "-r",
            metavar="RULES",
            help="Rules in the order to apply them, such as html,url,minlen=5; default is html,control,width,space.",
        ),
    ] = "default",
    list_rules: Annotated[
        bool,
        typer.Option(
            "--list-rules", callback=_list_rules, is_eager=True, help="Show all rules and stop.", show_default=False
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write no text; exit 1 if any rule would change anything.", show_default=False),
    ] = False,
    report: Annotated[
        str | None,
        typer.Option(
            "--report", metavar="FILE", help="Write what each rule did as JSON; replaces the file.", show_default=False
        ),
    ] = None,
    form: options.Format = "text",
    field: options.Field = "text",
    column: options.Column = 1,
    encoding: options.Encoding = "utf-8",
    errors: options.Errors = "strict",
    jobs: options.Jobs = 1,
    line_buffered: options.LineBuffered = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Clean text by a list of rules.

    Not line for line: rules may drop lines (minlen, maxlen, hanzi, dedup, neardup) or split them (split).
    jsonl keeps each record and adds {"clean": {"text": ...}}; a dropped line drops its record, a split one repeats it.
    dedup keeps 8 bytes of memory a line, neardup at most the number of lines it is given as max.

    Example: cnchar clean --rules html,url,width,space,simplify --report clean.json < raw.txt > text.txt
    """
    from cnchar.corpus.clean import clean_files
    from cnchar.corpus.reports import json_report
    from cnchar.errors import CheckFailed

    with json_report(report) as write:
        done = clean_files(
            inputs or [],
            output,
            rules=rules,
            check=check,
            form=form,
            path=field,
            column=column,
            encoding=encoding,
            errors=errors,
            jobs=jobs,
            line_buffered=line_buffered,
            force=force,
            quiet=quiet,
        )
        write(done.as_json())
    if check and done.acted:
        raise CheckFailed(f"The text is not clean: {done.summary()}.")
