"""`cnchar segment`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cnchar.cli import options


def segment_cli(
    inputs: options.Inputs = None,
    output: options.Output = None,
    model: Annotated[
        str,
        typer.Option(
            "--model", "-m", metavar="NAME", help="A shipped model (fast, accurate), jieba, or a model folder."
        ),
    ] = "fast",
    standard: Annotated[
        str | None,
        typer.Option(
            "--standard",
            metavar="pku|ud",
            help="What counts as a word: pku (Peking University), ud (Universal Dependencies). pku if not given.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        Literal["text", "jsonl", "tsv", "conll"],
        typer.Option("--format", help="Lines of words, JSON records, columns, or one character and its tag a line."),
    ] = "text",
    field: options.Field = "text",
    column: options.Column = 1,
    delimiter: Annotated[
        str, typer.Option("--delimiter", "-d", metavar="TEXT", help="What stands between words.")
    ] = " ",
    scores: Annotated[
        bool, typer.Option("--scores", help="Add to each word how sure it is, from 0 to 1.", show_default=False)
    ] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Show for each gap what speaks for or against a boundary.", show_default=False),
    ] = False,
    user_dict: Annotated[
        str | None,
        typer.Option("--user-dict", metavar="FILE", help="Your words: word<TAB>weight a line.", show_default=False),
    ] = None,
    user_dict_mode: Annotated[
        Literal["prefer", "force"],
        typer.Option("--user-dict-mode", help="prefer: the weight competes; force: always a word, longest first."),
    ] = "prefer",
    user_dict_format: Annotated[
        Literal["tsv", "jieba"], typer.Option("--user-dict-format", help="jieba: lines of `word freq pos`.")
    ] = "tsv",
    device: options.Device = "auto",
    threads: options.Threads = None,
    encoding: options.Encoding = "utf-8",
    errors: options.Errors = "strict",
    jobs: options.Jobs = 1,
    batch_size: options.BatchSize = 8192,
    line_buffered: options.LineBuffered = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Cut Chinese text into words.

    Line for line in text, jsonl and tsv; conll, and --explain with text, write several lines for one.
    Runs of white space become the delimiter; jsonl keeps them, so the words joined are the text.

    Example: zcat news.gz | cnchar segment --format jsonl > words.jsonl
    """
    from cnchar.runtime.segment_files import Look, segment_files

    segment_files(
        inputs or [],
        output,
        model={
            "model": model,
            "standard": standard,
            "user_dict": user_dict,
            "user_dict_mode": user_dict_mode,
            "user_dict_format": user_dict_format,
            "device": device,
            "threads": threads,
        },
        look=Look(form, field, column, delimiter, scores, explain, batch_size),
        encoding=encoding,
        errors=errors,
        jobs=jobs,
        line_buffered=line_buffered,
        force=force,
        quiet=quiet,
    )
