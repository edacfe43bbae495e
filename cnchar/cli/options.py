"""The options commands share, each spelled once: `def segment_cli(inputs: Inputs = None, output: Output = None)`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

FormatName = Literal["text", "jsonl", "tsv"]
KindName = Literal["text", "jsonl", "tsv", "icwb2", "conllu", "conll", "pfr"]
ErrorsName = Literal["strict", "replace", "skip"]
DeviceName = Literal["auto", "cpu", "cuda"]

Inputs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE",
        help="Files, globs, or folders (with -o FOLDER); .gz, .bz2, .xz and .zst are unpacked. "
        "Nothing or - reads standard input.",
        show_default=False,
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="Write to this file; with several inputs, or when PATH ends in / or is a folder, to files of the inputs' "
        "names in it. Standard output otherwise.",
        show_default=False,
    ),
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite files that exist.", show_default=False)]
Format = Annotated[
    FormatName, typer.Option("--format", help="Form of input and output: lines, JSON records, or columns.")
]
Kind = Annotated[
    KindName,
    typer.Option(
        "--format",
        help="What the files are: lines, JSON records, columns, or a corpus of words, whose text is read.",
    ),
]
Field = Annotated[
    str, typer.Option("--field", metavar="NAME", help="With jsonl: the key that is read; correct.text is a nested one.")
]
Column = Annotated[int, typer.Option("--column", metavar="N", min=1, help="With tsv: the column that is read, from 1.")]
Encoding = Annotated[
    str,
    typer.Option("--encoding", metavar="NAME", help="Encoding of the input: utf-8, gb18030, ... or auto to guess."),
]
Errors = Annotated[
    ErrorsName,
    typer.Option("--errors", help="Invalid bytes: stop there, put U+FFFD for them, or skip the whole line."),
]
Jobs = Annotated[int, typer.Option("--jobs", "-j", metavar="N", min=1, help="Number of processes.")]
Device = Annotated[
    DeviceName,
    typer.Option("--device", help="What a neural model runs on; auto: CUDA if it is there, with PyTorch and weights."),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads",
        metavar="N",
        min=1,
        help="CPU threads of a neural model; all CPUs if not given, one with --jobs.",
        show_default=False,
    ),
]
BatchSize = Annotated[int, typer.Option("--batch-size", metavar="N", min=1, help="Lines that are scored together.")]
LineBuffered = Annotated[
    bool,
    typer.Option("--line-buffered", help="Write each line at once, not when the input pauses.", show_default=False),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress bar and no remarks on standard error.", show_default=False)
]
