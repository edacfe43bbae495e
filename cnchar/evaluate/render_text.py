"""A report as tables aligned for a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from cnchar.evaluate.markup import printable
from cnchar.evaluate.report import Report, System, Table
from cnchar.evaluate.wording import (
    COMPARISON,
    column_labels,
    comparison_row,
    count_text,
    gate_sentence,
    in_context,
    label,
    owned,
    score_text,
    table_cells,
)


def to_text(report: Report) -> str:
    """The report for people: scores, comparisons, gates, then tables, errors and signature of each system."""
    return "\n".join([*_summary(report), *(part for system in report.systems for part in _details(report, system))])


def aligned(rows: Sequence[Sequence[str]], sides: str) -> str:
    """Columns two spaces apart, `<` or `>` each, the last side for all that follow; Chinese takes two places a sign."""
    cells = [[_one_line(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    sides = sides.ljust(len(widths), sides[-1])
    lines = []
    for row in cells:
        gaps = [" " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)]
        padded = [gap + cell if side == ">" else cell + gap for cell, gap, side in zip(row, gaps, sides, strict=False)]
        lines.append("  ".join(padded).rstrip() + "\n")
    return "".join(lines)


def _summary(report: Report) -> Iterator[str]:
    """Scores, a line each and a column a system, then comparisons and gates."""
    names = dict.fromkeys(name for system in report.systems for name in system.scores)
    several = len(report.systems) > 1
    rows = [["", *(system.name for system in report.systems)]] if several else []
    rows += [[label(name), *(score_text(report, system, name) for system in report.systems)] for name in names]
    if rows:
        yield aligned(rows, "<>")
    if report.comparisons:
        yield aligned([COMPARISON, *(comparison_row(report, each) for each in report.comparisons)], "<<<>")
    if report.gates:
        yield aligned([[gate_sentence(gate)] for gate in report.gates], "<")


def _details(report: Report, system: System) -> Iterator[str]:
    for table in (_counts(system), *system.tables):
        if table.rows:
            rows = [column_labels(table), *table_cells(report, table)]
            yield _title(report, system, label(table.name)) + aligned(rows, "<>")
    if system.errors:
        rows = [["count", "gold", "predicted", "example"]]
        for error in system.errors:
            rows.append([f"{error.count:,}", error.gold, error.pred, f"{error.line}: {in_context(error)}"])
        yield _title(report, system, "most frequent errors") + aligned(rows, "><")
    yield f"{_title(report, system, 'signature').strip()}: {_one_line(str(system.signature))}\n"


def _counts(system: System) -> Table:
    cells = tuple(count_text(value) for value in system.counts.values())
    return Table("counts", tuple(system.counts), (cells,) if cells else ())


def _title(report: Report, system: System, title: str) -> str:
    return _one_line(owned(report, system, title)) + "\n"


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
