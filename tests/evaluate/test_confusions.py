from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings

from cnchar.evaluate import confusions as module
from cnchar.evaluate.confusions import Confusions
from cnchar.evaluate.report import Error
from cnchar.evaluate.segmentation import count_segmentation, count_words
from evaluate.strategies import corpora, spans


def errors_of(gold: list[str], pred: list[str], top: int | None = None) -> tuple[Error, ...]:
    confusions = Confusions()
    count_segmentation(gold, pred, confusions=confusions)
    return confusions.most_common(top)


def brute_force(gold: list[str], pred: list[str]) -> Counter[tuple[str, str]]:
    """Between two boundaries that both sides have and with none such between them, the words where they differ."""
    ends = [{end for _, end, _ in spans(words)} for words in (gold, pred)]
    meeting = sorted({0} | (ends[0] & ends[1]))
    kinds: Counter[tuple[str, str]] = Counter()
    for start, end in pairwise(meeting):
        parts = [" ".join(w for a, b, w in spans(words) if start <= a and b <= end) for words in (gold, pred)]
        if parts[0] != parts[1]:
            kinds[parts[0], parts[1]] += 1
    return kinds


@given(corpora())
@settings(deadline=None, max_examples=200)
def test_spans_are_the_smallest_that_differ(sentences: list[tuple[list[str], list[str]]]) -> None:
    confusions = Confusions()
    count_words([gold for gold, _ in sentences], [pred for _, pred in sentences], confusions=confusions)
    expected = sum((brute_force(gold, pred) for gold, pred in sentences), Counter())
    assert {(error.gold, error.pred): error.count for error in confusions.most_common()} == expected


def test_most_frequent_first_with_an_example_from_the_file() -> None:
    gold = ["他 在 三峡 工程 工作", "", "三峡\u3000工程 是 国有 企业 。"]
    pred = ["他 在 三峡工程 工 作", "三峡工程 是 国有企业 。"]
    assert errors_of(gold, pred) == (
        Error("三峡 工程", "三峡工程", 2, 1, "他 在", "工作"),
        Error("工作", "工 作", 1, 1, "他 在 三峡 工程", ""),
        Error("国有 企业", "国有企业", 1, 3, "三峡\u3000工程 是", "。"),
    )
    assert errors_of(gold, pred, top=1)[0].count == 2
    assert len(errors_of(gold, pred, top=1)) == 1


def test_context_is_short_and_stays_within_its_line() -> None:
    gold = ["天" * 40 + " 中国 " + "地" * 40, "人 中国 民"]
    pred = ["天" * 40 + " 中 国 " + "地" * 40, "人 中 国 民"]
    (error,) = errors_of(gold, pred)
    assert (error.line, error.before, error.after) == (1, "天" * 11, "地" * 11)
    (error,) = errors_of(gold[::-1], pred[::-1])
    assert (error.line, error.before, error.after) == (1, "人", "民")


def test_memory_is_bounded_and_frequent_errors_survive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_KINDS", 100)
    confusions = Confusions()
    for i in range(50):
        words = [chr(0x4E00 + 10 * i + j) + "人" for j in range(10)]
        lines = [" ".join(["中国", *words])], [" ".join(["中", "国", *(c for word in words for c in word)])]
        count_segmentation(*lines, confusions=confusions)
        assert len(confusions.most_common()) <= 110
    assert confusions.most_common(1)[0].count == 50
