"""How reports word things: what every renderer for people says in the same words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cnchar.evaluate.report import Comparison, Error, Gate, Interval, Report, System, Table, shown

COMPARISON = ("score", "base", "other", "difference", "95 % interval", "p (bootstrap)", "p (randomisation)")
"""The columns that `comparison_row` fills."""


def heading(report: Report) -> str:
    """The command that made the report."""
    return f"cnchar eval {report.task}"


def verdict(report: Report) -> str:
    """How the gates went, in a few words; "" where none was asked for."""
    if not report.gates:
        return ""
    failed = sum(not gate.passed for gate in report.gates)
    number, word = (failed, "failed") if failed else (len(report.gates), "passed")
    return f"{number} of {len(report.gates)} gates {word}"


def gate_sentence(gate: Gate) -> str:
    """A gate and what it saw, unrounded: a value just below its limit must not look like the limit."""
    return f"{gate.name} {'passed' if gate.passed else 'failed'}: {gate.score} is {gate.value}"


def headline(report: Report, system: System) -> str:
    """A system's first score."""
    for name, value in system.scores.items():
        return f"{label(name)} {shown(name, value, report.units)}"
    return "no scores"


def label(name: str) -> str:
    """The name of a score, a table or a column for people: `oov_recall` is oov recall, `slice:domain` is by domain."""
    kind, colon, field = name.partition(":")
    return f"by {field}" if colon and kind == "slice" else name.replace("_", " ")


def in_context(error: Error) -> str:
    """The example of an error: 他 来到 了 [网易 杭研] 大厦"""
    return " ".join(part for part in (error.before, f"[{error.gold}]", error.after) if part)


def between(name: str, interval: Interval, units: Mapping[str, str]) -> str:
    """An interval of a score."""
    return f"{shown(name, interval.low, units)} to {shown(name, interval.high, units)}"


def signed(name: str, difference: float, units: Mapping[str, str]) -> str:
    """A difference of two scores; that of two shares is in points: +0.31 points"""
    if name in units:
        return f"{difference:+.4g} {units[name]}".rstrip()
    return f"{100 * difference:+.2f} points"


def score_text(report: Report, system: System, name: str) -> str:
    """A score, its difference to the first system, its interval: 97.02 % (+0.38 points), 96.62 % to 97.39 %"""
    if name not in system.scores:
        return ""
    value, base = system.scores[name], report.systems[0]
    text = shown(name, value, report.units)
    if system is not base and name in base.scores:
        text += f" ({signed(name, value - base.scores[name], report.units)})"
    if name in system.intervals:
        text += f", {between(name, system.intervals[name], report.units)}"
    return text


def count_text(count: float | None) -> str:
    """A number of things; two decimals where it is not whole, as bits are."""
    return "" if count is None else f"{count:,.2f}".removesuffix(".00")


def comparison_row(report: Report, comparison: Comparison) -> tuple[str, ...]:
    """The cells of COMPARISON."""
    name, interval = comparison.score, comparison.interval
    low, high = (signed(name, end, report.units) for end in (interval.low, interval.high))
    return (
        label(name),
        comparison.base,
        comparison.other,
        signed(name, comparison.difference, report.units),
        f"{low} to {high}",
        f"{comparison.p_bootstrap:.4f}",
        f"{comparison.p_randomization:.4f}",
    )


def column_labels(table: Table) -> list[str]:
    """The columns of a table for people; those of a confusion matrix are the user's own labels."""
    return list(table.columns) if table.name == "confusion_matrix" else [label(column) for column in table.columns]


def table_cells(report: Report, table: Table) -> Iterator[tuple[str, ...]]:
    """The rows of a table as people read them."""
    for row in table.rows:
        yield tuple(shown(name, cell, report.units) for name, cell in zip(table.columns, row, strict=True))


def owned(report: Report, system: System, title: str) -> str:
    """A title that names its system where there are several."""
    return title if len(report.systems) == 1 else f"{title}: {system.name}"
