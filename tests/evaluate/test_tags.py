from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings

from cnchar.errors import MissingExtra
from cnchar.evaluate.segmentation import count_words
from cnchar.evaluate.tags import tag_table
from cnchar.text.tags import bmes_to_bioes, words_to_bmes
from evaluate.strategies import corpora


def tags(words: list[str]) -> list[str]:
    return bmes_to_bioes(words_to_bmes(words))


@given(corpora())
@settings(deadline=None, max_examples=100)
def test_strict_entities_are_exact_words(sentences: list[tuple[list[str], list[str]]]) -> None:
    gold, pred = [words for words, _ in sentences], [words for _, words in sentences]
    ((scheme, *shares, words, _),) = tag_table(map(tags, gold), map(tags, pred)).rows
    scores = count_words(gold, pred).tally.scores()
    assert shares == pytest.approx([scores["f1"], scores["precision"], scores["recall"]])
    assert (scheme, words) == ("IOBES strict", sum(map(len, gold)))


def test_table_of_known_tags() -> None:
    table = tag_table(["BESBIE"], ["BESBES"])
    assert table.columns == ("scheme", "f1", "precision", "recall", "words", "accuracy")
    assert table.rows[0][1:] == pytest.approx((4 / 7, 2 / 4, 2 / 3, 3, 4 / 6))


def test_nothing_gives_zeros() -> None:
    assert tag_table([], []).rows == (("IOBES strict", 0.0, 0.0, 0.0, 0, 0.0),)


def test_without_seqeval_the_sentence_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "seqeval.metrics", None)
    with pytest.raises(MissingExtra, match=r"cnchar-toolkit\[eval\]"):
        tag_table([["S"]], [["S"]])
