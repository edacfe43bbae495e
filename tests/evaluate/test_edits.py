from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.evaluate import edits
from cnchar.evaluate.edits import Span, count_edits, differing_spans
from evaluate.oracles import load_scorer

TEXTS = st.text("中国人a\U00020000", max_size=12)


def levenshtein(gold: str, pred: str) -> int:
    """The definition."""
    row = list(range(len(pred) + 1))
    for i, one in enumerate(gold, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(pred, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (one != other))
    return row[-1]


@given(TEXTS, TEXTS)
@settings(deadline=None, max_examples=300)
def test_count_is_the_levenshtein_distance(gold: str, pred: str) -> None:
    assert count_edits(gold, pred) == levenshtein(gold, pred)


@given(TEXTS, TEXTS)
@settings(deadline=None, max_examples=300)
def test_spans_turn_one_text_into_the_other_with_as_few_edits(gold: str, pred: str) -> None:
    spans = differing_spans(gold, pred)
    text = gold
    for span in reversed(spans):
        text = text[: span.gold_start] + pred[span.pred_start : span.pred_end] + text[span.gold_end :]
    assert text == pred
    assert sum(levenshtein(gold[a:b], pred[c:d]) for a, b, c, d in spans) == levenshtein(gold, pred)
    assert all(b < a for (_, b, *_), (a, *_) in pairwise(spans)), "no two spans touch"


@pytest.mark.parametrize(
    ("gold", "pred", "spans"),
    [
        ("中国人", "中国人", []),
        ("", "人", [Span(0, 0, 0, 1)]),
        ("中国人", "", [Span(0, 3, 0, 0)]),
        ("我是中国人", "我市中国认", [Span(1, 2, 1, 2), Span(4, 5, 4, 5)]),
        ("我是中国人民", "我中国任命", [Span(1, 2, 1, 1), Span(4, 6, 3, 5)]),
    ],
)
def test_spans(gold: str, pred: str, spans: list[Span]) -> None:
    assert differing_spans(gold, pred) == spans


def test_texts_that_differ_over_a_long_way_are_one_span(monkeypatch: pytest.MonkeyPatch) -> None:
    gold, pred = "天ABCDE地", "天_BCD_地"
    monkeypatch.setattr(edits, "_MOST_CELLS", 25)
    assert differing_spans(gold, pred) == [Span(1, 2, 1, 2), Span(5, 6, 5, 6)]
    monkeypatch.setattr(edits, "_MOST_CELLS", 24)
    assert differing_spans(gold, pred) == [Span(1, 6, 1, 6)]
    assert count_edits(gold, pred) == 2


def test_a_line_of_twenty_thousand_characters() -> None:
    gold, pred = "中国人民" * 5000, "国人民中" * 5000
    assert count_edits(gold, pred) == 2
    assert differing_spans("人" + gold, pred + "国") == [Span(0, 20001, 0, 20001)]


@pytest.mark.shared
@given(data=st.data())
@settings(deadline=None, max_examples=300)
def test_count_is_that_of_the_shared_scorer(data: st.DataObject, shared: Path) -> None:
    gold, pred = data.draw(TEXTS), data.draw(TEXTS)
    assert count_edits(gold, pred) == load_scorer(shared, "score_p2h").edits(gold, pred)
