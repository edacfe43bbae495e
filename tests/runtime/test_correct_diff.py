"""Diffs of what a corrector would change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from findings import LINE, found, report
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.io.blocks import Block
from cnchar.runtime.correct_reports import Found


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
