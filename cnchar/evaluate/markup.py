"""HTML, SVG and XML as strings: `element("b", "a < b")` is `<b>a &lt; b</b>`. What is not markup yet is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

# What XML 1.0 cannot hold, not even escaped (surrogates, control characters), and what turns a line of text round.
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Markup(str):
    """Text that is markup already, so it is never escaped again."""


def element(tag: str, *children: str, **attributes: str | float) -> Markup:
    """One element. `class_` is the attribute class, `text_anchor` is text-anchor; children are escaped or Markup."""
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(printable(str(value)))}"' for name, value in attributes.items()
    )
    return Markup(f"<{tag}{given}>{joined(children)}</{tag}>")


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Parts in a row, those escaped that are not Markup; `between` is markup."""
    return Markup(between.join(part if isinstance(part, Markup) else escape(printable(part)) for part in parts))


def printable(text: str) -> str:
    """U+FFFD for each character that a page or an XML file must not hold."""
    return _UNPRINTABLE.sub("\ufffd", text)
