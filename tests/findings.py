"""What a corrector may have found, and reports on it."""

from __future__ import annotations

from cnchar.io.blocks import Block
from cnchar.runtime.correct_files import REPORTS
from cnchar.runtime.correct_reports import Found
from cnchar.tasks.edits import Correction, Edit

SOUND = Edit(3, 4, "心", "兴", 0.97, "sound", (("新", 0.02),))
PLACE = Edit(0, 1, "高", "高", 0.8, "other")
LINE = Correction("我很高心", (SOUND,))


def report(kind: str, *blocks: Found, color: bool = False) -> str:
    """A report on one file."""
    made = REPORTS[kind](color)
    return "".join([made.begin(), *map(made.add, blocks), made.end_file(), made.end()])


def found(*corrections: tuple[int, Correction], name: str = "docs/a b.md", first: int = 1) -> Found:
    lines = ["好"] * (max((index for index, _ in corrections), default=0) + 1)
    for index, correction in corrections:
        lines[index] = correction.source
    return Found(Block("\n".join(lines), first, name=name), corrections)
