from __future__ import annotations

from dataclasses import replace

import pytest

from cnchar.errors import BadInput
from cnchar.evaluate.gates import Limit, check_same_definition, drop_gates, floor_gates, parse_drop, parse_floor
from cnchar.evaluate.report import Gate
from evaluate.reports import report, system


@pytest.mark.parametrize(("text", "limit"), [("f1=0.95", Limit("f1", 0.95)), ("cer=5e-2", Limit("cer", 0.05))])
def test_floors(text: str, limit: Limit) -> None:
    assert parse_floor(text) == limit
    assert parse_drop(text) == limit


def test_a_drop_without_a_name_is_the_headlines() -> None:
    assert parse_drop("0.002") == Limit(None, 0.002)


@pytest.mark.parametrize("text", ["", "f1", "0.95", "=0.95", "f1=", "f1=high", "f1=nan", "f1=inf"])
def test_what_is_no_floor(text: str) -> None:
    with pytest.raises(BadInput, match=r"should be NAME=VALUE with a number: f1=0\.95"):
        parse_floor(text)


@pytest.mark.parametrize("text", ["", "f1", "-0.1", "f1=-0.1", "nan", "=1"])
def test_what_is_no_drop(text: str) -> None:
    with pytest.raises(BadInput, match="--max-drop"):
        parse_drop(text)


@pytest.mark.parametrize(
    ("name", "value", "limit", "passed"),
    [
        ("f1", 0.95, 0.95, True),
        ("f1", 0.949999, 0.95, False),  # though it rounds to 95.00 %
        ("f1", 0.0, 0.0, True),
        ("f1", 0.0, 0.1, False),  # the score of an empty set
        ("cer", 0.05, 0.05, True),
        ("cer", 0.050001, 0.05, False),
        ("cer", 0.01, 0.05, True),
    ],
)
def test_floor_gates(name: str, value: float, limit: float, passed: bool) -> None:
    sign = "<=" if name == "cer" else ">="
    (gate,) = floor_gates(report(system({"other": 1.0, name: value})), [Limit(name, limit)])
    assert gate == Gate(f"{name} {sign} {limit:g}", name, value, limit, passed)


@pytest.mark.parametrize(
    ("name", "before", "now", "drop", "passed"),
    [
        ("f1", 0.95, 0.948, 0.002, True),
        ("f1", 0.8, 0.7, 0.1, True),  # 0.8 - 0.1 is above 0.7 in binary
        ("f1", 0.95, 0.9479, 0.002, False),
        ("f1", 0.95, 0.99, 0.0, True),
        ("f1", 0.95, 0.95, 0.0, True),
        ("cer", 0.05, 0.052, 0.002, True),
        ("cer", 0.05, 0.0521, 0.002, False),
        ("cer", 0.05, 0.01, 0.0, True),
    ],
)
def test_drop_gates(name: str, before: float, now: float, drop: float, passed: bool) -> None:
    earlier, later = report(system({name: before})), report(system({name: now}))
    (gate,) = drop_gates(later, earlier, "last.json", [Limit(None, drop)])
    word, limit = ("rise", before + drop) if name == "cer" else ("drop", before - drop)
    assert gate == Gate(f"{name} {word} <= {drop:g} against last.json", name, now, limit, passed)


def test_gates_of_several_systems_name_them() -> None:
    several = report(system({"f1": 0.9}, "a.txt"), system({"f1": 0.8}, "b.txt"))
    gates = floor_gates(several, [Limit("f1", 0.85)])
    assert [(gate.name, gate.passed) for gate in gates] == [("a.txt: f1 >= 0.85", True), ("b.txt: f1 >= 0.85", False)]
    drops = drop_gates(several, report(system({"f1": 0.85})), "last.json", [Limit("f1", 0.0)])
    assert [gate.passed for gate in drops] == [True, False]


def test_scores_that_are_not_there() -> None:
    now = report(system({"f1": 0.9, "exact": 0.1}))
    with pytest.raises(BadInput, match=r"no score 'F1' in pred\.txt; there are f1, exact"):
        floor_gates(now, [Limit("F1", 0.5)])
    with pytest.raises(BadInput, match=r"no score 'f1' in last\.json; there are recall"):
        drop_gates(now, report(system({"recall": 0.9})), "last.json", [Limit("f1", 0.5)])


def test_a_baseline_is_one_system() -> None:
    two = report(system({"f1": 0.9}, "a"), system({"f1": 0.9}, "b"))
    with pytest.raises(BadInput, match=r"last\.json is a report on 2 systems; a baseline holds one"):
        drop_gates(report(system({"f1": 0.9})), two, "last.json", [])


def test_other_definitions_do_not_compare() -> None:
    now = report(system({"f1": 0.9}))
    with pytest.raises(BadInput, match=r"last\.json is a report on tag, not on segment"):
        check_same_definition(now, replace(now, task="tag"), "last.json")
    resampled = report(system({"f1": 0.9}, bs=1000, n=7))
    with pytest.raises(
        BadInput, match=r"last.json was measured in another way \(n: 2 against 7, bs: none against 1000"
    ):
        check_same_definition(now, resampled, "last.json")
    check_same_definition(now, report(system({"f1": 0.9}, model="other@1", seed=3, v="9")), "last.json")
