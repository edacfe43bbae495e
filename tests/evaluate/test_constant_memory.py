"""What is scored as it streams by is not held: a million lines need no more memory than a thousand."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import pytest

from cnchar.evaluate import aligned
from cnchar.evaluate.aligned import Line
from cnchar.evaluate.conversion import CONVERSION, count_conversion
from cnchar.evaluate.correction import CORRECTION, ErrorTypes, count_correction
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.language import LANGUAGE, HardestLines, ScoredLine, count_language
from cnchar.evaluate.tagging import TaggedPair, TypeCounts, count_tagging, tagging_metric
from cnchar.evaluate.tally import Metric, Tally
from cnchar.evaluate.transduction import TRANSDUCTION, count_transduction

Count = Callable[[int, Tally], None]
WORDS = "天地人你我他"


def lines(number: int) -> Iterator[Line]:
    for i in range(number):
        yield Line(i, f"今{WORDS[i % 6]}很好", f"今{WORDS[i % 5]}很好", f"今{WORDS[i % 4]}很好")


def tagged(number: int) -> Iterator[TaggedPair]:
    names = [("B", "PER"), ("I", "PER"), ("O", "_")]
    for i in range(number):
        tags = [[names[(i + j) % n] for j in range(4)] for n in (2, 3)]
        yield TaggedPair(range(i, i + 4), "今天很好", *tags)


COUNTS: dict[str, tuple[Metric, Count]] = {
    "pinyin2hanzi": (CONVERSION, lambda n, tally: count_conversion(lines(n), tally, Kinds())),
    "correct": (CORRECTION, lambda n, tally: count_correction(lines(n), tally, Kinds(), ErrorTypes())),
    "transduce": (TRANSDUCTION, lambda n, tally: count_transduction(lines(n), tally, Kinds())),
    "tag": (tagging_metric("BIO"), lambda n, tally: count_tagging(tagged(n), tally, "BIO", TypeCounts(), Kinds())),
    "language": (
        LANGUAGE,
        lambda n, tally: count_language((ScoredLine(i, "今天", i % 7, 2) for i in range(n)), tally, HardestLines(10)),
    ),
}


def peak_memory(task: str, number: int) -> int:
    metric, count = COUNTS[task]
    tally = Tally(metric)
    tracemalloc.start()
    count(number, tally)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert tally.sentences == number
    return peak


@pytest.mark.parametrize("task", COUNTS)
def test_memory_does_not_grow_with_the_input(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligned, "_BATCH", 100)
    few = peak_memory(task, 500)
    assert peak_memory(task, 4000) < few + 200_000  # 50 bytes a line
