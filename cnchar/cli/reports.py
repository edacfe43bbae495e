"""`--format kind` and `--report kind:path` of every `cnchar eval` command: which kinds there are, and writing them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Literal, get_args

from cnchar.errors import BadInput

if TYPE_CHECKING:
    from cnchar.evaluate.report import Report

# Each kind is made by to_KIND of cnchar/evaluate/render_KIND.py; only the ones that are wanted are imported.
Kind = Literal["text", "json", "markdown", "junit", "github", "html"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def check_reports(wanted: Sequence[str]) -> list[tuple[Kind, str]]:
    """Pairs (kind, path) of `kind:path`, before any work is done.

    Raises BadInput for another kind, no path, or a path that is named twice.
    """
    pairs: list[tuple[Kind, str]] = []
    for each in wanted:
        name, _, path = each.partition(":")
        kind = next((kind for kind in KINDS if kind == name), None)
        if kind is None or not path:
            raise BadInput(f"--report '{each}' should be KIND:PATH with a kind of {', '.join(KINDS)}: json:eval.json.")
        if path in (other for _, other in pairs):
            raise BadInput(f"--report names {path} twice, but a file holds one report: give each its own name.")
        pairs.append((kind, path))
    return pairs


def render(report: Report, kind: Kind) -> str:
    """The report in one of KINDS."""
    module = import_module(f"cnchar.evaluate.render_{kind}")
    text: str = getattr(module, f"to_{kind}")(report)
    return text


def write_reports(report: Report, wanted: Sequence[tuple[Kind, str]]) -> None:
    """Write the files, each whole or not at all. A report of an earlier run is replaced, as a CI job expects."""
    from cnchar.io.files import atomic_output

    for kind, path in wanted:
        with atomic_output(path, force=True) as stream:
            stream.write(render(report, kind).encode("utf-8"))
