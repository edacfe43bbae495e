"""Punctuation and blanks as Chinese text has them: `你好, 我的 iPhone 坏了!` becomes 你好，我的iPhone坏了！

A mark becomes full-width beside hanzi, and at an end of a line that has hanzi; between words of other writing (3.14,
Hello, world) it stays. No blank stands beside hanzi or full-width marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cnchar.text.normalise import HANZI

_MARKS = {",": "，", ".": "。", "!": "！", "?": "？", ":": "：", ";": "；", "(": "（", ")": "）"}
_QUOTES = {'"': "“”", "'": "‘’"}
_UNIT = re.compile(
    rf"(?P<space>\s+)|(?P<hanzi>[{HANZI}]+)|(?P<mark>\.{{3,}}|-{{2,}}|[,.!?:;()\"'])"
    "|(?P<wide>[\u3001-\u3003\u3008-\u3011\u3014-\u301f\uff01-\uff0f\uff1a-\uff20“”‘’…—])|(?P<other>.)",
    re.DOTALL,
)
_NUMBERED = re.compile(r"\s*[0-9]+(?=\.)")


def to_chinese_marks(line: str) -> str:
    """The line with its marks and blanks as in Chinese text; a line without hanzi as it is."""
    found = [(unit.lastgroup or "", unit.group()) for unit in _UNIT.finditer(line)]
    if not any(kind == "hanzi" for kind, _ in found):
        return line
    number = _NUMBERED.match(line)
    units = _with_wide_marks(found, number.end() if number else -1)
    return "".join(unit for at, (kind, unit) in enumerate(units) if kind != "space" or not _is_needless(units, at))


def _with_wide_marks(found: list[tuple[str, str]], numbering: int) -> list[tuple[str, str]]:
    """The units with those marks full-width that should be; the one at `numbering` is the dot of `1. `."""
    befores = list(_nearest(found))
    afters = list(_nearest(reversed(found)))[::-1]
    units, start, quotes = [], 0, dict.fromkeys(_QUOTES, 0)
    for at, (kind, unit) in enumerate(found):
        foreign = befores[at] == afters[at] == "other" or _kinds_beside(found, at) == ("other", "other")
        if kind == "mark" and not foreign and start != numbering:
            units.append(("wide", _wide(unit, quotes)))
        else:
            units.append((kind, unit))
        start += len(unit)
    return units


def _nearest(units: Iterable[tuple[str, str]]) -> Iterable[str]:
    """For each unit the writing that came before it last: hanzi, wide, other, or "" at the beginning."""
    last = ""
    for kind, _ in units:
        yield last
        if kind not in ("space", "mark"):
            last = kind


def _kinds_beside(units: list[tuple[str, str]], at: int) -> tuple[str, str]:
    return units[at - 1][0] if at else "", units[at + 1][0] if at + 1 < len(units) else ""


def _wide(mark: str, quotes: dict[str, int]) -> str:
    if mark in _QUOTES:
        quotes[mark] += 1
        return _QUOTES[mark][(quotes[mark] + 1) % 2]
    return _MARKS.get(mark) or ("……" if mark[0] == "." else "——")


def _is_needless(units: list[tuple[str, str]], at: int) -> bool:
    """Whether a blank stands between two things of which one is Chinese."""
    before, after = _kinds_beside(units, at)
    return bool(before and after) and not {before, after}.isdisjoint({"hanzi", "wide"})
