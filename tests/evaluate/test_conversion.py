from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.evaluate.aligned import Line
from cnchar.evaluate.conversion import CONVERSION, count_conversion
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.tally import Tally
from evaluate.oracles import read_lines, run_scorer, spoil

TEXTS = st.text("中国人民天地", max_size=8)


def count(pairs: list[tuple[str, str]], kinds: Kinds | None = None) -> Tally:
    tally = Tally(CONVERSION)
    count_conversion((Line(i, gold, pred) for i, (gold, pred) in enumerate(pairs, 1)), tally, kinds)
    return tally


def as_theirs(tally: Tally) -> dict[str, float]:
    scores = {name: round(value, 6) for name, value in tally.scores().items()}
    totals = tally.totals()
    return {**scores, "chars": totals["characters"], "edits": totals["edits"], "segments": tally.sentences}


@pytest.mark.shared
@given(data=st.data())
@settings(deadline=None, max_examples=10)
def test_same_as_the_shared_scorer(data: st.DataObject, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    pairs = data.draw(st.lists(st.tuples(TEXTS, TEXTS), min_size=1).filter(lambda pairs: any(g for g, _ in pairs)))
    theirs = run_scorer(shared, "score_p2h", tmp_path_factory.mktemp("p2h"), *zip(*pairs, strict=True))
    assert as_theirs(count(pairs)) == theirs


@pytest.mark.shared
def test_real_data_as_the_shared_scorer(shared: Path, tmp_path: Path) -> None:
    gold = [line.split("\t")[-1] for line in read_lines(shared / "data/p2h/kyubyong.segments.tsv")]
    pred = ["".join(spoil(text, ["的", "他", "", "她们"], 0.1)) for text in gold]
    assert as_theirs(count(list(zip(gold, pred, strict=True)))) == run_scorer(shared, "score_p2h", tmp_path, gold, pred)


def test_scores_and_confusions() -> None:
    kinds = Kinds()
    tally = count([("她在北京", "他在北京"), ("你好", "你好"), ("她来了", "他来"), ("", "")], kinds)
    assert tally.scores() == {"accuracy": 6 / 9, "cer": 3 / 9, "exact": 0.5}
    assert tally.totals() == {"sentences": 4, "exact_sentences": 2, "characters": 9, "edits": 3}
    found = [(error.gold, error.pred, error.count, error.line, error.after) for error in kinds.most_common(9)]
    assert found == [("她", "他", 2, 1, "在北京"), ("了", "", 1, 3, "")]


def test_by_length() -> None:
    (table,) = count([("人" * 10, "人" * 10), ("人" * 11, "天" * 11), ("", "")]).tables()
    assert table.columns == ("length", "sentences", "accuracy", "cer", "exact")
    assert table.rows == (("0-10", 2, 1.0, 0.0, 1.0), ("11-20", 1, 0.0, 1.0, 0.0))


def test_nothing_gives_zeros() -> None:
    assert set(count([]).scores().values()) == {0.0}
