"""The tables and plots of the HTML page (render_html.py)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from cnchar.evaluate.markup import Markup, element, joined
from cnchar.evaluate.plot import COLOURS, Dot, Row, dot_plot, ends_of
from cnchar.evaluate.report import Cell, Report, System, Table, shown
from cnchar.evaluate.wording import column_labels, label, table_cells

_MOST_ROWS = 40  # of a plot; the table below it has all


def grid(columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int]) -> Markup:
    """A table; columns of `numbers` are aligned to the right."""
    right = set(numbers)
    kinds = ["number" if i in right else "text" for i in range(len(columns))]
    head = element("thead", _line("th", columns, kinds))
    body = element("tbody", "\n", joined((_line("td", row, kinds) for row in rows), "\n"))
    return element("div", element("table", head, body), class_="table")


def legend(report: Report) -> Iterator[Markup]:
    """Which colour is which system; nothing for one system."""
    if len(report.systems) > 1:
        names = [
            element("span", f"● {system.name}", class_=f"s{number % COLOURS}")
            for number, system in enumerate(report.systems)
        ]
        yield element("p", *names, class_="legend")


def score_plot(report: Report) -> Iterator[Markup]:
    """A row for each score, on a track of its own; nothing for no scores."""
    rows = []
    for name in score_names(report):
        dots = tuple(_score_dot(report, system, name) for system in report.systems)
        rows.append(_row(label(name), name, dots, ends_of(dots, share=name not in report.units), report.units))
    if rows:
        yield dot_plot(rows, "scores")


def score_names(report: Report) -> list[str]:
    """The scores of all systems."""
    return list(dict.fromkeys(name for system in report.systems for name in system.scores))


def tables(report: Report) -> Iterator[Markup]:
    """Tables of one name together: one plot of all systems, then each system's numbers."""
    for name in dict.fromkeys(table.name for system in report.systems for table in system.tables):
        owners = [(system, table) for system in report.systems for table in system.tables if table.name == name]
        title = label(name)
        yield element("h2", title[:1].upper() + title[1:])
        yield from _table_plot(report, [{t.name: t for t in system.tables}.get(name) for system in report.systems])
        for system, table in owners:
            body = _table(report, table)
            yield body if len(owners) == 1 else element("details", element("summary", system.name), body)


def _line(tag: str, cells: Iterable[str], kinds: Iterable[str]) -> Markup:
    return element("tr", *(element(tag, cell, class_=kind) for cell, kind in zip(cells, kinds, strict=True)))


def _score_dot(report: Report, system: System, name: str) -> Dot | None:
    if name not in system.scores:
        return None
    value = system.scores[name]
    return Dot(value, shown(name, value, report.units), system.intervals.get(name))


def _table_plot(report: Report, tables: Sequence[Table | None]) -> Iterator[Markup]:
    """The first score that is a column, or f1, for each row; nothing for tables without such a column or any row."""
    columns = {column for table in tables if table for column in table.columns}
    score = next((name for name in (*score_names(report), "f1") if name in columns), None)
    values = [_column(table, score) for table in tables]
    names = list(dict.fromkeys(name for column in values for name in column))
    if score is None or not names:
        return
    dots = {n: tuple(_dot(score, column.get(n), report.units) for column in values) for n in names}
    ends = ends_of((dot for row in dots.values() for dot in row), share=score not in report.units)
    rows = [_row(name, score, dots[name], ends, report.units) for name in names[:_MOST_ROWS]]
    yield element("p", label(score), class_="soft")
    yield from (*legend(report), dot_plot(rows, label(score)))


def _column(table: Table | None, score: str | None) -> dict[str, float]:
    """Row label -> value."""
    if table is None or score not in table.columns:
        return {}
    place = table.columns.index(score)
    cells = ((str(row[0]), row[place]) for row in table.rows)
    return {name: cell for name, cell in cells if isinstance(cell, float)}


def _dot(score: str, value: float | None, units: Mapping[str, str]) -> Dot | None:
    return None if value is None else Dot(value, shown(score, value, units))


def _row(
    text: str, score: str, dots: tuple[Dot | None, ...], ends: tuple[float, float], units: Mapping[str, str]
) -> Row:
    low, high = ends
    return Row(text, dots, ends, (shown(score, low, units), shown(score, high, units)))


def _table(report: Report, table: Table) -> Markup:
    cells: Iterable[Sequence[str]] = table_cells(report, table)
    if table.name == "confusion_matrix":
        cells = [_heated(shown_row, row) for shown_row, row in zip(cells, table.rows, strict=True)]
    return grid(column_labels(table), cells, numbers=range(1, len(table.columns)))


def _heated(texts: Sequence[str], row: Sequence[Cell]) -> list[str]:
    """A row of a confusion matrix; the more of the row's sum a cell holds, the stronger its colour."""
    total = sum(cell for cell in row if isinstance(cell, int)) or 1
    parts = [cell / total if isinstance(cell, int) else 0.0 for cell in row]
    return [
        element("span", text, class_="heat", style=f"--part:{part:.0%}") if part else text
        for text, part in zip(texts, parts, strict=True)
    ]
