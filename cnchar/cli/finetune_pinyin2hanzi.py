"""`cnchar finetune pinyin2hanzi`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnchar.cli import options, training_options
from cnchar.cli.train_extra import train_extra


def finetune_pinyin2hanzi_cli(
    train: Annotated[
        list[str] | None,
        typer.Option(
            "--train", "-t", metavar="FILE", help="Plain text of your domain, as it should come out; again for more."
        ),
    ] = None,
    output: training_options.RunFolder = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            "-p",
            metavar="NAME",
            help="lstm, gru, rnn, cnn, transformer, pinyin or a TOML file: train a new network. If not given, adapt "
            "the one that is there.",
            show_default=False,
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="Change a setting of the preset: epochs=3, lr=0.001."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL",
            help="The model to begin with: a folder of this command, or of cnchar pretrain --objective pinyin. If not "
            "given, the shipped one.",
            show_default=False,
        ),
    ] = None,
    vocab: Annotated[
        str | None,
        typer.Option(
            "--vocab",
            metavar="FILE",
            help="Characters that a new network knows where they stand beside pinyin, from cnchar build-vocab.",
        ),
    ] = None,
    weights: training_options.Weights = None,
    resume: training_options.Resume = None,
    form: options.Kind = "text",
    field: options.Field = "text",
    column: options.Column = 1,
    encoding: options.Encoding = "utf-8",
    device: training_options.Where = None,
    quiet: options.Quiet = False,
) -> None:
    """Teach the conversion from pinyin the language of your own text.

    The folder holds the whole run and, at its end, a model: cnchar pinyin2hanzi --model FOLDER. Text is all that is
    needed; how it is read is found out. One line in 16, chosen by the hash of its text, is never learned from: the
    share of characters that is wrong there (CER) is told, before and after.

    Example: cnchar finetune pinyin2hanzi --train text.txt -o runs/p2h
    """
    with train_extra("cnchar finetune"):
        from cnchar.train.finetune import finetune_pinyin
        from cnchar.train.pinyin.options import PinyinOptions

        asked = PinyinOptions(
            tuple(train or ()), vocab, weights=tuple(weights or ()), encoding=encoding, form=form, field=field,
            column=column, start=start,
        )  # fmt: skip
        finished = finetune_pinyin(
            asked, output, resume=resume, preset=preset, changes=changes or [], device=device, quiet=quiet
        )
    if finished and not quiet:
        typer.echo(finished.summary(), err=True)
