"""What a corrector found in files, as reports: a list of places, a diff, SARIF, annotations of GitHub."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Protocol
from urllib.parse import quote

from cnchar._version import __version__
from cnchar.evaluate.workflow_commands import command
from cnchar.io.blocks import Block
from cnchar.runtime.known_findings import place_of, shown_path
from cnchar.tasks.edits import Correction, Edit

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
RULES = {
    "sound": "A character that sounds like the right one.",
    "shape": "A character that looks like the right one.",
    "other": "A wrong character.",
    "own": "A word of the list of wrong words.",
}
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


class _Plain:
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


class Listing(_Plain):
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


class Github(_Plain):
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


@dataclass
class _Hunk:
    """Changed lines and those around them; `lines` begins at line `start`."""

    start: int
    rows: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)  # unchanged lines since the last changed one
    length: int = 0

    def flush(self) -> None:
        """The changed lines so far, all old ones before the new ones."""
        self.rows += [*self.removed, *self.added]
        self.removed, self.added = [], []


class Diff(_Plain):
    """A unified diff with three lines of context, for `patch -p1` or `git apply`."""

    around = 3

    def __init__(self, color: bool = False) -> None:
        super().__init__(color)
        self._name = ""  # of the file
        self._head = ""  # as long as the file has no hunk
        self._before: deque[str] = deque(maxlen=self.around)
        self._hunk: _Hunk | None = None

    def add(self, found: Found) -> str:
        """The hunks that ended in this block."""
        block, changed = found.block, dict(found.corrections)
        lines = block.lines()
        returns = set(block.returns)
        if not self._name:
            self._name = path = shown_path(block.name)
            both = [path, path] if path.startswith(("/", "-")) else [f"a/{path}", f"b/{path}"]
            self._head = f"--- {both[0]}\n+++ {both[1]}\n"
        out = []
        for index, line in enumerate(lines):
            end = "\r\n" if index in returns else "\n"
            if index + 1 == len(lines) and not block.complete:
                end = "\n\\ No newline at end of file\n"
            new = changed[index].text if index in changed else line
            out.append(self._line(block.first_line + index, f"{line}{end}", f"{new}{end}", same=line == new))
        return "".join(out)

    def end_file(self) -> str:
        """The last hunk."""
        told = self._close()
        self._before.clear()
        self._name = ""
        return told

    def _line(self, number: int, old: str, new: str, *, same: bool) -> str:
        hunk = self._hunk
        if not same:
            if hunk is None:
                hunk = self._hunk = _Hunk(number - len(self._before), list(self._before), length=len(self._before))
                self._before.clear()
            if hunk.after:
                hunk.flush()
                hunk.rows += hunk.after
                hunk.length += len(hunk.after)
                hunk.after = []
            hunk.removed.append(self._paint(RED, f"-{old}"))
            hunk.added.append(self._paint(GREEN, f"+{new}"))
            hunk.length += 1
        elif hunk is None:
            self._before.append(f" {old}")
        else:
            hunk.after.append(f" {old}")
            if len(hunk.after) > 2 * self.around:
                return self._close()
        return ""

    def _close(self) -> str:
        """The open hunk, if there is one; the lines behind it may be those before the next one."""
        hunk, self._hunk = self._hunk, None
        if hunk is None:
            return ""
        hunk.flush()
        rows = hunk.rows + hunk.after[: self.around]
        self._before.extend(hunk.after[self.around :])
        length = hunk.length + min(len(hunk.after), self.around)
        head, self._head = self._head, ""
        place = f"{hunk.start},{length}"
        return self._paint(BOLD, head) + self._paint(CYAN, f"@@ -{place} +{place} @@\n") + "".join(rows)

    def _paint(self, color: str, text: str) -> str:
        if not self.color:
            return text
        return "".join(f"{color}{line}{PLAIN}\n" for line in text.split("\n")[:-1])


class Sarif(_Plain):
    """A log of SARIF 2.1.0, whose columns are code points."""

    def __init__(self, color: bool = False) -> None:
        super().__init__()
        self._between = "\n"

    def begin(self) -> str:
        """The log up to its results."""
        rules = [{"id": f"cnchar/{kind}", "shortDescription": {"text": about}} for kind, about in RULES.items()]
        driver = {"name": "cnchar", "semanticVersion": __version__, "rules": rules}
        head = json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0"})[:-1]
        run = _json({"tool": {"driver": driver}, "columnKind": "unicodeCodePoints"})[:-1]
        return f'{head}, "runs": [{run}, "results": ['

    def add(self, found: Found) -> str:
        """The results of a block."""
        out = []
        for line, correction, edit in found.findings():
            out += [self._between, _json(_result(found.block.name, line, correction, edit))]
            self._between = ",\n"
        return "".join(out)

    def end(self) -> str:
        """The rest of the log."""
        return "\n]}]}\n"


def _result(name: str, line: int, correction: Correction, edit: Edit) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": edit.start + 1, "endColumn": edit.end + 1}
    place = {"uri": _uri(name)}
    told = edit.as_dict()
    result: dict[str, Any] = {
        "ruleId": f"cnchar/{edit.kind}",
        "ruleIndex": list(RULES).index(edit.kind),
        "level": "warning",
        "message": {"text": message(edit)},
        "locations": [
            {"physicalLocation": {"artifactLocation": place, "region": {**region, "snippet": {"text": edit.source}}}}
        ],
        "partialFingerprints": {"place/v1": _fingerprint(name, correction, edit)},
        "rank": round(100 * edit.score, 2),
        "properties": {key: told[key] for key in ("score", "alternatives") if key in told},
    }
    if edit.target != edit.source:
        replacement = {"deletedRegion": region, "insertedContent": {"text": edit.target}}
        result["fixes"] = [{"artifactChanges": [{"artifactLocation": place, "replacements": [replacement]}]}]
    return result


def _fingerprint(name: str, correction: Correction, edit: Edit) -> str:
    whole = "\n".join(place_of(name, correction, edit))
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _uri(name: str) -> str:
    path = shown_path(name)
    if path == "-":
        return "stdin"
    return PurePath(name).as_uri() if PurePath(name).is_absolute() else quote(os.fsencode(path))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


REPORTS: dict[str, type[Report]] = {"list": Listing, "diff": Diff, "sarif": Sarif, "github": Github}
