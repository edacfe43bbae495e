"""A report as one self-contained page: no script, nothing from the network, light or dark as the reader's system is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cnchar.evaluate.html_tables import grid, legend, score_names, score_plot, tables
from cnchar.evaluate.markup import Markup, element, joined
from cnchar.evaluate.report import Gate, Report, System, shown
from cnchar.evaluate.wording import (
    COMPARISON,
    between,
    comparison_row,
    count_text,
    heading,
    in_context,
    label,
    owned,
    signed,
    verdict,
)

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
{title}
<style>
{style}</style>
</head>
{body}
</html>
"""


def to_html(report: Report) -> str:
    """The page: gates, scores, comparisons; then, for each system or side by side, errors and tables with plots."""
    style = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
    body = element("body", "\n", joined(_parts(report), "\n"), "\n")
    return _PAGE.format(title=element("title", heading(report)), style=style, body=body)


def _parts(report: Report) -> Iterator[Markup]:
    yield element("h1", heading(report))
    if report.gates:
        yield element("p", verdict(report), class_=_judged(report.passed))
    yield element("p", "; ".join(f"{name}: {value}" for name, value in report.sources.items()), class_="soft")
    yield from _gates(report)
    yield from (element("h2", "Scores"), _scores(report), *legend(report), *score_plot(report))
    yield from _comparisons(report)
    yield from _counts(report)
    yield from tables(report)
    for system in report.systems:
        yield from _errors(report, system)
    yield element("h2", "Signatures")
    for system in report.systems:
        yield element("p", f"{system.name}: ", element("span", str(system.signature), class_="signature"))


def _gates(report: Report) -> Iterator[Markup]:
    if report.gates:
        rows = [(gate.name, str(gate.value), str(gate.limit), _outcome(gate)) for gate in report.gates]
        yield from (element("h2", "Gates"), grid(("gate", "value", "limit", ""), rows, numbers={1, 2}))


def _outcome(gate: Gate) -> Markup:
    return element("span", "passed" if gate.passed else "failed", class_=_judged(gate.passed))


def _scores(report: Report) -> Markup:
    rows = [(label(name), *(_score(report, system, name) for system in report.systems)) for name in score_names(report)]
    columns = ("score", *(system.name for system in report.systems))
    return grid(columns, rows, numbers=range(1, len(columns)))


def _score(report: Report, system: System, name: str) -> Markup:
    if name not in system.scores:
        return Markup()
    parts: list[str] = [shown(name, system.scores[name], report.units)]
    base = report.systems[0]
    if system is not base and name in base.scores:
        difference = system.scores[name] - base.scores[name]
        better = (difference < 0) == (name in report.lower_is_better)
        kind = _judged(better) if difference else "soft"
        parts.append(element("span", signed(name, difference, report.units), class_=kind))
    if name in system.intervals:
        parts.append(element("span", between(name, system.intervals[name], report.units), class_="soft"))
    return joined(parts, "<br>")


def _comparisons(report: Report) -> Iterator[Markup]:
    if report.comparisons:
        rows = [comparison_row(report, each) for each in report.comparisons]
        yield from (element("h2", "Comparisons"), grid(COMPARISON, rows, numbers={3, 4, 5, 6}))


def _counts(report: Report) -> Iterator[Markup]:
    """Folded: a task may count a lot of things."""
    names = list(dict.fromkeys(name for system in report.systems for name in system.counts))
    if names:
        rows = [(name, *(count_text(system.counts.get(name)) for system in report.systems)) for name in names]
        columns = ("count", *(system.name for system in report.systems))
        yield element("details", element("summary", "Counts"), grid(columns, rows, numbers=range(1, len(columns))))


def _errors(report: Report, system: System) -> Iterator[Markup]:
    if system.errors:
        rows = [(f"{e.count:,}", e.gold, e.pred, str(e.line), in_context(e)) for e in system.errors]
        yield element("h2", owned(report, system, "Most frequent errors"))
        yield grid(("count", "gold", "predicted", report.unit, "example"), rows, numbers={0, 3})


def _judged(good: bool) -> str:
    return "good" if good else "bad"
