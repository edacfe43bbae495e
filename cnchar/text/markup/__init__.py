"""Where the code and the markup of a text are: Markdown, HTML and LaTeX, read line by line.

A reader is given the lines of one text in order and says of each which spans are no prose. It remembers only what is
still open (a fence, a comment, an environment), so a text of any length can be read. When in doubt it says "code":
what it names is never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Literal, Protocol

from cnchar.text.terms import Span

Kind = Literal["none", "markdown", "html", "latex"]

_SUFFIXES: dict[str, Kind] = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".mdx", ".rmd", ".qmd"), "markdown"),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".xml", ".svg"), "html"),
    **dict.fromkeys((".tex", ".latex", ".ltx", ".sty", ".cls"), "latex"),
}
_PACKED = (".gz", ".bz2", ".xz", ".zst")


class Reader(Protocol):
    """Reads the lines of one text in order."""

    def spans(self, line: str) -> list[Span]:
        """Start and end of what is no prose in the next line; spans may touch and overlap."""


class Plain:
    """Text without markup."""

    def spans(self, line: str) -> list[Span]:
        """None."""
        return []


def kind_of(name: str) -> Kind:
    """The markup that a file of this name has, by its suffix: `a.md.gz` is Markdown, `a.txt` and `-` have none."""
    path = PurePath(name.lower())
    suffix = PurePath(path.stem).suffix if path.suffix in _PACKED else path.suffix
    return _SUFFIXES.get(suffix, "none")


def open_reader(kind: Kind) -> Reader:
    """A reader at the beginning of a text."""
    return _READERS[kind]()


def _markdown() -> Reader:
    from cnchar.text.markup.markdown import Markdown

    return Markdown()


def _html() -> Reader:
    from cnchar.text.markup.html import Html

    return Html()


def _latex() -> Reader:
    from cnchar.text.markup.latex import Latex

    return Latex()


_READERS: dict[Kind, Callable[[], Reader]] = {"none": Plain, "markdown": _markdown, "html": _html, "latex": _latex}
