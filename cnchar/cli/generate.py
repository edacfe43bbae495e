"""`cnchar generate`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnchar.cli import options


def generate_cli(
    model: Annotated[
        str, typer.Option("--model", "-m", metavar="FOLDER", help="A causal language model: what cnchar pretrain made.")
    ],
    prompt: Annotated[str, typer.Option("--prompt", "-p", metavar="TEXT", help="How the text begins.")] = "",
    length: Annotated[
        int, typer.Option("--length", "-n", metavar="N", min=1, help="At most so many characters after the prompt.")
    ] = 100,
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, help="How many texts to write, one a line.")] = 1,
    temperature: Annotated[
        float | None,
        typer.Option(
            "--temperature",
            metavar="T",
            help="Below 1 less daring, above 1 more; 0 takes the likeliest character. 1 if not given.",
            show_default=False,
        ),
    ] = None,
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", metavar="K", help="Choose among the K likeliest characters only.", show_default=False),
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option(
            "--top-p",
            metavar="P",
            help="Choose among the likeliest that together have this probability, such as 0.9.",
            show_default=False,
        ),
    ] = None,
    repetition_penalty: Annotated[
        float | None,
        typer.Option(
            "--repetition-penalty",
            metavar="R",
            help="Above 1 the last 64 characters come again less easily.",
            show_default=False,
        ),
    ] = None,
    beam: Annotated[
        int | None,
        typer.Option(
            "--beam",
            metavar="N",
            min=1,
            help="No chance: look for the likeliest text, with N candidates at a time.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", min=0, help="Equal seeds write alike; else each run writes anew."),
    ] = None,
    device: options.Device = "auto",
    threads: options.Threads = None,
) -> None:
    """Write text with a language model, character by character.

    A text ends where the model ends it, at the latest after --length characters.

    Example: cnchar generate --model runs/lm --prompt 春天来了， --length 100 --temperature 0.8 --top-p 0.9 --seed 1
    """
    from cnchar.decode.sampling import Sampling
    from cnchar.runtime.writer import Wish, write

    daring = {"temperature": temperature, "top_k": top_k, "top_p": top_p, "repetition_penalty": repetition_penalty}
    said = {name: value for name, value in daring.items() if value is not None}
    wish = Wish(prompt, length, count, Sampling(**said) if said else None, seed, beam)  # type: ignore[arg-type]
    for piece in write(model, wish, device, threads):
        typer.echo(piece, nl=False)  # which flushes
