"""docs/benchmarks.md: tables, and what they were made with."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path

Row = Sequence[str]
VERSIONS = ("numpy", "jieba", "rjieba")


def table(head: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown; the first column is text, the others are aligned to the right where all hold numbers."""
    body = [list(row) for row in rows]
    rules = [":-" if not _numbers(row[k] for row in body) else "-:" for k in range(len(head))]
    return "".join("| " + " | ".join(map(_cell, row)) + " |\n" for row in [head, rules, *body])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _numbers(cells: Iterable[str]) -> bool:
    return all(cell == "" or cell.replace(".", "", 1).isdecimal() for cell in cells)


def machine() -> str:
    """The processor, its cores and the system, as far as they can be known."""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


def versions() -> str:
    """Of Python, cnchar and what it is measured with."""
    from cnchar import __version__
    from cnchar.bundle import shipped

    models = [f"{name}@{version}" for name, version in shipped()]
    others = [f"{name} {_version(name)}" for name in VERSIONS]
    return ", ".join([f"cnchar {__version__}", *models, f"Python {platform.python_version()}", *others])


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def document(command: str, text: str, runs: int, sections: Iterable[tuple[str, str, str]]) -> str:
    """The whole page. Sections are (heading, what was done, table)."""
    head = (
        "# Benchmarks\n\n"
        f"Written by `{command}`; do not edit. Each figure is what that run measured.\n\n"
        f"- Machine: {machine()}.\n- Versions: {versions()}.\n- Text: {text}.\n"
        f"- Times: two commands in turn on the same input, one core by affinity, one warm-up each, then {runs} "
        f"{'pair' if runs == 1 else 'pairs'}; ratios are the median of the pairwise ratios, start-up included.\n"
    )
    return head + "".join(f"\n## {name}\n\n{about}\n\n{rows}" for name, about, rows in sections)
