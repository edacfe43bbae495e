"""`cnchar pretrain`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cnchar.cli import options, training_options
from cnchar.cli.train_extra import train_extra


def pretrain_cli(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT",
            help="Files with text, globs or folders, a document a line; .gz, .bz2, .xz and .zst are unpacked.",
            show_default=False,
        ),
    ] = None,
    vocab: Annotated[
        str | None,
        typer.Option(
            "--vocab",
            metavar="FILE",
            help="Characters, as cnchar build-vocab writes them. If not given, those that occur twice in the text.",
            show_default=False,
        ),
    ] = None,
    output: training_options.RunFolder = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            "-p",
            metavar="NAME",
            help="transformer-small, charlm-lstm, charlm-lstm-256, or a TOML file. If not given, transformer-small.",
            show_default=False,
        ),
    ] = None,
    objective: Annotated[
        str,
        typer.Option(
            "--objective",
            metavar="NAME",
            help="causal: foresee the next character, to write and score text. masked: find hidden characters, for "
            "finetune --from. denoise: find characters that were mistaken for others, as people do. Several by weight: "
            "masked=1,denoise=2. pinyin: find the hanzi of syllables, for cnchar pinyin2hanzi.",
        ),
    ] = "causal",
    whole_words: Annotated[
        bool, typer.Option("--whole-words", help="With masked: hide whole words, as cnchar segment finds them.")
    ] = False,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="Change a setting of the preset: layers=6, lr=0.002."),
    ] = None,
    weights: training_options.Weights = None,
    max_chars: Annotated[
        str | None,
        typer.Option(
            "--max-chars", metavar="N", help="End after so many characters: 5000, 200K, 1.5M, 2G.", show_default=False
        ),
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option(
            "--resume", metavar="FOLDER", help="Go on with a run that was stopped, or further with --max-chars."
        ),
    ] = None,
    form: options.Kind = "text",
    field: options.Field = "text",
    column: options.Column = 1,
    encoding: options.Encoding = "utf-8",
    errors: options.Errors = "strict",
    device: training_options.Where = None,
    parallel: Annotated[
        Literal["ddp", "fsdp"] | None,
        typer.Option(
            "--parallel",
            help="With torchrun: ddp, each process has the whole model; fsdp, each has a part of it. ddp if not given.",
            show_default=False,
        ),
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """Pretrain a language model of characters on raw text.

    The folder holds the whole run, the text prepared for it and, at its end, a model: cnchar generate --model FOLDER,
    cnchar score --model FOLDER, or with --objective masked cnchar finetune segment --from FOLDER. One line in 16,
    chosen by the hash of its text, is never learned from; bits per character are those of such lines.

    Example: cnchar pretrain text/*.txt --vocab vocab.txt --objective masked -o runs/base
    """
    with train_extra("cnchar pretrain"):
        from cnchar.train.language.options import PretrainOptions
        from cnchar.train.language.pretrain import pretrain

        texts, shares = tuple(text or ()), tuple(weights or ())
        asked = PretrainOptions(texts, vocab, objective, whole_words, shares, encoding, form, field, column, errors)
        finished = pretrain(
            asked,
            output,
            resume=resume,
            preset=preset,
            changes=changes or [],
            max_chars=max_chars,
            device=device,
            parallel=parallel,
            quiet=quiet,
        )
    if finished and not quiet:
        typer.echo(finished.summary(), err=True)
