"""What stands inside the paragraphs of Markdown: code spans, formulas, addresses of links, HTML tags."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cnchar.text.markup.html import OPENING, Html
from cnchar.text.terms import Span

_TOKEN = re.compile(
    r"\\[!-/:-@\[-`{-~]|(?P<ticks>`+)"
    r"|\[[^\[\]`]*\](?:\[\]|(?![(\[]))"  # the name of a note or of an address that stands elsewhere
    r"|\]\(\s*(?:<[^<>`]*>|(?:[^\s()\\`]|\\.|\([^\s()`]*\))*)|\]\[[^\[\]`]*\]"
    r"|(?P<formula>\$\$)|\$(?![\s$])(?:\\.|[^$\\`])*?(?<!\s)\$(?!\d)"
    rf"|(?P<html>{OPENING})|<[^<>\s`]*>"
)


@dataclass
class Inline:
    """Reads the lines of one paragraph. `until` ends a code span or a formula that is open, `html` may hold a tag."""

    until: str = ""
    html: Html = field(default_factory=Html)

    def spans(self, line: str, at: int) -> list[Span]:
        """What is no prose in the next line from `at` on."""
        found: list[Span] = []
        while at < len(line):
            start = at
            if self.until:
                at = self._to_end(line, at)
            elif self.html.is_open:
                at = self.html.go_on(line, at)
            elif token := _TOKEN.search(line, at):
                start, at = token.start(), token.end()
                self.until = token["ticks"] or token["formula"] or ""
                if token["html"]:
                    self.html.begin(token)
            else:
                break
            found.append((start, at))
        self.html.end_line()
        return found

    def _to_end(self, line: str, at: int) -> int:
        mark = re.escape(self.until)
        end = re.compile(rf"(?<!`){mark}(?!`)" if "`" in self.until else mark).search(line, at)
        if end is None:
            return len(line)
        self.until = ""
        return end.end()
