"""`cnchar pinyin2hanzi`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cnchar.cli import options


def pinyin2hanzi_cli(
    inputs: options.Inputs = None,
    output: options.Output = None,
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="NAME", help="The shipped model or a model folder.")
    ] = "pinyin2hanzi",
    fast: Annotated[
        bool, typer.Option("--fast", help="Look-ups alone, without the network.", show_default=False)
    ] = False,
    nbest: Annotated[int, typer.Option("--nbest", "-n", metavar="N", min=1, help="Candidates a line, best first.")] = 1,
    form: options.Format = "text",
    field: options.Field = "text",
    column: options.Column = 1,
    spans: Annotated[
        bool,
        typer.Option(
            "--spans",
            help="With jsonl: where the pinyin of each hanzi stands. Given anyway with --nbest 2 and more.",
            show_default=False,
        ),
    ] = False,
    fuzzy: Annotated[
        str,
        typer.Option("--fuzzy", metavar="PAIRS", help="Sounds that may be meant: zh=z,n=l,eng=en.", show_default=False),
    ] = "",
    abbreviations: Annotated[
        bool, typer.Option("--abbreviations", help="Initials for syllables: nhsj, zhongg.", show_default=False)
    ] = False,
    typos: Annotated[bool, typer.Option("--typos", help="Understand slips of one key.", show_default=False)] = False,
    loose_umlaut: Annotated[
        bool, typer.Option("--loose-umlaut", help="nu and lu may stand for nü and lü.", show_default=False)
    ] = False,
    erhua: Annotated[
        bool, typer.Option("--erhua", help="r may stand for er: nar for 哪儿.", show_default=False)
    ] = False,
    all_pinyin: Annotated[
        bool,
        typer.Option("--all-pinyin", help="Whatever can be pinyin is, English words too.", show_default=False),
    ] = False,
    user_dict: Annotated[
        str | None,
        typer.Option(
            "--user-dict",
            metavar="FILE",
            help="Your words: word<TAB>pinyin<TAB>weight a line, pinyin and weight optional.",
            show_default=False,
        ),
    ] = None,
    punct: Annotated[
        Literal["keep", "zh"],
        typer.Option("--punct", help="zh: full-width marks and no blanks beside hanzi."),
    ] = "keep",
    strict: Annotated[
        bool,
        typer.Option(
            "--strict",
            help="Stop at a word that should be pinyin and is not; otherwise it stays and is reported.",
            show_default=False,
        ),
    ] = False,
    device: options.Device = "auto",
    threads: options.Threads = None,
    encoding: options.Encoding = "utf-8",
    errors: options.Errors = "strict",
    jobs: options.Jobs = 1,
    line_buffered: options.LineBuffered = False,
    force: options.Force = False,
    quiet: options.Quiet = False,
) -> None:
    """Turn pinyin into the Chinese text that was meant.

    Line for line. Pinyin with or without tones (marks, digits) and spaces; hanzi, English words, digits and punctuation
    stay where they stand and serve as context. With text and tsv, several candidates stand in one line, TABs between.

    Example: echo 'women mingtian qu beijing kai hui!' | cnchar pinyin2hanzi --punct zh
    """
    from cnchar.runtime.pinyin2hanzi_files import Look, pinyin2hanzi_files

    pinyin2hanzi_files(
        inputs or [],
        output,
        model={
            "model": model,
            "fast": fast,
            "fuzzy": fuzzy,
            "abbreviations": abbreviations,
            "typos": typos,
            "loose_umlaut": loose_umlaut,
            "erhua": erhua,
            "all_pinyin": all_pinyin,
            "user_dict": user_dict,
            "punct": punct,
            "device": device,
            "threads": threads,
        },
        look=Look(form, field, column, nbest, spans, strict),
        encoding=encoding,
        errors=errors,
        jobs=jobs,
        line_buffered=line_buffered,
        force=force,
        quiet=quiet,
    )
