"""Reports of several runs side by side, as one report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from cnchar.errors import BadInput
from cnchar.evaluate.gates import check_same_definition
from cnchar.evaluate.report import Report, System


def merge(reports: Sequence[Report], files: Sequence[str]) -> Report:
    """One report on the systems of all, the first one the base. Systems of one name are told apart by their files.

    Raises BadInput for no report, and where tasks, data or definitions differ.
    """
    if not reports:
        raise BadInput("Nothing to compare: name JSON reports of cnchar eval.")
    first = reports[0]
    for report, file in zip(reports, files, strict=True):
        check_same_definition(first, report, file)
    times = Counter(system.name for report in reports for system in report.systems)
    systems = [
        system if times[system.name] == 1 else replace(system, name=_label(report, system, file))
        for report, file in zip(reports, files, strict=True)
        for system in report.systems
    ]
    return Report(
        task=first.task,
        sources={"reports": ", ".join(files)},
        systems=tuple(systems),
        lower_is_better=first.lower_is_better,
        units=first.units,
        unit=first.unit,
    )


def _label(report: Report, system: System, file: str) -> str:
    return file if len(report.systems) == 1 else f"{file}: {system.name}"
