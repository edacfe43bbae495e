"""`cnchar hanzi2pinyin`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cnchar.cli import options


def hanzi2pinyin_cli(
    inputs: options.Inputs = None,
    output: options.Output = None,
    style: Annotated[
        Literal["tone", "number", "plain", "initials"],
        typer.Option("--style", "-s", help="zhōng guó, zhong1 guo2, zhong guo, or zh g."),
    ] = "tone",
    heteronym: Annotated[
        bool,
        typer.Option(
            "--heteronym", help="All readings of each character, the one it has here first.", show_default=False
        ),
    ] = False,
    from_pinyin: Annotated[
        bool,
        typer.Option("--from-pinyin", help="The input is pinyin; write it in another style.", show_default=False),
    ] = False,
    user_dict: Annotated[
        str | None,
        typer.Option(
            "--user-dict", metavar="FILE", help="Your words: word<TAB>pinyin<TAB>weight a line.", show_default=False
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
    """Write Chinese text in pinyin, or pinyin in another style.

    Line for line. What is no hanzi stays as it is; jsonl has one item for each character.

    Example: cnchar hanzi2pinyin --style number names.txt
    """
    from cnchar.runtime.hanzi2pinyin_files import Look, hanzi2pinyin_files

    hanzi2pinyin_files(
        inputs or [],
        output,
        look=Look(style, heteronym, from_pinyin, user_dict, form, field, column),
        encoding=encoding,
        errors=errors,
        jobs=jobs,
        line_buffered=line_buffered,
        force=force,
        quiet=quiet,
    )
