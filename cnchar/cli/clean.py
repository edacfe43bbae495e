"""`cnchar clean`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cnchar.cli import options

if TYPE_CHECKING:
    from cnchar.text.cleaning.rule import Step


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
    max_bits_per_char: Annotated[
        float | None,
        typer.Option(
            "--max-bits-per-char",
            metavar="N",
            min=0,
            help="After the rules, drop lines that a language model finds harder to foresee, such as 8. Needs --lm.",
            show_default=False,
        ),
    ] = None,
    lm: Annotated[
        str | None,
        typer.Option(
            "--lm", metavar="FOLDER", help="The language model: what cnchar pretrain made.", show_default=False
        ),
    ] = None,
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

    Not line for line: rules may drop lines (minlen, maxlen, hanzi, dedup, neardup) or split them (split), and so may
    --max-bits-per-char.
    jsonl keeps each record and adds {"clean": {"text": ...}}; a dropped line drops its record, a split one repeats it.
    dedup keeps 8 bytes of memory a line, neardup at most the number of lines it is given as max.

    Example: cnchar clean --rules html,url,width,space,simplify --report clean.json < raw.txt > text.txt
    """
    from cnchar.corpus.clean import clean_files
    from cnchar.corpus.reports import json_report
    from cnchar.errors import CheckFailed
    from cnchar.io.files import plan_outputs

    taken = [path for pair in plan_outputs(inputs or [], output, force) for path in pair] if report else []
    with json_report(report, taken) as write:
        done = clean_files(
            inputs or [],
            output,
            rules=rules,
            more=_foreseeable(max_bits_per_char, lm),
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


def _foreseeable(most: float | None, lm: str | None) -> list[Step]:
    """The step that drops lines of more than `most` bits per character. Raises BadInput where only one is given."""
    from cnchar.errors import BadInput

    if most is None and lm is None:
        return []
    if most is None or lm is None:
        raise BadInput("--max-bits-per-char N and --lm FOLDER go together: which lines are too hard, and for whom?")
    from cnchar.runtime.language import Foreseeable, load_language
    from cnchar.text.cleaning.rule import Kind, Rule, Step

    model = load_language(lm)
    rule = Rule("max-bits-per-char", Kind.STATEFUL, lambda: Foreseeable(model, most), "lines hard to foresee dropped")
    return [Step(rule, f"{rule.name}={most:g}")]
