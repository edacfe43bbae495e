"""A report as one JSON object (docs/eval.schema.json), and read back from it."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any, TypeVar

from cnchar.errors import BadInput
from cnchar.evaluate.report import Comparison, Error, Gate, Interval, Report, System, Table
from cnchar.evaluate.signature import Signature

SCHEMA_VERSION = 2

_KINDS: dict[str, Any] = {"str": str, "int": int, "float": (int, float), "bool": bool}
T = TypeVar("T")


def to_json(report: Report) -> str:
    """The report as one JSON object, scores unrounded, half characters (lone surrogates) of the text replaced."""
    content = {
        "schema_version": SCHEMA_VERSION,
        "task": report.task,
        "sources": dict(report.sources),
        "unit": report.unit,
        "units": dict(report.units),
        "lower_is_better": sorted(report.lower_is_better),
        "systems": [_system(system) for system in report.systems],
        "comparisons": [asdict(comparison) for comparison in report.comparisons],
        "gates": [asdict(gate) for gate in report.gates],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    return text.encode("utf-8", "replace").decode("utf-8")


def from_json(text: str, name: str) -> Report:
    """The report that `to_json` wrote. Raises BadInput, which names the file `name`, for anything else."""
    try:
        content = json.loads(text)
        version = content["schema_version"]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise BadInput(f"{name} is not a JSON report: write one with cnchar eval ... --report json:FILE.") from None
    if version != SCHEMA_VERSION:
        raise BadInput(f"{name} has schema_version {version}, not {SCHEMA_VERSION}: run that cnchar eval again.")
    try:
        return _read_report(content)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(f"{name} is a damaged JSON report ({type(error).__name__}: {error}): write it anew.") from None


def _system(system: System) -> dict[str, Any]:
    return {
        "name": system.name,
        "signature": str(system.signature),
        "signature_short": system.signature.short(),
        "signature_fields": system.signature.fields(),
        "counts": dict(system.counts),
        "scores": dict(system.scores),
        "intervals": {name: asdict(interval) for name, interval in system.intervals.items()},
        "tables": [asdict(table) for table in system.tables],
        "errors": [asdict(error) for error in system.errors],
    }


def _read_report(content: dict[str, Any]) -> Report:
    if not content["systems"]:
        raise ValueError("no systems")
    return Report(
        task=str(content["task"]),
        sources={str(name): str(value) for name, value in content["sources"].items()},
        systems=tuple(map(_read_system, content["systems"])),
        comparisons=tuple(_build(Comparison, comparison) for comparison in content["comparisons"]),
        gates=tuple(_build(Gate, gate) for gate in content["gates"]),
        lower_is_better=frozenset(content["lower_is_better"]),
        units={str(name): str(value) for name, value in content["units"].items()},
        unit=str(content["unit"]),
    )


def _read_system(content: dict[str, Any]) -> System:
    if not content["scores"]:
        raise ValueError("no scores")
    return System(
        name=str(content["name"]),
        signature=Signature.parse(content["signature"]),
        counts={name: _check(value, "float") for name, value in content["counts"].items()},
        scores={name: float(_check(value, "float")) for name, value in content["scores"].items()},
        intervals={name: _build(Interval, interval) for name, interval in content["intervals"].items()},
        tables=tuple(_read_table(table) for table in content["tables"]),
        errors=tuple(_build(Error, error) for error in content["errors"]),
    )


def _read_table(content: dict[str, Any]) -> Table:
    return Table(content["name"], tuple(content["columns"]), tuple(tuple(row) for row in content["rows"]))


def _build(kind: type[T], content: dict[str, Any]) -> T:
    """A dataclass of plain fields, each checked against its annotation."""
    return kind(**{field.name: _check(content[field.name], str(field.type)) for field in fields(kind)})  # type: ignore[arg-type]


def _check(value: Any, kind: str) -> Any:
    if kind == "Interval":
        return _build(Interval, value)
    if not isinstance(value, _KINDS[kind]) or isinstance(value, bool) != (kind == "bool"):
        raise TypeError(f"{value!r} is no {kind}")
    return value
