"""A report as Markdown for a step summary, a merge request or a README."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from cnchar.evaluate.markup import printable
from cnchar.evaluate.report import Gate, Report, System, Table
from cnchar.evaluate.wording import (
    COMPARISON,
    column_labels,
    comparison_row,
    heading,
    in_context,
    label,
    owned,
    score_text,
    table_cells,
    verdict,
)

STEP_SUMMARY = 1 << 20
"""The most bytes GitHub takes as the summary of a step."""

_NOTE = "\n**Cut here to fit the summary; the json and html reports hold everything.**\n"
_CLOSE = "\n</details>\n"
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$&])")


def to_markdown(report: Report, limit: int = STEP_SUMMARY) -> str:
    """Gates, scores, comparisons, signatures, errors and tables, in this order, cut at a line to `limit` bytes."""
    return _fit("\n".join(_parts(report)), limit)


def _parts(report: Report) -> Iterator[str]:
    """Blocks that end with a newline each."""
    outcome = verdict(report)
    yield f"## {_text(heading(report))}{': ' if outcome else ''}{outcome}\n"
    if report.gates:
        yield _table(("gate", "value", "limit", ""), map(_gate, report.gates), numbers={1, 2})
    yield _scores(report)
    if report.comparisons:
        yield _plain(COMPARISON, (comparison_row(report, each) for each in report.comparisons), numbers={3, 4, 5, 6})
    for system in report.systems:
        yield f"{_text(owned(report, system, 'signature'))} `{_code(system)}`\n"
    for system in report.systems:
        if system.errors:
            yield _folded(owned(report, system, "most frequent errors"), _errors(report, system))
        for table in system.tables:
            yield _folded(owned(report, system, label(table.name)), _body(report, table))


def _gate(gate: Gate) -> tuple[str, ...]:
    return _text(gate.name), str(gate.value), str(gate.limit), "passed" if gate.passed else "**failed**"


def _scores(report: Report) -> str:
    names = dict.fromkeys(name for system in report.systems for name in system.scores)
    rows = [(label(name), *(score_text(report, system, name) for system in report.systems)) for name in names]
    return _plain(
        ("score", *(system.name for system in report.systems)), rows, numbers=range(1, 1 + len(report.systems))
    )


def _errors(report: Report, system: System) -> str:
    rows = [(f"{error.count:,}", error.gold, error.pred, str(error.line), in_context(error)) for error in system.errors]
    return _plain(("count", "gold", "predicted", report.unit, "example"), rows, numbers={0, 3})


def _body(report: Report, table: Table) -> str:
    return _plain(column_labels(table), table_cells(report, table), numbers=range(1, len(table.columns)))


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{_text(title)}</summary>\n\n{body}{_CLOSE}"


def _plain(columns: Iterable[str], rows: Iterable[Sequence[str]], numbers: Iterable[int]) -> str:
    """A table of texts that may hold anything."""
    return _table([_text(each) for each in columns], [[_text(cell) for cell in row] for row in rows], numbers)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int]) -> str:
    """A table of texts that are Markdown; columns of `numbers` are aligned to the right."""
    right = set(numbers)
    rule = ["---:" if i in right else "---" for i in range(len(columns))]
    return "".join(f"| {' | '.join(row)} |\n" for row in (columns, rule, *rows))


def _text(text: str) -> str:
    """Text on one line that Markdown leaves as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(printable(text).split()))


def _code(system: System) -> str:
    return printable(str(system.signature)).replace("`", "'").replace("\n", " ")


def _fit(text: str, limit: int) -> str:
    """`text` if it has at most `limit` bytes, else its first lines, an open fold closed, and a note."""
    whole = text.encode("utf-8")
    if len(whole) <= limit:
        return text
    start = whole[: max(0, limit - len(_NOTE.encode()) - len(_CLOSE.encode()))]
    lines = start[: start.rfind(b"\n") + 1].decode("utf-8")
    unclosed = lines.count("<details>") > lines.count("</details>")
    return lines + (_CLOSE if unclosed else "") + _NOTE
