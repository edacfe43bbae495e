"""What a corrector found in files, as reports: what they have in common; a list of places, annotations of GitHub."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from cnchar.evaluate.workflow_commands import command
from cnchar.io.blocks import Block
from cnchar.runtime.known_findings import shown_path
from cnchar.tasks.edits import Correction, Edit

RED, GREEN, CYAN, BOLD, PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[1m", "\x1b[0m"
_CONTEXT = 10  # characters shown on each side of a place


@dataclass(frozen=True)
class Found:
    """A block of lines and the corrections of those of them (by index) that have edits."""

    block: Block
    corrections: Sequence[tuple[int, Correction]]
    text: str = ""  # the block's output where there is one line for each line

    def findings(self) -> Iterator[tuple[int, Correction, Edit]]:
        """Each edit with the number of its line, from 1."""
        for index, correction in self.corrections:
            for edit in correction.edits:
                yield self.block.first_line + index, correction, edit


class Report(Protocol):
    """Writes a report as blocks come in. `color`: for a terminal."""

    def __init__(self, color: bool = False) -> None: ...

    def begin(self) -> str:
        """What stands before everything."""

    def add(self, found: Found) -> str:
        """What a block adds."""

    def end_file(self) -> str:
        """What is left to say of a file."""

    def end(self) -> str:
        """What stands after everything."""


class Plain:
    """A report that is no more than what its blocks add."""

    def __init__(self, color: bool = False) -> None:
        self.color = color

    def begin(self) -> str:
        """Nothing."""
        return ""

    def end_file(self) -> str:
        """Nothing."""
        return ""

    def end(self) -> str:
        """Nothing."""
        return ""


class Listing(Plain):
    """A line a finding: `a.md:3:7: 高[心]，因为 → 兴 0.97`."""

    def add(self, found: Found) -> str:
        """The findings of a block."""
        return "".join(self._line(found.block.name, *finding) for finding in found.findings())

    def _line(self, name: str, line: int, correction: Correction, edit: Edit) -> str:
        text = correction.source
        before, after = text[max(0, edit.start - _CONTEXT) : edit.start], text[edit.end : edit.end + _CONTEXT]
        wrong, right = f"[{edit.source}]", edit.target
        if self.color:
            wrong, right = f"{RED}{edit.source}{PLAIN}", f"{GREEN}{right}{PLAIN}"
        proposed = f" → {right}" if edit.target != edit.source else ""
        return f"{shown_path(name)}:{line}:{edit.start + 1}: {before}{wrong}{after}{proposed} {edit.score:.2f}\n"


class Github(Plain):
    """A warning a finding. Columns count from 1, and the last one is the first that is not meant."""

    def add(self, found: Found) -> str:
        """The findings of a block."""
        return "".join(self._line(found.block.name, *finding) for finding in found.findings())

    def _line(self, name: str, line: int, correction: Correction, edit: Edit) -> str:
        columns = {"line": str(line), "col": str(edit.start + 1), "endColumn": str(edit.end + 1)}
        path = shown_path(name)
        place = {"file": path, **columns} if path != "-" else columns
        return command("warning", message(edit), **place, title="cnchar correct") + "\n"


def message(edit: Edit) -> str:
    """A finding in words."""
    told = f"{edit.source} → {edit.target} ({edit.score:.2f})"
    if edit.target == edit.source:
        told = f"{edit.source} looks wrong ({edit.score:.2f})"
    others = ", ".join(f"{target} {score:.2f}" for target, score in edit.alternatives)
    return f"{told}; or {others}" if others else told


def wants_color(choice: Literal["auto", "always", "never"], output: str | None) -> bool:
    """Whether to write in colour: auto does for a person's eyes, unless they set NO_COLOR (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    seen = output is None and sys.stdout is not None and sys.stdout.isatty()
    return seen and not os.environ.get("NO_COLOR")
