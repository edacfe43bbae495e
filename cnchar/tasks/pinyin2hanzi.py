"""Pinyin to hanzi: the ways through a line's lattices become texts; what is no pinyin stays where it stands.

White space between converted syllables vanishes, and stays beside all other text: `wo de iPhone` becomes 我的 iPhone.
With `to_chinese_marks` the line becomes Chinese in its marks too: these are full-width, and no blank stands beside
hanzi.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnchar.decode.pinyin_lattice import Path
from cnchar.tasks.pinyin_line import PinyinLine
from cnchar.text.chinese_marks import to_chinese_marks

TASK = "pinyin2hanzi"
Punct = Literal["keep", "zh"]


@dataclass(frozen=True)
class Candidate:
    """A text that a line may stand for. `spans`: where the pinyin of each of its converted `hanzi` is in the line."""

    text: str
    score: float  # nats: only differences within a line mean something
    hanzi: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Conversion:
    """A line, what it was turned into, best first, and where it holds words that should be pinyin and are not."""

    text: str
    candidates: tuple[Candidate, ...]
    unknown: tuple[tuple[int, int], ...] = ()

    @property
    def hanzi(self) -> str:
        """The best candidate's text."""
        return self.candidates[0].text


Found = tuple[list[Path], NDArray[np.intp]]
"""The paths through one lattice of a line, best first, and the numbers that its edges have in the line."""


def answer(line: PinyinLine, found: Sequence[Found], nbest: int = 1, punct: Punct = "keep") -> Conversion:
    """The `nbest` best texts of a line, no two alike, from the paths through each of its lattices."""
    candidates: dict[str, Candidate] = {}
    for choice in _best_choices([paths for paths, _ in found]):
        chosen = [(path, edges) for path, (_, edges) in zip(choice, found, strict=True)]
        candidate = _candidate(line, chosen, punct)
        candidates.setdefault(candidate.text, candidate)
        if len(candidates) == nbest:
            break
    return Conversion(line.text, tuple(candidates.values()), tuple(line.unknown))


def _best_choices(paths: Sequence[Sequence[Path]]) -> Iterator[list[Path]]:
    """One path of each, the best sums first."""
    first = (0,) * len(paths)
    heap = [(-sum(each[0].score for each in paths), first)]
    seen = {first}
    while heap:
        cost, ranks = heapq.heappop(heap)
        yield [each[rank] for each, rank in zip(paths, ranks, strict=True)]
        for at, rank in enumerate(ranks):
            following = (*ranks[:at], rank + 1, *ranks[at + 1 :])
            if rank + 1 < len(paths[at]) and following not in seen:
                seen.add(following)
                worse = paths[at][rank].score - paths[at][rank + 1].score
                heapq.heappush(heap, (cost + worse, following))


def _candidate(line: PinyinLine, chosen: Sequence[tuple[Path, NDArray[np.intp]]], punct: Punct) -> Candidate:
    hanzi, spans = [], []
    for path, edges in chosen:
        for edge, string in zip(edges[list(path.edges)].tolist(), path.text, strict=True):
            if string:
                hanzi.append(string)
                spans.append((line.begins[edge], line.ends[edge]))
    text = _joined(line, hanzi, spans)
    score = sum((path.score for path, _ in chosen), 0.0)
    return Candidate(to_chinese_marks(text) if punct == "zh" else text, score, tuple(hanzi), tuple(spans))


def _joined(line: PinyinLine, hanzi: Sequence[str], spans: Sequence[tuple[int, int]]) -> str:
    """The line with each stretch of pinyin replaced by its hanzi."""
    out, at, end = [], 0, 0
    for start, stop in line.pinyin:
        out.append(line.text[end:start])
        while at < len(spans) and spans[at][0] < stop:
            out.append(hanzi[at])
            at += 1
        end = stop
    return "".join([*out, line.text[end:]])
