"""What a corrector would change in files, as a unified diff."""

from __future__ import annotations

import os
import re
from collections import deque
from dataclasses import dataclass, field

from cnchar.io.in_place import begins_with_mark
from cnchar.runtime.correct_reports import BOLD, CYAN, GREEN, PLAIN, RED, Found, Plain
from cnchar.runtime.known_findings import shown_path

_MARK = "\ufeff"  # of a file in UTF-8, which is no part of its first line
_SPECIAL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")  # in names: control characters, bytes that are no UTF-8


def _in_head(name: str) -> str:
    """A file's name as git writes it: in quotes where it has special characters, before a tab where it has blanks."""
    if not _SPECIAL.search(name):
        return f"{name}\t" if any(map(str.isspace, name)) else name
    plain = (chr(b) if 32 <= b < 127 and chr(b) not in '"\\' else f"\\{b:03o}" for b in os.fsencode(name))
    return f'"{"".join(plain)}"'


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


class Diff(Plain):
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
            self._head = f"--- {_in_head(both[0])}\n+++ {_in_head(both[1])}\n"
        mark = _MARK if block.first_line == 1 and begins_with_mark(block.name) else ""
        out = []
        for index, line in enumerate(lines):
            begin = mark if index == 0 else ""
            end = "\r\n" if index in returns else "\n"
            if index + 1 == len(lines) and not block.complete:
                end += "\\ No newline at end of file\n"
            new = changed[index].text if index in changed else line
            old, new = f"{begin}{line}{end}", f"{begin}{new}{end}"
            out.append(self._line(block.first_line + index, old, new, same=old == new))
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
