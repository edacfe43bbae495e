"""Reports on what a corrector found: lists and annotations."""

from __future__ import annotations

import pytest
from findings import LINE, PLACE, found, report

from cnchar.tasks.edits import Correction


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


@pytest.mark.parametrize("kind", ["list", "diff", "github"])
def test_nothing_found_is_nothing_told(kind: str) -> None:
    assert report(kind, found()) == ""
