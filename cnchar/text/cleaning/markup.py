"""HTML out of text: tags, comments, scripts and entities."""

from __future__ import annotations

import html
import re
from html.entities import html5

_SPECIAL = re.compile("([<>&;])")
_ATTRIBUTE = r"[A-Za-z_:@][\w:.\-]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'<>]++))?+"
# Names and attribute names are ASCII, so a<b且b>c and <中文> are text; possessive, so no input makes it backtrack.
_TAG = re.compile(
    rf"(?a:(?P<close>/)?+(?P<name>[A-Za-z][A-Za-z0-9]*+(?:[:._\-][A-Za-z0-9]++)*+)(?:[\s/]++(?:{_ATTRIBUTE}[\s/]*+)*+)?+"
    r"|![A-Za-z][^<>]*+|\?[A-Za-z][^<>]*+)"
)
_OPEN_QUOTE = re.compile(r"[A-Za-z][^<]*=\s*[\"'][^<]*")
_ENTITY = re.compile(r"(?a:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z][A-Za-z0-9]*)")
_LONGEST_ENTITY = 40
_ENDS = re.compile(r"[\n\r\t]")
_MOST_TRIES = 8  # how many > a quoted attribute may hold
_RAW = {"script", "style"}
_BLOCK = re.compile(r"br|p|div|li|ul|ol|t[rdh]|table|h[1-6r]|d[dt]|section|article|title")


def strip_html(line: str) -> str:
    """Tags, comments and the contents of script and style out, entities (`&lt;`, `&#20013;`) as their characters.

    A block tag such as `<br>` becomes one space, any other nothing. Markup that was escaped is markup too
    (`&lt;b&gt;` goes), so a second run finds nothing to do. `a < b`, `<3`, `AT&T` and `?a=1&copy=2` are no markup.
    Linear in the length of the line.
    """
    if "<" not in line and "&" not in line:
        return line
    stripper = _Stripper()
    stripper.feed(line)
    return "".join(stripper.out)


def _pieces(text: str) -> list[str]:
    return [piece for piece in _SPECIAL.split(text) if piece]


class _Stripper:
    """Reads pieces from left to right and takes back what turns out to be markup once its `>` or `;` comes.

    What is decoded is read again, so `out` never holds markup: its end is all that a new piece can complete. Every
    stack holds places in `out`, in rising order, and forgets those that are taken back.
    """

    def __init__(self) -> None:
        self.out: list[str] = []
        self.opened: list[int] = []  # each `<` that may still begin a tag; ~place for a `>` that nothing crosses
        self.tries: list[int] = []  # beside `opened`: how many `>` failed to close it
        self.comments_from = 0  # no comment that is still open begins before this place
        self.raw: list[tuple[int, str]] = []  # where a script or style began

    def feed(self, text: str) -> None:
        todo = _pieces(text)[::-1]
        while todo:
            piece = todo.pop()
            became = self._close() if piece == ">" else self._entity() if piece == ";" else None
            if became is not None:
                todo.extend(_pieces(became)[::-1])
                continue
            if piece == "<":
                self._mark(len(self.out))
            self.out.append(piece)

    def _mark(self, place: int) -> None:
        self.opened.append(place)
        self.tries.append(0)

    def _take_back(self, place: int) -> None:
        del self.out[place:]
        self.comments_from = min(self.comments_from, max(0, place - len("<!--")))
        while self.opened and (self.opened[-1] if self.opened[-1] >= 0 else ~self.opened[-1]) >= place:
            self.opened.pop()
            self.tries.pop()
        while self.raw and self.raw[-1][0] > place:
            self.raw.pop()

    def _close(self) -> str | None:
        """What the markup that ends with this `>` becomes; None where it is only a character."""
        if not "".join(self.out[-2:]).endswith("--"):
            return self._tag()
        if "<!--" in "".join(self.out[self.comments_from :]):
            return self._comment()
        became = self._tag()
        if became is None:
            self.comments_from = len(self.out)
        return became

    def _comment(self) -> str:
        place = self.comments_from
        while not "".join(self.out[place : place + len("<!--")]).startswith("<!--"):
            place += 1
        self._take_back(place)
        self.comments_from = max(0, place - len("<!--"))  # the first one went: none begins before
        return ""

    def _tag(self) -> str | None:
        if not self.opened or self.opened[-1] < 0:
            return None
        place = self.opened[-1]
        content = "".join(self.out[place + 1 :])
        tag = _TAG.fullmatch(content)
        if tag is None:
            self.tries[-1] += 1
            if self.tries[-1] >= _MOST_TRIES or not _OPEN_QUOTE.fullmatch(content):
                self._mark(~len(self.out))
            return None
        return self._drop_tag(place, (tag["name"] or "").lower(), closing=tag["close"] is not None)

    def _drop_tag(self, place: int, name: str, *, closing: bool) -> str:
        self._take_back(place)
        if name in _RAW and not closing:
            self.raw.append((place, name))
        elif name in _RAW and self.raw and self.raw[-1][1] == name:
            self._take_back(self.raw.pop()[0])
        return " " if _BLOCK.fullmatch(name) else ""

    def _entity(self) -> str | None:
        """The characters that the entity ending here stands for; None where it is none."""
        name = ""
        place = len(self.out)
        while place > 0 and len(name) < _LONGEST_ENTITY:
            place -= 1
            if self.out[place] == "&":
                break
            name = self.out[place] + name
        else:
            return None
        decoded = _decode_entity(name)
        if decoded is not None:
            self._take_back(place)
        return decoded


def _decode_entity(name: str) -> str | None:
    if not _ENTITY.fullmatch(name):
        return None
    if name[0] == "#":
        decoded = html.unescape(f"&{name};")
    elif f"{name};" in html5:
        decoded = html5[f"{name};"]
    else:
        return None
    return _ENDS.sub(" ", decoded)  # an entity ends no line and no column
