from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sacrebleu.metrics import BLEU, CHRF

from cnchar.evaluate.aligned import Line
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.tally import Tally
from cnchar.evaluate.transduction import TRANSDUCTION, count_transduction
from evaluate.oracles import read_lines, spoil

TEXTS = st.text("中国人a \t\u3000\U00020000", max_size=14)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=8)


def count(pairs: list[tuple[str, str]], *, keep: bool = False, kinds: Kinds | None = None) -> Tally:
    tally = Tally(TRANSDUCTION, keep)
    count_transduction((Line(i, gold, pred) for i, (gold, pred) in enumerate(pairs, 1)), tally, kinds)
    return tally


def sacrebleu_scores(pairs: list[tuple[str, str]]) -> dict[str, float]:
    golds, preds = map(list, zip(*pairs, strict=True))
    logging.getLogger("sacrebleu").setLevel(logging.ERROR)
    metrics = {"chrf": CHRF(), "bleu": BLEU(tokenize="char")}
    return {name: metric.corpus_score(preds, [golds]).score / 100 for name, metric in metrics.items()}


def ours(pairs: list[tuple[str, str]]) -> dict[str, float]:
    scores = count(pairs).scores()
    del scores["exact"]
    return scores


@given(PAIRS)
@settings(deadline=None, max_examples=200)
def test_same_as_sacrebleu(pairs: list[tuple[str, str]]) -> None:
    assert ours(pairs) == pytest.approx(sacrebleu_scores(pairs), abs=1e-9)


@pytest.mark.shared
@pytest.mark.parametrize("chance", [0.0, 0.05, 0.5])
def test_real_data_as_sacrebleu(shared: Path, chance: float) -> None:
    gold = [line.split("\t")[-1] for line in read_lines(shared / "data/p2h/pku2005.segments.tsv", 500)]
    pairs = [(text, "".join(spoil(text, ["的", "", "他 们"], chance, seed=i))) for i, text in enumerate(gold)]
    assert ours(pairs) == pytest.approx(sacrebleu_scores(pairs), abs=1e-9)


@given(PAIRS)
@settings(deadline=None, max_examples=50)
def test_resamples_are_scored_as_the_sentences_they_hold(pairs: list[tuple[str, str]]) -> None:
    rows = count(pairs, keep=True).kept()
    sums = np.array([rows.sum(axis=0), rows[0], 3 * rows[-1]])
    expected = [count(each).scores() for each in (pairs, pairs[:1], 3 * pairs[-1:])]
    for name, values in TRANSDUCTION.scores_of(sums).items():
        assert values.tolist() == pytest.approx([scores[name] for scores in expected])


def test_exact_errors_and_nothing() -> None:
    kinds = Kinds()
    tally = count([("你好吗", "你好嘛"), ("你好", "你好")], kinds=kinds)
    assert tally.scores()["exact"] == 0.5
    assert [(error.gold, error.pred, error.before) for error in kinds.most_common(5)] == [("吗", "嘛", "你好")]
    assert set(count([]).scores().values()) == {0.0}
