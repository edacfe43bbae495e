"""The tags, comments, scripts and code of HTML, which may go on over several lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cnchar.text.terms import Span

RAW = frozenset(("script", "style", "pre", "code", "kbd", "samp", "var", "tt", "textarea", "math", "svg"))
"""Elements whose whole content is left alone."""

OPENING = r"<!--|<!\[CDATA\[|<[!?/]?+[A-Za-z][A-Za-z0-9]*+(?:[:.\-][A-Za-z0-9]++)*+(?![^\s/>])"
"""What begins a tag, a comment or CDATA; a regular expression."""

_OPENING = re.compile(OPENING)
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>"}
_BRACES = r"\{(?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+\}"  # of templates and JSX
# What a tag may hold. Names of attributes are ASCII, so `a <b 且 c` is no tag.
_INSIDE = re.compile(
    rf"(?P<end>/?>)|[\s/?]++|{_BRACES}"
    rf"|[A-Za-z_:@#*.\[(][\w:.@#\-\[\]()]*+(?:\s*+=\s*+(?:(?P<value>[\"'])|{_BRACES}|(?u:[^\s\"'<>=]++)))?+",
    re.ASCII,
)
_MOST_LINES = 20  # of one tag: a stray < must not swallow a book


@dataclass
class Html:
    """Reads HTML line by line.

    What is still open at the end of a line: `until` ends a comment or an element of RAW, `tag` is a tag that has not
    ended, `quote` the value of one of its attributes, `lines` how many lines ago it began.
    """

    until: str = ""
    tag: str = ""
    quote: str = ""
    lines: int = 0

    def spans(self, line: str) -> list[Span]:
        """Tags, comments, and the contents of the elements RAW."""
        found: list[Span] = []
        at = 0
        while at < len(line):
            if self.is_open:
                start, at = at, self.go_on(line, at)
            elif opening := _OPENING.search(line, at):
                start, at = opening.start(), self.begin(opening)
            else:
                break
            found.append((start, at))
        self.end_line()
        return found

    @property
    def is_open(self) -> bool:
        """Whether something has begun that has not ended."""
        return bool(self.until or self.tag)

    def begin(self, opening: re.Match[str]) -> int:
        """Take what OPENING matched; returns where it ends. Now something is open."""
        if opening[0] in _ENDS:
            self.until = _ENDS[opening[0]]
        else:
            self.tag, self.lines = opening[0][1:].lower(), 0
        return opening.end()

    def go_on(self, line: str, at: int) -> int:
        """How far what is open reaches in the line from `at` on."""
        return self._in_tag(line, at) if self.tag else self._in_raw(line, at)

    def end_line(self) -> None:
        """Forget a tag that has gone on for too many lines."""
        self.lines += 1
        if self.lines >= _MOST_LINES:
            self.tag = self.quote = ""

    def _in_raw(self, line: str, at: int) -> int:
        end = line.lower().find(self.until, at)
        if end < 0:
            return len(line)
        end += 0 if self.until.startswith("</") else len(self.until)  # a closing tag is read as any other
        self.until = ""
        return end

    def _in_tag(self, line: str, at: int) -> int:
        while at < len(line):
            if self.quote:
                end = line.find(self.quote, at)
                if end < 0:
                    return len(line)
                at, self.quote = end + 1, ""
                continue
            inside = _INSIDE.match(line, at)
            if inside is None:  # it was no tag
                self.tag = ""
                return at
            at, self.quote = inside.end(), inside["value"] or ""
            if inside["end"]:
                self._end_tag(closed=inside["end"] == "/>")
                return at
        return at

    def _end_tag(self, *, closed: bool) -> None:
        if self.tag in RAW and not closed:
            self.until = f"</{self.tag}"
        self.tag = ""
