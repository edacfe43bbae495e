"""`cnchar export`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnchar.cli import options
from cnchar.cli.train_extra import train_extra


def export_cli(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A shipped model, a model folder, or a run's folder.")],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A new folder for the model; a file for vectors, standard output if not given.",
            show_default=False,
        ),
    ] = None,
    compact: Annotated[
        bool,
        typer.Option("--compact", help="Round the weights: tables of characters to int8, all else to float16."),
    ] = False,
    vectors: Annotated[
        bool, typer.Option("--vectors", help="Write the character vectors instead, as word2vec's text format.")
    ] = False,
    nearest: Annotated[
        str | None,
        typer.Option(
            "--nearest",
            metavar="CHARACTERS",
            help="With these characters, their neighbours alone: character, neighbour, cosine.",
            show_default=False,
        ),
    ] = None,
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, help="With --nearest: how many of each.")] = 10,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file of vectors that exists.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a model as it is deployed, or its character vectors.

    The folder has all that inference reads and nothing that only training needs: of a run's folder it is the model
    alone. Vectors are what the network has learned of each character; they come from the table that it looks characters
    up in. Needs the extra: train.

    Example: cnchar export runs/lm --vectors -o vectors.txt
    """
    with train_extra("cnchar export"):
        from cnchar.train.export.model import export_model, export_vectors
    if vectors or nearest is not None:
        told = export_vectors(model, output, nearest=nearest, count=count, force=force)
    else:
        told = export_model(model, output, compact=compact)
    if not quiet:
        typer.echo(told, err=True)
