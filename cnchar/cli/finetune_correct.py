"""`cnchar finetune correct`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnchar.cli import options, training_options
from cnchar.cli.train_extra import train_extra


def finetune_correct_cli(
    train: Annotated[
        list[str] | None,
        typer.Option(
            "--train", "-t", metavar="FILE", help="Raw text without errors, which errors are made in; again for more."
        ),
    ] = None,
    pairs: Annotated[
        list[str] | None,
        typer.Option(
            "--pairs",
            metavar="FILE",
            help="Lines as they were typed, a TAB, and the same corrected, equally long; again for more. Errors like "
            "these are also made in the text. One line in ten is held out.",
        ),
    ] = None,
    output: training_options.RunFolder = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            "-p",
            metavar="NAME",
            help="A TOML file, if not the one that suits: correct from nothing, correct-pretrained where --from is a "
            "language model, correct-adapt where it is a corrector.",
            show_default=False,
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="Change a setting of the preset: layers=4, lr=0.001."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL",
            help="Begin with a corrector (correct is the shipped one), or a model that cnchar pretrain made with "
            "--objective masked or denoise.",
        ),
    ] = None,
    vocab: Annotated[
        str | None, typer.Option("--vocab", metavar="FILE", help="Characters, as cnchar build-vocab writes them.")
    ] = None,
    weights: training_options.Weights = None,
    resume: training_options.Resume = None,
    encoding: options.Encoding = "utf-8",
    device: training_options.Where = None,
    quiet: options.Quiet = False,
) -> None:
    """Train a corrector on your own text and your own errors.

    The folder holds the whole run and, at its end, a model: cnchar correct --model FOLDER. What it finds and what it
    breaks in text that it did not learn from is told, before and after.

    Example: cnchar finetune correct --train text.txt --pairs pairs.tsv --from correct -o runs/mine
    """
    with train_extra("cnchar finetune"):
        from cnchar.train.correct.options import CorrectorOptions
        from cnchar.train.finetune import finetune_corrector

        asked = CorrectorOptions(tuple(train or ()), tuple(pairs or ()), start, vocab, tuple(weights or ()), encoding)
        finished = finetune_corrector(
            asked, output, resume=resume, preset=preset, changes=changes or [], device=device, quiet=quiet
        )
    if finished and not quiet:
        typer.echo(finished.summary(), err=True)
