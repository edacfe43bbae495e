"""Diffs of what a corrector would change."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from findings import LINE, found, report
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.io.blocks import Block, read_blocks
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


def test_what_is_no_text_of_a_line_stays_in_a_diff(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes("\ufeff我很高心\r".encode())
    block = Block("我很高心", complete=False, name=str(path), returns=(0,))
    rows = report("diff", Found(block, [(0, LINE)])).split("\n")[3:]
    assert rows == [
        "-\ufeff我很高心\r", "\\ No newline at end of file", "+\ufeff我很高兴\r", "\\ No newline at end of file", ""
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "head"),
    [("甲.md", "b/甲.md"), ("a b.md", "b/a b.md\t"), ("\udcffa", '"b/\\377a"'), ("a\t甲", '"b/a\\011\\347\\224\\262"')],
)
def test_names_in_a_diff(name: str, head: str) -> None:
    assert report("diff", found((0, LINE), name=name)).split("\n")[1] == f"+++ {head}"


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("name", ["a.md", "a b.md", "甲.md", '\udcff".md'])
@pytest.mark.parametrize("text", ["我很高心\n", "\ufeff我很高心\r\n好", "好\r\n我很高心\r", "\u2028\x0c\n我很高心"])
def test_git_applies_a_diff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_bytes(text.encode())
    with Path(name).open("rb") as stream:
        blocks = list(read_blocks(stream, name=name))
    told = [Found(b, [(i, LINE) for i, line in enumerate(b.lines()) if line == LINE.source]) for b in blocks]
    subprocess.run(["git", "apply"], input=report("diff", *told).encode(), check=True)
    assert Path(name).read_bytes() == text.replace(LINE.source, LINE.text).encode()


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
