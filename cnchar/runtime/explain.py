"""Why a boundary is where it is: the strongest features and the dictionary words on both sides of each gap."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cnchar.decode.viterbi import B, E, M, S
from cnchar.lookup.lexicon import MAX_LENGTH
from cnchar.lookup.templates import View, unpad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cnchar.runtime.engines import TaggingEngine

STRONGEST = 5
REGISTER_NAMES = ("formal", "narrative", "talk", "unsure")
_OFFSET = re.compile(r"c([+-]?\d)")


@dataclass(frozen=True)
class Gap:
    """One gap between two characters of a line.

    boundary: what was decided; evidence: nats for a boundary (negative: against it), before neighbours are considered;
    features: the strongest ones with their share of the evidence; dictionary: words that end, begin or lie across here.
    """

    at: int
    boundary: bool
    evidence: float
    features: tuple[tuple[str, float], ...]
    dictionary: tuple[str, ...]
    user: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "at": self.at,
            "boundary": self.boundary,
            "evidence": round(self.evidence, 2),
            "features": [[name, round(value, 2)] for name, value in self.features],
            "dictionary": list(self.dictionary),
            "user_dict": list(self.user),
        }

    def as_row(self, line: str) -> str:
        """For people: one line of text."""
        mark = "|" if self.boundary else "+"
        parts = [f"  {line[self.at - 1]} {mark} {line[self.at]}  {self.evidence:+.1f}"]
        parts.append("  ".join(f"{name} {value:+.1f}" for name, value in self.features))
        if self.dictionary:
            parts.append("dictionary: " + " ".join(self.dictionary))
        if self.user:
            parts.append("user: " + " ".join(self.user))
        return "  ".join(parts)


def explain(engine: TaggingEngine, line: str, words: tuple[str, ...]) -> list[Gap]:
    """All gaps of a line that lie between two characters that are no white space."""
    if not line:
        return []
    seen = engine.analyse(line)
    view, marks = seen.view, seen.marks
    shares = _shares(engine, line, view)
    evidence = _for_boundary(seen.scores.astype(float) / engine.scale)
    ends = set(np.cumsum([len(w) for w in words]).tolist())
    spaces = marks.space.tolist()
    user = list(zip(marks.match.starts, marks.match.stops, strict=True)) if marks.match is not None else []
    gaps = []
    for at in range(1, len(line)):
        if not (spaces[at - 1] or spaces[at]):
            strongest = sorted(((n, float(v[at - 1])) for n, v in shares), key=lambda share: -abs(share[1]))[:STRONGEST]
            own = tuple(line[a:b] for a, b in user if a <= at <= b)
            hits = tuple(dict.fromkeys(_dictionary_hits(view, line, at)))
            named = tuple((_spell(n, line, at, view), v) for n, v in strongest if v)
            gaps.append(Gap(at, at in ends, float(evidence[at - 1]), named, hits, own))
    return gaps


def _for_boundary(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N - 1,): by how much (4, N) tag values favour a boundary after each character over none."""
    apart = np.logaddexp(values[E, :-1], values[S, :-1]) + np.logaddexp(values[B, 1:], values[S, 1:])
    together = np.logaddexp(values[B, :-1], values[M, :-1]) + np.logaddexp(values[M, 1:], values[E, 1:])
    evidence: NDArray[np.float64] = apart - together
    return evidence


def _shares(engine: TaggingEngine, line: str, view: View) -> list[tuple[str, NDArray[np.float64]]]:
    """For each feature, at each gap, how much of the evidence would be missing without it."""
    parts = list(engine.contributions(line, view))
    total = sum((p.values for p in parts), np.zeros((len(line), 4)))
    whole = _for_boundary(total.T)
    return [(p.template, whole - _for_boundary((total - p.values).T)) for p in parts]


def _spell(template: str, line: str, at: int, view: View) -> str:
    """A template's name with the characters it looked at, as seen from the character before the gap."""
    offsets = [int(o) for o in _OFFSET.findall(template)]
    if template.startswith("register"):
        return f"{template}={REGISTER_NAMES[int(unpad(view.register)[at - 1])]}"
    if not offsets:
        return template
    if "_" in template or len(offsets) == 1:
        offsets = list(range(offsets[0], offsets[-1] + 1))
    places = [at - 1 + o for o in offsets]
    return f"{template}={''.join(line[p] if 0 <= p < len(line) else '_' for p in places)}"


def _dictionary_hits(view: View, line: str, at: int) -> Iterator[str]:
    """Dictionary words that end at, begin at, or lie across a gap."""
    for spans in (view.dict_a, view.dict_b):
        codes = unpad(spans).tolist()
        if ends := codes[at - 1] // 7 % 7:
            yield line[at - ends : at]
        if begins := codes[at] // 49:
            yield line[at : at + begins]
        for start in range(max(0, at - MAX_LENGTH + 1), at):
            length = codes[start] // 49
            if start + length > at:
                yield line[start : start + length]


__all__ = ["Gap", "explain"]
