"""`cnchar --version`."""

from __future__ import annotations

import platform
from importlib import metadata

import typer


def print_version(wanted: bool) -> None:
    """Prints the versions of cnchar, its shipped models, onnxruntime and Python, then ends the program."""
    if not wanted:
        return
    import cnchar
    from cnchar import bundle

    typer.echo(f"cnchar {cnchar.__version__}")
    for name, version in bundle.shipped():
        typer.echo(f"model {name}@{version}")
    typer.echo(f"onnxruntime {_version('onnxruntime')}")
    typer.echo(f"Python {platform.python_version()}")
    raise typer.Exit


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "not installed"
