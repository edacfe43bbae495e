"""What an evaluation found, whatever the task: every task yields a Report, every renderer takes one.

Nothing here is rounded or worded; docs/eval.md says what each part means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cnchar.evaluate.signature import Signature

Cell = str | int | float | None
"""A cell of a table: a label, a count, a number (a share from 0 to 1 but where `Report.units` says), or nothing."""


@dataclass(frozen=True)
class Table:
    """A named table of a report. Names are for machines: `by_length`, `by_oov`, `slice:domain`, `confusion_matrix`."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Error:
    """A kind of error, how often it came, and the first example of it.

    `gold` and `pred` are what stood there (words joined with a blank); `line` counts from 1 in the gold file, in
    `Report.unit`; `before` and `after` are the gold text around it.
    """

    gold: str
    pred: str
    count: int
    line: int
    before: str
    after: str


@dataclass(frozen=True)
class Interval:
    """The middle 95 % of the resamples of a bootstrap."""

    low: float
    high: float


@dataclass(frozen=True)
class System:
    """One system's result on one gold file.

    `name` is its file or model@version; `scores` are unrounded, the first one is the headline; `errors` are sorted,
    the most frequent first.
    """

    name: str
    signature: Signature
    counts: Mapping[str, float]
    scores: Mapping[str, float]
    intervals: Mapping[str, Interval] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    errors: tuple[Error, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """One score of two systems, `difference` = other - base, and how likely so large a one is by luck (two-sided)."""

    score: str
    base: str
    other: str
    difference: float
    interval: Interval
    p_bootstrap: float
    p_randomization: float


@dataclass(frozen=True)
class Gate:
    """A check that was asked for: a score's `value` was held against `limit`. `name` says it in words: `f1 >= 0.95`.

    Of `f1 drop <= 0.002 against last.json` the limit is the earlier score less 0.002.
    """

    name: str
    score: str
    value: float
    limit: float
    passed: bool


@dataclass(frozen=True)
class Report:
    """All that one run of `cnchar eval TASK` found.

    `sources`: what was compared (`gold`, `pred`, `model`, `known` ...), as the user named it. `lower_is_better`: scores
    for which gates turn round (`cer`, `false_alarm`). `units`: the unit of scores and table columns that are not shares
    from 0 to 1 (`bits_per_char`: `bits`; "" for a bare number). `unit`: what Error.line counts, `line` or `sentence`.
    """

    task: str
    sources: Mapping[str, str]
    systems: tuple[System, ...]
    comparisons: tuple[Comparison, ...] = ()
    gates: tuple[Gate, ...] = ()
    lower_is_better: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    unit: str = "line"

    @property
    def passed(self) -> bool:
        """Whether no gate failed."""
        return all(gate.passed for gate in self.gates)


def shown(name: str, value: Cell, units: Mapping[str, str]) -> str:
    """A score or the cell of a column for people: `95.31 %`, `4.27 bits`, `1,944`, `news`; nothing is ""."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, int):
        return f"{value:,}"
    if name in units:
        return f"{value:.4g} {units[name]}".rstrip()
    return f"{100 * value:.2f} %"
