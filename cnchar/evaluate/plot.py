"""One kind of plot, as inline SVG: rows of dots with whiskers, one colour a system (Cleveland's dot plot)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from cnchar.evaluate.markup import Markup, element
from cnchar.evaluate.report import Interval

COLOURS = 8
"""Systems are coloured by the classes s0 to s7 of report.css, then from s0 again."""

_WIDTH, _LEFT, _RIGHT = 760, 190, 600  # labels end left of the tracks, values stand right of them
_LINE, _GAP = 18, 14
_LABEL = 26  # characters; a Chinese one is twice as wide, so half as many of them


@dataclass(frozen=True)
class Dot:
    """One value, what it reads, and its interval where there is one."""

    value: float
    text: str
    interval: Interval | None = None


@dataclass(frozen=True)
class Row:
    """A label and one dot a system, None where it has none; `ends` are the values at both ends of the track."""

    label: str
    dots: tuple[Dot | None, ...]
    ends: tuple[float, float]
    end_texts: tuple[str, str]


def ends_of(dots: Iterable[Dot | None], *, share: bool) -> tuple[float, float]:
    """Ends of a track that shows how values differ; all of 0 to 1, or from 0, where they do not differ."""
    values = [value for dot in dots if dot is not None for value in _reach(dot) if isfinite(value)]
    low, high = min(values, default=0.0), max(values, default=1.0)
    if low == high:
        return min(0.0, low), 1.0 if share else max(1.0, high * 1.25)
    room = (high - low) / 8
    return (max(0.0, low - room), min(1.0, high + room)) if share else (low - room, high + room)


def dot_plot(rows: Sequence[Row], title: str) -> Markup:
    """The rows from top to bottom; the ends of a track are written where they change."""
    parts: list[str] = []
    top, ends = 0, None
    for row in rows:
        if row.end_texts != ends:
            top, ends = top + _LINE, row.end_texts
            parts += _scale(row.end_texts, top)
        parts += _row(row, top)
        top += _LINE * len(row.dots) + _GAP
    label = {"aria_label": title, "role": "img"}
    return element("svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {_WIDTH} {top}", **label)


def _reach(dot: Dot) -> tuple[float, ...]:
    return (dot.value,) if dot.interval is None else (dot.interval.low, dot.value, dot.interval.high)


def _scale(texts: tuple[str, str], top: int) -> Iterator[Markup]:
    for text, x in zip(texts, (_LEFT, _RIGHT), strict=True):
        yield element("text", text, x=x, y=top - 4, text_anchor="middle", class_="scale")


def _row(row: Row, top: int) -> Iterator[Markup]:
    middle = top + _LINE * len(row.dots) / 2
    name = element("title", row.label)
    yield element("text", _clipped(row.label), name, x=_LEFT - 14, y=middle + 4, text_anchor="end")
    for number, dot in enumerate(row.dots):
        y = top + _LINE * (number + 0.5)
        yield element("line", x1=_LEFT, x2=_RIGHT, y1=y, y2=y, class_="track")
        if dot is not None and isfinite(dot.value):
            yield element("g", *_dot(dot, row.ends, y), class_=f"s{number % COLOURS}")


def _dot(dot: Dot, ends: tuple[float, float], y: float) -> Iterator[Markup]:
    if dot.interval is not None:
        x1, x2 = (_place(value, ends) for value in (dot.interval.low, dot.interval.high))
        yield element("line", x1=x1, x2=x2, y1=y, y2=y, class_="whisker")
    yield element("circle", element("title", dot.text), cx=_place(dot.value, ends), cy=y, r=5)
    yield element("text", dot.text, x=_RIGHT + 14, y=y + 4)


def _place(value: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return round(_LEFT + (_RIGHT - _LEFT) * (value - low) / (high - low), 1)


def _clipped(label: str) -> str:
    width = 0
    for place, character in enumerate(label):
        width += 2 if character >= "\u2e80" else 1
        if width > _LABEL:
            return label[:place] + "…"
    return label
