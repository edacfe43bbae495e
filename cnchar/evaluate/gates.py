"""Checks a CI job asks for: a score's floor (or ceiling, where less is better), and how far it may drop.

Scores are compared unrounded. A score of nothing at all is 0, and is held against its limit like any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnchar.errors import BadInput
from cnchar.evaluate.report import Gate, Report, System

_NOISE = 1e-12  # 0.8 - 0.1 is 0.7000000000000001, and 0.7 shall still be no larger drop than 0.1


@dataclass(frozen=True)
class Limit:
    """A number, and the score it is for; None is the headline."""

    score: str | None
    value: float


def parse_floor(text: str) -> Limit:
    """`f1=0.95` of --fail-under. Raises BadInput for anything else."""
    limit = _parse(text)
    if limit is None or limit.score is None:
        raise BadInput(f"--fail-under '{text}' should be NAME=VALUE with a number: f1=0.95.")
    return limit


def parse_drop(text: str) -> Limit:
    """`0.002` or `oov_recall=0.01` of --max-drop. Raises BadInput for anything else, a negative number included."""
    limit = _parse(text)
    if limit is None or limit.value < 0:
        raise BadInput(f"--max-drop '{text}' should be a number that is not negative, or NAME=VALUE: f1=0.002.")
    return limit


def floor_gates(report: Report, floors: Iterable[Limit]) -> tuple[Gate, ...]:
    """One gate for each limit and system. Raises BadInput for a score that the report does not have."""
    return tuple(_floor(report, system, limit) for limit in floors for system in report.systems)


def drop_gates(report: Report, baseline: Report, name: str, drops: Iterable[Limit]) -> tuple[Gate, ...]:
    """One gate for each limit and system against the one system of an earlier report, read from the file `name`.

    Raises BadInput where the two were not measured in the same way, or either has no such score.
    """
    if len(baseline.systems) != 1:
        raise BadInput(f"{name} is a report on {len(baseline.systems)} systems; a baseline holds one.")
    check_same_definition(report, baseline, name)
    before = baseline.systems[0]
    return tuple(_drop(report, system, before, name, limit) for limit in drops for system in report.systems)


def check_same_definition(report: Report, other: Report, name: str) -> None:
    """Raises BadInput, which says what differs, unless the scores of two reports may stand side by side.

    `name` is the file the other report comes from.
    """
    if report.task != other.task:
        raise BadInput(f"{name} is a report on {other.task}, not on {report.task}: their scores do not compare.")
    mine = report.systems[0].signature
    for system in (*report.systems, *other.systems):
        if differing := mine.differing(system.signature):
            one, two = mine.fields(), system.signature.fields()
            what = ", ".join(f"{key}: {one.get(key, 'none')} against {two.get(key, 'none')}" for key in differing)
            raise BadInput(
                f"{name} was measured in another way ({what}): compare scores of the same definition on the same data."
            )


def _floor(report: Report, system: System, limit: Limit) -> Gate:
    score = _score_name(limit, system)
    sign = "<=" if score in report.lower_is_better else ">="
    return _gate(report, system, f"{score} {sign} {limit.value:g}", score, limit.value)


def _drop(report: Report, system: System, before: System, file: str, limit: Limit) -> Gate:
    score = _score_name(limit, system)
    start = before.scores[_score_name(Limit(score, 0.0), before, file)]
    if score in report.lower_is_better:
        return _gate(report, system, f"{score} rise <= {limit.value:g} against {file}", score, start + limit.value)
    return _gate(report, system, f"{score} drop <= {limit.value:g} against {file}", score, start - limit.value)


def _gate(report: Report, system: System, name: str, score: str, limit: float) -> Gate:
    value = system.scores[score]
    excess = value - limit if score in report.lower_is_better else limit - value
    whose = f"{system.name}: " if len(report.systems) > 1 else ""
    return Gate(whose + name, score, value, limit, excess <= _NOISE)


def _score_name(limit: Limit, system: System, file: str | None = None) -> str:
    names: Sequence[str] = list(system.scores)
    score = limit.score or names[0]
    if score not in names:
        raise BadInput(f"There is no score '{score}' in {file or system.name}; there are {', '.join(names)}.")
    return score


def _parse(text: str) -> Limit | None:
    name, _, number = text.rpartition("=")
    try:
        value = float(number)
    except ValueError:
        return None
    return Limit(name or None, value) if math.isfinite(value) and not text.startswith("=") else None
