"""`--report kind:path` of every `cnchar eval` command: which kinds there are, and writing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnchar.errors import BadInput

if TYPE_CHECKING:
    from cnchar.evaluate.report import SegmentationReport

KINDS = ("text", "json")


def check_reports(wanted: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs (kind, path) of `kind:path`. Raises BadInput for another kind or no path, before any work is done."""
    pairs = []
    for each in wanted:
        kind, _, path = each.partition(":")
        if kind not in KINDS or not path:
            raise BadInput(f"--report '{each}' should be KIND:PATH with a kind of {', '.join(KINDS)}: json:eval.json.")
        pairs.append((kind, path))
    return pairs


def render(report: SegmentationReport, kind: str) -> str:
    """The report in one of KINDS."""
    from cnchar.evaluate.report import to_json, to_text

    return {"text": to_text, "json": to_json}[kind](report)


def write_reports(report: SegmentationReport, wanted: Sequence[tuple[str, str]]) -> None:
    """Write the files, each whole or not at all. A report of an earlier run is replaced, as a CI job expects."""
    from cnchar.io.files import atomic_output

    for kind, path in wanted:
        with atomic_output(path, force=True) as stream:
            stream.write(render(report, kind).encode("utf-8"))
