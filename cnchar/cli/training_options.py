"""The options that commands which train share, each spelled once."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

RunFolder = Annotated[
    str | None, typer.Option("--output", "-o", metavar="FOLDER", help="The run, and at its end the model.")
]
Weights = Annotated[
    list[str] | None,
    typer.Option(
        "--weight",
        metavar="PATTERN=NUMBER",
        help="How often an epoch has the files that fit, such as 'wiki*=0.5'; 1 if not given.",
        show_default=False,
    ),
]
Resume = Annotated[
    str | None,
    typer.Option("--resume", metavar="FOLDER", help="Go on with a run that was stopped, with its own settings."),
]
Where = Annotated[
    Literal["auto", "cpu", "cuda"] | None,
    typer.Option("--device", help="Where to train. auto if not given: CUDA where there is one.", show_default=False),
]
