"""Pinyin to hanzi scored by characters: edits / gold characters, as speech recognition does (CER)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cnchar.evaluate.aligned import Line, feed
from cnchar.evaluate.edits import count_edits
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.tally import Metric, Numbers, Tally, share


def _scores(counts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    characters, edits = counts["characters"], counts["edits"]
    return {
        "accuracy": share(characters - edits, characters),
        "cer": share(edits, characters),
        "exact": share(counts["exact_sentences"], counts["sentences"]),
    }


CONVERSION = Metric("p2h-acc", "char", ("exact_sentences", "characters", "edits"), _scores)


def count_conversion(lines: Iterable[Line], tally: Tally, kinds: Kinds | None = None) -> None:
    """Count edits line by line; `kinds`, if given, is fed with every difference."""

    def count(line: Line) -> tuple[int, ...]:
        if line.gold == line.pred:
            return 1, len(line.gold), 0
        if kinds is not None:
            kinds.add_differences(line.gold, line.pred, line.number)
        return 0, len(line.gold), count_edits(line.gold, line.pred)

    feed(tally, lines, count, lambda line: len(line.gold))
