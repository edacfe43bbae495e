"""A report as workflow commands of GitHub Actions: annotations on the run and on the lines of the gold file."""

from __future__ import annotations

from collections.abc import Iterator

from cnchar.evaluate.report import Error, Report, System
from cnchar.evaluate.wording import gate_sentence, heading, headline, in_context, owned
from cnchar.evaluate.workflow_commands import command

# GitHub shows ten annotations of each level for a step and drops the rest.
_MOST = 10


def to_github(report: Report) -> str:
    """`::error` for each failed gate, `::notice` for each system's headline and for the most frequent errors.

    An error is put on its line of the gold file, if lines are what the report counts and the file has a name.
    """
    failed = [command("error", gate_sentence(gate), title=heading(report)) for gate in report.gates if not gate.passed]
    notices = [
        command("notice", f"{each.name}: {headline(report, each)}", title=heading(report)) for each in report.systems
    ]
    room = max(0, _MOST - len(notices))
    errors = [_error(report, system, error) for system, error in list(_most_frequent(report))[:room]]
    return "".join(line + "\n" for line in (*failed[:_MOST], *notices[:_MOST], *errors))


def _most_frequent(report: Report) -> Iterator[tuple[System, Error]]:
    """Of all systems, the first error of each first."""
    for rank in range(max((len(system.errors) for system in report.systems), default=0)):
        for system in report.systems:
            if rank < len(system.errors):
                yield system, system.errors[rank]


def _error(report: Report, system: System, error: Error) -> str:
    message = f"{error.gold} -> {error.pred} ({error.count:,}): {in_context(error)}"
    gold = report.sources.get("gold", "-")
    place = {"file": gold, "line": str(error.line)} if report.unit == "line" and gold != "-" else {}
    return command("notice", message, **place, title=owned(report, system, heading(report)))
