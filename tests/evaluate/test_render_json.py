from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.evaluate.render_json import from_json, to_json
from cnchar.evaluate.report import Comparison, Error, Gate, Interval, Report, System, Table
from cnchar.evaluate.signature import Signature
from evaluate.reports import report, system
from evaluate.samples import FULL, SIMPLE

SCHEMA = json.loads((ROOT / "docs/eval.schema.json").read_text(encoding="utf-8"))
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
NAMED_NUMBERS = st.dictionaries(TEXT, NUMBER, min_size=1, max_size=3)
CELL = st.one_of(TEXT, st.integers(), NUMBER, st.none())
INTERVALS = st.builds(Interval, NUMBER, NUMBER)
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.builds(
        Table,
        TEXT,
        st.tuples(*[TEXT] * width),
        st.lists(st.tuples(*[CELL] * width), max_size=3).map(tuple),
    )
)
SYSTEMS = st.builds(
    System,
    TEXT,
    st.builds(Signature.build, st.just("seg-f1"), n=st.integers(0, 9), bs=st.none() | st.integers(1, 9)),
    st.dictionaries(TEXT, st.integers(0, 99) | NUMBER, max_size=3),
    NAMED_NUMBERS,
    st.dictionaries(TEXT, INTERVALS, max_size=2),
    st.lists(TABLES, max_size=2).map(tuple),
    st.lists(st.builds(Error, TEXT, TEXT, st.integers(1), st.integers(1), TEXT, TEXT), max_size=2).map(tuple),
)
REPORTS = st.builds(
    Report,
    TEXT,
    st.dictionaries(TEXT, TEXT, max_size=2),
    st.lists(SYSTEMS, min_size=1, max_size=2).map(tuple),
    st.lists(st.builds(Comparison, TEXT, TEXT, TEXT, NUMBER, INTERVALS, NUMBER, NUMBER), max_size=2).map(tuple),
    st.lists(st.builds(Gate, TEXT, TEXT, NUMBER, NUMBER, st.booleans()), max_size=2).map(tuple),
    st.frozensets(TEXT, max_size=2),
    st.dictionaries(TEXT, TEXT, max_size=2),
    st.sampled_from(["line", "sentence"]),
)


@given(REPORTS)
@settings(deadline=None, max_examples=50)
def test_what_was_written_is_read_back_and_keeps_to_the_schema(written: Report) -> None:
    text = to_json(written)
    assert from_json(text, "eval.json") == written
    jsonschema.validate(json.loads(text), SCHEMA)


def test_every_part_of_a_full_report_keeps_to_the_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for sample in (SIMPLE, FULL):
        jsonschema.validate(json.loads(to_json(sample)), SCHEMA)


def test_the_schema_allows_nothing_else() -> None:
    def closed(schema: Any) -> bool:
        nested = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
        is_open = (
            isinstance(schema, dict) and "properties" in schema and schema.get("additionalProperties") is not False
        )
        unneeded = isinstance(schema, dict) and set(schema.get("properties", ())) != set(schema.get("required", ()))
        return not is_open and not unneeded and all(map(closed, nested))

    assert closed(SCHEMA)


def test_one_system() -> None:
    assert json.loads(to_json(SIMPLE)) == {
        "schema_version": 2,
        "task": "segment",
        "sources": {"gold": "gold.txt", "pred": "pred.txt"},
        "unit": "line",
        "units": {},
        "lower_is_better": [],
        "systems": [
            {
                "name": "pred.txt",
                "signature": "seg-f1|level:word|norm:none|data:sha256:ab12cd34|n:2|v:0.1.0",
                "signature_short": "seg-f1|l:word|nm:none|d:ab12cd34|n:2|v:0.1.0",
                "signature_fields": {
                    "metric": "seg-f1",
                    "level": "word",
                    "norm": "none",
                    "data": "sha256:ab12cd34",
                    "n": "2",
                    "v": "0.1.0",
                },
                "counts": {"sentences": 2, "gold_words": 10, "pred_words": 10, "right_words": 7},
                "scores": {"f1": 0.7, "precision": 0.7, "recall": 0.7, "exact": 0.0},
                "intervals": {},
                "tables": [],
                "errors": [
                    {
                        "gold": "网易 杭研",
                        "pred": "网易杭研",
                        "count": 1,
                        "line": 1,
                        "before": "他 来到 了",
                        "after": "大厦",
                    },
                    {"gold": "进展", "pred": "进 展", "count": 1, "line": 3, "before": "三峡 工程", "after": "顺利"},
                ],
            }
        ],
        "comparisons": [],
        "gates": [],
    }


def test_half_characters_are_replaced() -> None:
    error = Error("\ud800", "中", 1, 1, "", "")
    content = json.loads(to_json(report(replace(system({"f1": 0.5}), errors=(error,)))))
    assert content["systems"][0]["errors"][0]["gold"] == "?"


@pytest.mark.parametrize("text", ["", "f1 95", "[]", "{}", "3", "[" * 100_000, '{"task": "segment"}'])
def test_what_is_no_report(text: str) -> None:
    with pytest.raises(BadInput, match=r"last.json is not a JSON report: write one with cnchar eval \.\.\. --report"):
        from_json(text, "last.json")


def test_reports_of_other_versions() -> None:
    with pytest.raises(BadInput, match=r"last\.json has schema_version 1, not 2: run that cnchar eval again"):
        from_json('{"schema_version": 1, "scores": {"f1": 0.5}}', "last.json")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content.pop("systems"),
        lambda content: content.update(systems=[]),
        lambda content: content.update(systems=[1]),
        lambda content: content["systems"][0].update(scores={}),
        lambda content: content["systems"][0].update(scores={"f1": "high"}),
        lambda content: content["systems"][0].update(scores={"f1": True}),
        lambda content: content["systems"][0].update(tables=[{"name": "t"}]),
        lambda content: content["systems"][0]["errors"][0].update(count="many"),
        lambda content: content.update(gates=[{"name": "f1 >= 1"}]),
        lambda content: content.update(comparisons=[[]]),
        lambda content: content.update(units=[]),
    ],
)
def test_damaged_reports(damage: Callable[[Any], object]) -> None:
    content = json.loads(to_json(SIMPLE))
    damage(content)
    with pytest.raises(BadInput, match=r"last\.json is a damaged JSON report"):
        from_json(json.dumps(content), "last.json")


def test_a_damaged_signature_is_told() -> None:
    with pytest.raises(BadInput, match="is not a signature"):
        from_json(to_json(SIMPLE).replace('"signature": "seg-f1|', '"signature": "|'), "last.json")
