"""Reports on what a corrector found: lists, diffs, SARIF, annotations."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from itertools import pairwise

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sarif import SCHEMA

from cnchar.io.blocks import Block
from cnchar.runtime.correct_reports import REPORTS, Found
from cnchar.tasks.edits import Correction, Edit

SOUND = Edit(3, 4, "心", "兴", 0.97, "sound", (("新", 0.02),))
PLACE = Edit(0, 1, "高", "高", 0.8, "other")
LINE = Correction("我很高心", (SOUND,))
NAMES = st.one_of(st.binary(min_size=1).map(os.fsdecode), st.text(min_size=1)).filter(lambda name: "\0" not in name)


def report(kind: str, *blocks: Found, color: bool = False) -> str:
    """A report on one file."""
    made = REPORTS[kind](color)
    return "".join([made.begin(), *map(made.add, blocks), made.end_file(), made.end()])


def found(*corrections: tuple[int, Correction], name: str = "docs/a b.md", first: int = 1) -> Found:
    lines = ["好"] * (max((index for index, _ in corrections), default=0) + 1)
    for index, correction in corrections:
        lines[index] = correction.source
    return Found(Block("\n".join(lines), first, name=name), corrections)


def test_a_list() -> None:
    told = report("list", found((1, LINE)), found((0, Correction("高", (PLACE,))), first=9))
    assert told == "docs/a b.md:2:4: 我很高[心] → 兴 0.97\ndocs/a b.md:9:1: [高] 0.80\n"
    assert "\x1b[31m心\x1b[0m → \x1b[32m兴\x1b[0m" in report("list", found((0, LINE)), color=True)


def test_annotations() -> None:
    assert report("github", found((1, LINE), name="a,b:c.md")) == (
        "::warning file=a%2Cb%3Ac.md,line=2,col=4,endColumn=5,title=cnchar correct::心 → 兴 (0.97); or 新 0.02\n"
    )
    assert report("github", found((0, LINE), name="standard input")).startswith("::warning line=1,col=4,")
    assert "高 looks wrong (0.80)" in report("github", found((0, Correction("高", (PLACE,)))))


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


def test_a_diff() -> None:
    blocks = [
        Found(Block("一\n我很高心\n三", 1, name="a.md", returns=(0,)), [(1, LINE)]),
        Found(Block("四\n我很高心", 4, complete=False, name="a.md"), [(1, LINE)]),
    ]
    assert report("diff", *blocks) == (
        "--- a/a.md\n+++ b/a.md\n@@ -1,5 +1,5 @@\n 一\r\n-我很高心\n+我很高兴\n 三\n 四\n-我很高心\n"
        "\\ No newline at end of file\n+我很高兴\n\\ No newline at end of file\n"
    )
    assert report("diff", found(name="a.md")) == ""
    assert report("diff", found((0, LINE), name="/a.md")).startswith("--- /a.md\n+++ /a.md\n@@ -1,1 +1,1 @@\n")
    colored = report("diff", found((0, LINE)), color=True)
    assert "\x1b[31m-我很高心\x1b[0m\n" in colored
    assert re.sub("\x1b\\[\\d*m", "", colored) == report("diff", found((0, LINE)))


@settings(deadline=None, max_examples=100)
@given(data=st.data(), changed=st.lists(st.booleans(), min_size=1, max_size=40), newline=st.booleans())
def test_a_diff_makes_the_new_text_of_the_old_one(data: st.DataObject, changed: list[bool], newline: bool) -> None:
    cuts = sorted({0, len(changed), *data.draw(st.lists(st.integers(0, len(changed)), max_size=4))})
    blocks = []
    for start, stop in pairwise(cuts):
        corrections = [(at - start, LINE) for at in range(start, stop) if changed[at]]
        lines = [LINE.source if changed[at] else f"第{at}" for at in range(start, stop)]
        complete = newline or stop < len(changed)
        blocks.append(Found(Block("\n".join(lines), start + 1, complete, "a.md"), corrections))
    old = "\n".join(block.block.text for block in blocks) + "\n" * newline
    new = old.replace(LINE.source, LINE.text)
    told = report("diff", *blocks)
    assert patched(old, told.splitlines(keepends=True)) == new
    assert bool(told) == any(changed)
    assert longest_run(told) <= 6


def patched(old: str, rows: Sequence[str]) -> str:
    """The text that a unified diff makes of another one; AssertionError where it does not fit."""
    lines, out, at = old.splitlines(keepends=True), [], 0
    for before, row in pairwise(rows[1:]):
        if row.startswith("@@"):
            start, length = map(int, re.fullmatch(r"@@ -(\d+),(\d+) \+\1,\2 @@\n", row).groups())  # type: ignore[union-attr]
            out += lines[at : start - 1]
            at = start - 1
            assert length > 0
        elif row.startswith("\\"):
            out[-1:] = [line.removesuffix("\n") if before[0] != "-" else line for line in out[-1:]]
        elif row[0] == "+":
            out.append(row[1:])
        else:
            assert lines[at].rstrip("\n") == row[1:].rstrip("\n")
            out += [row[1:]] if row[0] == " " else []
            at += 1
    return "".join([*out, *lines[at:]])


def longest_run(told: str) -> int:
    """The most unchanged lines in a row."""
    rows = "".join(" " if row.startswith(" ") else "x" for row in told.split("\n"))
    return max(map(len, rows.split("x")))


@pytest.mark.parametrize("kind", ["list", "diff", "github"])
def test_nothing_found_is_nothing_told(kind: str) -> None:
    assert report(kind, found()) == ""
