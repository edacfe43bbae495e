from __future__ import annotations

import sys
from dataclasses import astuple

import pytest
from hypothesis import given, settings

from cnchar.errors import MissingExtra
from cnchar.evaluate.segmentation import count_words
from cnchar.evaluate.tags import TagReport, tag_report
from cnchar.text.tags import bmes_to_bioes, words_to_bmes
from evaluate.strategies import corpora


def tags(words: list[str]) -> list[str]:
    return bmes_to_bioes(words_to_bmes(words))


@given(corpora())
@settings(deadline=None, max_examples=100)
def test_strict_entities_are_exact_words(sentences: list[tuple[list[str], list[str]]]) -> None:
    gold, pred = [words for words, _ in sentences], [words for _, words in sentences]
    report = tag_report(map(tags, gold), map(tags, pred))
    scores = count_words(gold, pred).scores()
    assert (report.precision, report.recall, report.f1) == pytest.approx((scores.precision, scores.recall, scores.f1))
    assert report.support == sum(map(len, gold))


def test_report_of_known_tags() -> None:
    report = tag_report(["BESBIE"], ["BESBES"])
    assert report == TagReport(2 / 4, 2 / 3, pytest.approx(4 / 7), 3, pytest.approx(4 / 6))


def test_nothing_gives_zeros() -> None:
    assert astuple(tag_report([], []))[:5] == (0.0, 0.0, 0.0, 0, 0.0)


def test_without_seqeval_the_sentence_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "seqeval.metrics", None)
    with pytest.raises(MissingExtra, match=r"cnchar-toolkit\[eval\]"):
        tag_report([["S"]], [["S"]])
