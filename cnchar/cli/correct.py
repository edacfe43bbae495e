"""`cnchar correct`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cnchar.cli import options


def correct_cli(
    inputs: options.Inputs = None,
    output: options.Output = None,
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="NAME", help="The shipped model correct, or a model folder.")
    ] = "correct",
    form: Annotated[
        Literal["text", "tsv", "jsonl", "diff", "sarif", "github"],
        typer.Option(
            "--format",
            help="Corrected lines, columns or JSON records; or a report on plain text: a unified diff, SARIF 2.1.0, "
            "annotations of GitHub.",
        ),
    ] = "text",
    min_confidence: Annotated[
        float | None,
        typer.Option(
            "--min-confidence",
            metavar="P",
            help="Only edits that are so sure, from 0 to 1; the model's own careful threshold if not given.",
            show_default=False,
        ),
    ] = None,
    max_edits_per_line: Annotated[
        int | None,
        typer.Option("--max-edits-per-line", metavar="N", min=0, help="Only the surest N.", show_default=False),
    ] = None,
    same_sound: Annotated[
        bool, typer.Option("--same-sound", help="Only edits that sound alike, tones aside.", show_default=False)
    ] = False,
    detect_only: Annotated[
        bool,
        typer.Option("--detect-only", help="Tell where something is wrong, not what is meant.", show_default=False),
    ] = False,
    nbest: Annotated[
        int, typer.Option("--nbest", metavar="N", min=1, help="Proposals told for each place; text shows the first.")
    ] = 3,
    protect: Annotated[
        str | None,
        typer.Option("--protect", metavar="FILE", help="Words that are never changed, one a line.", show_default=False),
    ] = None,
    confusion: Annotated[
        str | None,
        typer.Option(
            "--confusion",
            metavar="FILE",
            help="Your own pairs: wrong<TAB>right[<TAB>score].",
            show_default=False,
        ),
    ] = None,
    markup: Annotated[
        Literal["auto", "none", "markdown", "html", "latex"],
        typer.Option("--markup", help="Whose code, tags and keys are left alone; auto goes by the name of the file."),
    ] = "auto",
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit 1 if anything is found; text becomes a list of it.", show_default=False),
    ] = False,
    baseline: Annotated[
        str | None,
        typer.Option("--baseline", metavar="FILE", help="Known findings, which are left out.", show_default=False),
    ] = None,
    write_baseline: Annotated[
        str | None,
        typer.Option(
            "--write-baseline", metavar="FILE", help="Write what is found there, for --baseline.", show_default=False
        ),
    ] = None,
    in_place: Annotated[
        bool, typer.Option("--in-place", "-i", help="Mend the files themselves.", show_default=False)
    ] = False,
    backup: Annotated[
        str,
        typer.Option(
            "--backup", metavar="SUFFIX", help="With --in-place: what the old file's name gets; '' keeps none."
        ),
    ] = ".bak",
    color: Annotated[
        Literal["auto", "always", "never"],
        typer.Option("--color", help="Colour in text and diffs; auto: on a terminal, unless NO_COLOR is set."),
    ] = "auto",
    field: options.Field = "text",
    column: options.Column = 1,
    device: options.Device = "auto",
    threads: options.Threads = None,
    encoding: options.Encoding = "utf-8",
    errors: options.Errors = "strict",
    jobs: options.Jobs = 1,
    line_buffered: options.LineBuffered = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Find wrong characters in Chinese text and mend them.

    Line for line in text, tsv and jsonl, and every line keeps its length. Only hanzi are ever replaced, by hanzi: never
    ASCII, digits, addresses, code, markup, or what --protect names. Reports, --check, --detect-only and --in-place take
    folders, too.

    Example: cnchar correct --check --min-confidence 0.9 --format github docs/*.md
    """
    from cnchar.errors import CheckFailed
    from cnchar.runtime.correct_blocks import Look
    from cnchar.runtime.correct_files import correct_files
    from cnchar.runtime.correct_reports import wants_color
    from cnchar.runtime.known_findings import shown_path

    found = correct_files(
        inputs or [],
        output,
        model={
            "model": model,
            "min_confidence": min_confidence,
            "same_sound": same_sound,
            "max_edits": max_edits_per_line,
            "nbest": nbest,
            "detect": detect_only,
            "protect": protect,
            "confusion": confusion,
            "device": device,
            "threads": threads,
        },
        look=Look(form, field, column, markup, wants_color(color, output)),
        check=check,
        baseline=baseline,
        new_baseline=write_baseline,
        in_place=in_place,
        backup=backup,
        force=force,
        encoding=encoding,
        errors=errors,
        jobs=jobs,
        line_buffered=line_buffered,
        quiet=quiet,
    )
    if found.left_out and not quiet:
        typer.echo(f"No text, so left out: {', '.join(map(shown_path, found.left_out))}.", err=True)
    if (in_place or write_baseline is not None) and not quiet:
        typer.echo(found.sentence(mended=in_place), err=True)
    if check and found.edits:
        raise CheckFailed(found.sentence())
