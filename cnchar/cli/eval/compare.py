"""`cnchar eval compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from cnchar.cli.eval import options
from cnchar.cli.eval.finish import read_report
from cnchar.cli.options import Force
from cnchar.cli.reports import check_reports, render, write_reports


def compare_cli(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="JSON reports of one task on the same data.")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file, not to standard output.")
    ] = None,
    form: options.Format = "text",
    report: options.Reports = None,
    force: Force = False,
) -> None:
    """Set the scores of several runs side by side; the first is the one the others are held against.

    Takes the JSON reports of `cnchar eval TASK --report json:FILE`. Refuses runs on other data or of another
    definition (exit 2): all keys of their signatures but model, seed and v must agree.

    Example: cnchar eval compare runs/*/eval.json --format html -o report.html
    """
    from cnchar.evaluate.compare import merge
    from cnchar.io.files import atomic_output, expand_inputs

    wanted = check_reports(report or [])
    paths = expand_inputs(files)
    merged = merge([read_report(path) for path in paths], paths)
    with atomic_output(output, force) as out:
        out.write(render(merged, form).encode("utf-8"))
    write_reports(merged, wanted)
