"""What a corrector says of a line: its edits, chosen from the candidates of a network and from a user's own pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, Literal

from cnchar.errors import BadInput
from cnchar.tasks.correct import Candidate
from cnchar.text.terms import Terms

Kind = Literal["sound", "shape", "other", "own"]
"""Why an edit: the two sound alike (tones aside), or else look alike, or neither; or it is one of the user's pairs."""


@dataclass(frozen=True)
class Edit:
    """`source`, which stands at start:end of a line, should be `target`.

    score: how sure that is, from 0 to 1. target: as long as the source; equal to it where only the place is told.
    alternatives: other targets and their scores, the likeliest first.
    """

    start: int
    end: int
    source: str
    target: str
    score: float
    kind: Kind = "other"
    alternatives: tuple[tuple[str, float], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """As in a record's "correct"."""
        told: dict[str, Any] = {"start": self.start, "end": self.end, "source": self.source}
        if self.target != self.source:
            told["target"] = self.target
        told["score"] = round(self.score, 4)
        if self.alternatives:
            told["alternatives"] = [{"target": target, "score": round(score, 4)} for target, score in self.alternatives]
        return told


@dataclass(frozen=True)
class Correction:
    """A text and its edits, in order and apart from each other; offsets are half-open, in code points."""

    source: str
    edits: tuple[Edit, ...] = ()

    @cached_property
    def text(self) -> str:
        """The corrected text, exactly as long."""
        return "".join(self.pieces(lambda edit: edit.target))

    def above(self, threshold: float) -> Correction:
        """The same with the edits only that are so sure."""
        return Correction(self.source, tuple(edit for edit in self.edits if edit.score >= threshold))

    def pieces(self, write: Callable[[Edit], str]) -> Iterator[str]:
        """What stands between the edits as it is, and what `write` makes of each edit, in order."""
        at = 0
        for edit in self.edits:
            yield self.source[at : edit.start]
            yield write(edit)
            at = edit.end
        yield self.source[at:]


@dataclass(frozen=True)
class Wish:
    """Which edits are wanted. Raises BadInput for what nobody can wish.

    min_confidence: the least score, the model's own threshold if None. same_sound: only edits that sound alike, tones
    aside. max_edits: of a line, the surest. nbest: how many targets are told for each edit, the best one included.
    detect: tell the places only; the score is then how sure it is that something is wrong there.
    """

    min_confidence: float | None = None
    same_sound: bool = False
    max_edits: int | None = None
    nbest: int = 3
    detect: bool = False

    def least(self, threshold: float) -> float:
        """The least score of an edit; `threshold` is the model's own."""
        return threshold if self.min_confidence is None else self.min_confidence

    def __post_init__(self) -> None:
        if self.min_confidence is not None and not 0 <= self.min_confidence <= 1:
            raise BadInput(f"--min-confidence {self.min_confidence:g} is not between 0 and 1.")
        if self.nbest < 1 or (self.max_edits is not None and self.max_edits < 0):
            raise BadInput("--nbest must be 1 or more, --max-edits-per-line 0 or more.")


@dataclass(frozen=True)
class OwnPairs:
    """A user's own confusions: what is wrong wherever it stands, what is meant, and how sure that is."""

    pairs: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    @cached_property
    def terms(self) -> Terms:
        """The wrong words."""
        return Terms(self.pairs)

    def edits(self, text: str, free: Sequence[int] | bytes | bytearray) -> Iterator[tuple[int, int, Edit]]:
        """The words found, from left to right, the longest at each place: start, end, and the edit of what differs.

        A word is left out where a character that differs is not free.
        """
        stop = 0
        for start, end in self.terms.spans(text):
            source = text[start:end]
            target, score = self.pairs[source]
            differing = [start + i for i, (a, b) in enumerate(zip(source, target, strict=True)) if a != b]
            if start < stop or not all(free[place] for place in differing):
                continue
            first, last = differing[0], differing[-1] + 1
            yield start, end, Edit(first, last, text[first:last], target[first - start : last - start], score, "own")
            stop = end

    def mend(self, text: str, free: Sequence[int] | bytes | bytearray, least: float) -> str:
        """The text with the edits made that are so sure: what stands beside them is judged by what is meant."""
        edits = (edit for _, _, edit in self.edits(text, free))
        return Correction(text, tuple(edits)).above(least).text


def read_own_pairs(lines: Iterable[str], name: str) -> OwnPairs:
    """The pairs of a file: wrong<TAB>right, and perhaps <TAB> how sure that is, from 0 to 1 (1 if not told), a line.

    Blank lines and those that begin with `#` say nothing.

    Raises:
        BadInput: naming the line, where it is no such pair, or both are not equally long.
    """
    pairs: dict[str, tuple[str, float]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{name}, line {number}"
        columns = [column.strip() for column in line.split("\t")]
        if len(columns) not in (2, 3) or "" in columns:
            raise BadInput(f"{where}: expected wrong<TAB>right, perhaps <TAB>score, but this is '{line[:40]}'.")
        wrong, right = columns[:2]
        if len(wrong) != len(right) or wrong == right:
            raise BadInput(f"{where}: {wrong} and {right} should be different words of one length.")
        pairs[wrong] = (right, _score(columns[2] if len(columns) == 3 else "1", where))
    return OwnPairs(pairs)


def choose(
    text: str,
    candidates: Sequence[Candidate],
    free: Sequence[int] | bytes | bytearray,
    threshold: float,
    wish: Wish,
    own: OwnPairs | None = None,
) -> Correction:
    """The edits of a text that a wish asks for.

    Args:
        candidates: as tasks.correct.candidates gives them: by place, the surest of a place first.
        free: which characters may be changed, (len(text),).
        threshold: the model's own.
        own: go before what the network says.
    """
    least = wish.least(threshold)
    found: list[Edit] = []
    taken: set[int] = set()
    for start, end, edit in own.edits(text, free) if own else ():
        taken.update(range(start, end))
        found.append(edit)
    for place, group in groupby(candidates, key=lambda candidate: candidate.place):
        likely = [each for each in group if each.sound or not wish.same_sound]
        if likely and place not in taken:
            found.append(_edit(text, place, likely, wish))
    sure = [edit if not wish.detect else _place_only(edit) for edit in found if edit.score >= least]
    if wish.max_edits is not None:
        sure = sorted(sure, key=lambda edit: (-edit.score, edit.start))[: wish.max_edits]
    return Correction(text, tuple(sorted(sure, key=lambda edit: edit.start)))


def _edit(text: str, place: int, likely: Sequence[Candidate], wish: Wish) -> Edit:
    best = likely[0]
    score = min(1.0, sum(each.score for each in likely)) if wish.detect else best.score
    kind: Kind = "sound" if best.sound else "shape" if best.shape else "other"
    others = tuple((each.target, each.score) for each in likely[1 : wish.nbest])
    return Edit(place, place + 1, text[place], best.target, score, kind, others)


def _place_only(edit: Edit) -> Edit:
    return Edit(edit.start, edit.end, edit.source, edit.source, edit.score, edit.kind)


def _score(text: str, where: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise BadInput(f"{where}: '{text}' is no score between 0 and 1.")
    return score
