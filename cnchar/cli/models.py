"""`cnchar models`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer


def models_cli(
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="A table for people, or the whole configs.")
    ] = "text",
) -> None:
    """List the models inside the package: task, size, licence, scores and sources.

    Example: cnchar models --format json
    """
    from cnchar.bundle import shipped_configs

    configs = shipped_configs()
    if form == "json":
        import json

        typer.echo(json.dumps(configs, ensure_ascii=False, indent=2))
        return
    for config in configs:
        typer.echo(_describe(config))


def _describe(config: dict[str, Any]) -> str:
    from cnchar.bundle import size_of

    lines = [f"{config['name']}@{config['version']}  {config['task']}  {size_of(config['name']) / 1e6:.1f} MB"]
    lines += [f"  licence  {config['licence']}", f"  sources  {'; '.join(config['sources'])}"]
    lines += [f"  score    {score['data']}: {score['metric']} {score['value']}" for score in config["scores"]]
    return "\n".join(lines)
