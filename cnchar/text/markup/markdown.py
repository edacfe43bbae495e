"""The code, front matter, formulas, link targets and HTML of Markdown (CommonMark), which may go on over lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cnchar.text.markup.inline import Inline
from cnchar.text.terms import Span

_FRONT = ("---", "+++")
_FRONT_LINE = re.compile(r"\s|$|#|-\s|[\]}]|[^\s:=][^:=]*(?::(?:\s|$)|\s*=)")  # what YAML and TOML look like
_QUOTE = re.compile(r" {0,3}> ?")
_ITEM = re.compile(r"(?P<bullet>[-+*]|(?P<number>\d{1,9})[.)])(?P<gap>[ \t]+|$)")
_FENCE = re.compile(r"(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_NO_PARAGRAPH = re.compile(r"#{1,6}(?:\s|$)|(?:[-*_]\s*){3,}$")  # headings and rules, which end at once
_UNDERLINE = re.compile(r"(?:=+|-+)\s*$")  # of a heading
# What begins a block of HTML that a line of its own kind ends (code, comments) or else a blank line.
_RAW_BLOCK = re.compile(r"<(?:!--|!\[CDATA\[|[!?]|(?i:pre|script|style|textarea)(?=[\s>]|$))")
_HTML_BLOCK = re.compile(
    r"</?(?:address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl"
    r"|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main"
    r"|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title"
    r"|tr|track|ul)(?=[\s/>]|$)",
    re.IGNORECASE,
)
_LONE_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9\-]*(?:\s[^<>]*|/)?>\s*$")
_DEFINITION = re.compile(r"\[(?!\^)[^\[\]]+\]:\s*\S*|\[\^[^\[\]]+\]:")

_MODULE = re.compile(r"(?:import|export)\s[^。，]*[\"'{(=]")  # of MDX
_DEEPEST = 50  # list items within list items that are told apart


@dataclass(frozen=True)
class _Block:
    """A block of code or HTML, and the quotes and the column that it stands in.

    end: the mark of a fence; "raw" for HTML up to the end of its element, "lines" for HTML up to a blank line.
    """

    end: str
    depth: int
    column: int

    def is_left(self, line: str, at: int, depth: int) -> bool:
        """Whether the quote or the list item has ended, and the block with it."""
        begin, column = _text(line, at)
        return depth < self.depth or (begin < len(line) and column < self.column)


@dataclass
class Markdown:
    """Reads Markdown line by line. The fields are what is still open at the end of a line."""

    number: int = 0  # of the line
    front: str = ""
    block: _Block | None = None
    depth: int = 0  # of quotes
    items: list[int] = field(default_factory=list)  # the columns at which the text of open list items begins
    bare: bool = False  # whether the last of them has no text yet
    paragraph: bool = False  # whether the line before may go on
    inline: Inline = field(default_factory=Inline)

    def spans(self, line: str) -> list[Span]:
        """Code, front matter, formulas, addresses of links, HTML tags."""
        self.number += 1
        if self._in_front_matter(line):
            return [(0, len(line))]
        start, depth = self._quotes(line)
        if self.block and self.block.is_left(line, start, depth):
            self._end_block()
        if self.block and (found := self._in_block(line, start, self.block)) is not None:
            return found
        if not line[start:].strip():
            self._end_block()
            if self.bare:  # an item has its text on its own line or the next one
                self.items.pop()
            self.bare = False
            return []
        if depth != self.depth and not (self.paragraph and depth < self.depth):
            self.depth, self.items = depth, []
            self._end_block()
        return self._begin(line, start, depth)

    def _quotes(self, line: str) -> tuple[int, int]:
        """Where a line begins behind its quote marks, and how many these are: in a block, no more than it stands in."""
        start, depth = 0, 0
        while (self.block is None or depth < self.block.depth) and (quote := _QUOTE.match(line, start)):
            start, depth = quote.end(), depth + 1
        return start, depth

    def _in_front_matter(self, line: str) -> bool:
        mark = line.rstrip()
        if self.number == 1 and mark in _FRONT:
            self.front = mark
            return True
        if not self.front:
            return False
        if mark in (self.front, "..."):
            self.front = ""
            return True
        if not _FRONT_LINE.match(line) or (self.number == 2 and not mark):
            self.front = ""  # it was a rule
        return bool(self.front)

    def _in_block(self, line: str, at: int, block: _Block) -> list[Span] | None:
        """A line of a block of code or HTML that is open; None where the block ended before it."""
        marks = line[at:].strip()
        if block.end == "lines" and not marks:
            return None
        if block.end in ("raw", "lines"):
            found = self.inline.spans(line, at)
            if block.end == "raw" and not self.inline.html.is_open:
                self.block = None
            return found
        short = len(marks) < len(block.end) or marks.strip(block.end[0])
        if not short and _text(line, at)[1] < block.column + 4:
            self.block = None
        return [(0, len(line))]

    def _begin(self, line: str, at: int, depth: int) -> list[Span]:
        """A line that is not blank and outside of fences, from behind its quote marks on."""
        self.bare = False
        text_at, column = _text(line, at)
        deep = column - (self.items[-1] if self.items else 0) >= 4
        if self.paragraph and not deep and _UNDERLINE.match(line, text_at):
            self._end_block()
            return []
        item = None if deep else self._item(line, text_at, column)
        if item or not (deep or self._goes_on(line, text_at)):
            self._end_block()
        if not self.paragraph:
            self.items = [each for each in self.items if each <= column]
        base = self.items[-1] if self.items else 0
        if column - base >= 4:
            return self.inline.spans(line, at) if self.paragraph else [(0, len(line))]
        while item and len(self.items) < _DEEPEST:
            end = item.end()
            gap = _text(line, item.end("bullet"))[1]
            column += len(item["bullet"]) + (gap if 0 < gap <= 4 and end < len(line) else 1)
            self.items.append(column)
            if gap > 4 and end < len(line):  # the text of the item begins with indented code
                return [(0, len(line))]
            text_at, base, item = end, column, self._item(line, end, column)
        self.bare = text_at == len(line)
        return self._leaf(line, text_at, depth, base)

    def _goes_on(self, line: str, at: int) -> bool:
        """Whether a paragraph may go on with this line, if that begins no list item."""
        return not (_FENCE.match(line, at) or _NO_PARAGRAPH.match(line, at))

    def _item(self, line: str, at: int, column: int) -> re.Match[str] | None:
        item = _ITEM.match(line, at)
        if item is None or not self._goes_on(line, at):
            return None
        interrupts = item.end() < len(line) and item["number"] in (None, "1")
        known = any(each > column for each in self.items)  # a sibling of an item that is open
        return item if interrupts or known or not self.paragraph else None

    def _leaf(self, line: str, at: int, depth: int, base: int) -> list[Span]:
        """A line of one block, from the first character of its text on."""
        if fence := _FENCE.match(line, at):
            self.block, self.paragraph = _Block(fence["fence"], depth, base), False
            return [(0, len(line))]
        if not self.paragraph and _MODULE.match(line):
            return [(0, len(line))]
        if not self.paragraph and (definition := _DEFINITION.match(line, at)):
            self.paragraph = definition[0].startswith("[^")
            return [definition.span(), *self.inline.spans(line, definition.end())]
        raw = _RAW_BLOCK.match(line, at)
        if raw or _HTML_BLOCK.match(line, at) or (not self.paragraph and _LONE_TAG.match(line, at)):
            self._end_block()
            self.block = _Block("raw" if raw else "lines", depth, base)
            return self._in_block(line, at, self.block) or []
        self.paragraph = at < len(line) and self._goes_on(line, at)
        return self.inline.spans(line, at)

    def _end_block(self) -> None:
        """Forget what cannot go on in another paragraph."""
        self.paragraph, self.block, self.inline = False, None, Inline()


def _text(line: str, at: int) -> tuple[int, int]:
    """Where the text of a line begins from `at` on, and the width of the white space before it; tabs stop at fours."""
    begin = len(line) - len(line[at:].lstrip(" \t"))
    return begin, len(line[:begin].expandtabs(4)) - len(line[:at].expandtabs(4))
