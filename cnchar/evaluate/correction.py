"""Spelling correction scored by sentence and by character, detection and correction, as since FASPell and ReaLiSe.

A sentence is detected if it was changed exactly where it is wrong, corrected if it now equals its target. Precision is
over the sentences that were changed, recall over those that are wrong. By character, single positions are counted.
A false alarm is a sentence without an error that was changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from cnchar.evaluate.aligned import Line, feed
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.report import Table
from cnchar.evaluate.sounds import same_sound
from cnchar.evaluate.tally import Metric, Numbers, Tally, f_score, share

_COUNTS = (
    *("clean_sentences", "false_alarms"),
    *("wrong_sentences", "changed_sentences", "detected_sentences", "corrected_sentences"),
    *("wrong_chars", "changed_chars", "detected_chars", "corrected_chars"),
)


def _scores(counts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    scores: dict[str, Numbers] = {}
    for level in ("sentence", "char"):
        for name, hits in (("correction", counts[f"corrected_{level}s"]), ("detection", counts[f"detected_{level}s"])):
            precision, recall = share(hits, counts[f"changed_{level}s"]), share(hits, counts[f"wrong_{level}s"])
            scores[f"{level}_{name}_f1"] = f_score(precision, recall)
            scores[f"{level}_{name}_precision"] = precision
            scores[f"{level}_{name}_recall"] = recall
    scores["false_alarm"] = share(counts["false_alarms"], counts["clean_sentences"])
    return scores


CORRECTION = Metric("csc-f1", "sentence", _COUNTS, _scores)


class ErrorTypes:
    """How many wrong characters of each type were found and mended: by sound, by shape, and the others.

    look_alike: whether two characters do; those that sound alike, tones aside, are not asked about.
    """

    def __init__(self, look_alike: Callable[[str, str], bool] = lambda one, other: False) -> None:
        self._look_alike = look_alike
        self._counts: Counter[tuple[str, str, bool, bool]] = Counter()

    def add(self, source: str, target: str, *, detected: bool, corrected: bool) -> None:
        """Count one wrong character."""
        self._counts[source, target, detected, corrected] += 1

    def table(self) -> Table:
        """A row a type: how many there are, and the shares that were changed, and changed rightly."""
        sums = {"same sound": [0, 0, 0], "similar shape": [0, 0, 0], "other": [0, 0, 0]}
        for (source, target, detected, corrected), count in self._counts.items():
            row = sums[self._type(source, target)]
            for i, true in enumerate((True, detected, corrected)):
                row[i] += count * true
        rows = tuple((name, n, found / n, mended / n) for name, (n, found, mended) in sums.items() if n)
        return Table("by_error_type", ("type", "characters", "char_detection_recall", "char_correction_recall"), rows)

    def _type(self, source: str, target: str) -> str:
        if same_sound(source, target):
            return "same sound"
        return "similar shape" if self._look_alike(source, target) else "other"


def count_correction(
    lines: Iterable[Line], tally: Tally, kinds: Kinds | None = None, types: ErrorTypes | None = None
) -> None:
    """Count sentences and characters; each line has its source. `kinds` is fed with whatever differs from the target.

    Raises ValueError where source, target and prediction of a line are not equally long.
    """

    def count(line: Line) -> tuple[int, ...]:
        source, target, pred = line.source, line.gold, line.pred
        wrong, changed = _differing(source, target), _differing(source, pred)
        detected = [k for k in wrong if source[k] != pred[k]]
        if kinds is not None:
            _add_kinds(line, kinds)
        if types is not None:
            for k in wrong:
                types.add(source[k], target[k], detected=source[k] != pred[k], corrected=target[k] == pred[k])
        return (
            *(not wrong, bool(changed) and not wrong),
            *(bool(wrong), bool(changed), bool(wrong) and wrong == changed, bool(wrong) and pred == target),
            *(len(wrong), len(changed), len(detected), sum(pred[k] == target[k] for k in detected)),
        )

    feed(tally, lines, count, lambda line: len(line.source))


def _add_kinds(line: Line, kinds: Kinds) -> None:
    for start, end in _runs(_differing(line.gold, line.pred)):
        source, target = line.source[start:end], line.gold[start:end]
        wanted = target if source == target else f"{source}→{target}"  # the first is a false alarm
        kinds.add(wanted, line.pred[start:end], line.number, line.gold, start, end)


def _differing(one: str, other: str) -> list[int]:
    """The places at which two equally long texts differ."""
    return [] if one == other else [k for k, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Start and end of each run of neighbouring numbers."""
    if not places:
        return
    breaks = [i for i, (a, b) in enumerate(pairwise(places), 1) if b > a + 1]
    for first, last in pairwise([0, *breaks, len(places)]):
        yield places[first], places[last - 1] + 1
