"""Logs of SARIF on what a corrector found."""

from __future__ import annotations

import json
import os

import jsonschema
from findings import LINE, PLACE, found, report
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sarif import SCHEMA

from cnchar.tasks.edits import Correction, Edit

NAMES = st.one_of(st.binary(min_size=1).map(os.fsdecode), st.text(min_size=1)).filter(lambda name: "\0" not in name)


def test_sarif() -> None:
    log = json.loads(
        report("sarif", found((1, LINE)), found((0, Correction("高", (PLACE,))), first=7, name="/x/文.md"))
    )
    jsonschema.validate(log, SCHEMA)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    first, second = run["results"]
    region = {"startLine": 2, "startColumn": 4, "endColumn": 5}
    location = first["locations"][0]["physicalLocation"]
    assert location == {"artifactLocation": {"uri": "docs/a%20b.md"}, "region": {**region, "snippet": {"text": "心"}}}
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "cnchar/sound"
    assert first["fixes"][0]["artifactChanges"][0]["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "兴"}}
    ]
    assert first["properties"] == {"score": 0.97, "alternatives": [{"target": "新", "score": 0.02}]}
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///x/%E6%96%87.md"
    assert "fixes" not in second
    assert first["partialFingerprints"] != second["partialFingerprints"]


def test_sarif_without_findings() -> None:
    log = json.loads(report("sarif"))
    jsonschema.validate(log, SCHEMA)
    assert log["runs"][0]["results"] == []


@settings(deadline=None, max_examples=50)
@given(text=st.text(min_size=1, max_size=8), name=NAMES)
@example(text="心", name=os.fsdecode(b"a\xff.md"))
def test_any_text_and_any_name_make_a_log(text: str, name: str) -> None:
    edit = Edit(0, 1, text[0], "兴", 0.5)
    told = report("sarif", found((0, Correction(text.replace("\n", " "), (edit,))), name=name))
    jsonschema.validate(json.loads(told.encode("utf-8", "backslashreplace")), SCHEMA)
    annotation = report("github", found((0, Correction(text.replace("\n", " "), (edit,))), name=name))
    assert annotation.count("\n") == 1
