from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import classification_report, confusion_matrix

from cnchar.errors import BadInput
from cnchar.evaluate import classification as module
from cnchar.evaluate.aligned import Line
from cnchar.evaluate.classification import Labels, all_labels, classification_metric, count_classification
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.tally import Tally
from evaluate.oracles import read_lines, spoil

LABELS = st.sampled_from(["正面", "负面", "中立", "0", "macro"])
PAIRS = st.lists(st.tuples(LABELS, LABELS), min_size=1, max_size=30)


def labels_of(pairs: list[tuple[str, str]], kinds: Kinds | None = None) -> Labels:
    return Labels.of((Line(i, *pair, source=f"第{i}行") for i, pair in enumerate(pairs, 1)), kinds)


def tally_of(labels: Labels, names: list[str] | None = None, *, keep: bool = False) -> Tally:
    names = all_labels([labels]) if names is None else names
    tally = Tally(classification_metric(names), keep)
    count_classification(labels, names, tally)
    return tally


def assert_equal_to_sklearn(pairs: list[tuple[str, str]]) -> None:
    labels = labels_of(pairs)
    classes, matrix = labels.tables()
    theirs = classification_report(labels.gold, labels.pred, output_dict=True, zero_division=0)
    rows = {str(row[0]): list(row[1:]) for row in classes.rows}
    accuracy = theirs.pop("accuracy")
    assert rows.pop("micro avg") == pytest.approx([accuracy, accuracy, accuracy, len(pairs)])
    assert rows.keys() == theirs.keys()
    for name, row in theirs.items():
        assert rows[name] == pytest.approx(list(row.values())), name
    averages = {
        f"{average}_{ours}": theirs[f"{average} avg"][name]
        for average in ("macro", "weighted")
        for ours, name in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score"))
    }
    assert tally_of(labels).scores() == pytest.approx({"accuracy": accuracy, **averages})
    if len(matrix.rows) > 1:  # scikit-learn warns of a single label
        assert [list(row[1:]) for row in matrix.rows] == confusion_matrix(labels.gold, labels.pred).tolist()
    assert matrix.columns == ("gold", *(row[0] for row in matrix.rows))


@given(PAIRS)
@settings(deadline=None, max_examples=60)
def test_same_as_scikit_learn(pairs: list[tuple[str, str]]) -> None:
    assert_equal_to_sklearn(pairs)


@pytest.mark.shared
def test_real_data_as_scikit_learn(shared: Path) -> None:
    gold = [line.split("\t")[-1] for line in read_lines(shared / "data/classify/chnsenticorp.train.tsv")]
    assert_equal_to_sklearn(list(zip(gold, spoil(gold, ["positive", "negative", "neutral"], 0.2), strict=True)))


@given(PAIRS, st.integers(1, 20))
@settings(deadline=None, max_examples=50)
def test_labels_of_other_systems_and_the_size_of_batches_change_nothing(
    pairs: list[tuple[str, str]], numbers: int
) -> None:
    labels = labels_of(pairs)
    expected = tally_of(labels).scores()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BATCH_NUMBERS", numbers)
        tally = tally_of(labels, ["!", *all_labels([labels]), "其他"], keep=True)
    assert tally.scores() == pytest.approx(expected)
    resampled = tally.metric.scores_of(np.array([tally.kept().sum(axis=0), 2 * tally.kept().sum(axis=0)]))
    assert {name: values.tolist() for name, values in resampled.items()} == {
        name: pytest.approx([value, value]) for name, value in expected.items()
    }


def test_errors_and_slices() -> None:
    kinds = Kinds()
    lines = [
        Line(1, "正面", "负面", "房间很大", {"slice:domain": "酒店"}),
        Line(2, "负面", "负面", "太吵", {"slice:domain": "酒店"}),
        Line(3, "正面", "负面", "好看", {"slice:domain": "图书"}),
    ]
    tally = tally_of(Labels.of(lines, kinds))
    assert [(e.gold, e.pred, e.count, e.line, e.after) for e in kinds.most_common(5)] == [
        ("正面", "负面", 2, 1, "房间很大")
    ]
    (table,) = tally.tables()
    assert table.name == "slice:domain"
    assert [row[:3] for row in table.rows] == [("酒店", 2, 0.5), ("图书", 1, 0.0)]


def test_matrix_only_of_few_labels_and_nothing_gives_zeros() -> None:
    many = labels_of([(str(i), str(i)) for i in range(51)])
    assert [table.name for table in many.tables()] == ["classes"]
    nothing = labels_of([])
    assert set(tally_of(nothing).scores().values()) == {0.0}
    assert [table.name for table in nothing.tables()] == ["classes"]


@pytest.mark.parametrize(("pair", "side"), [(("", "a"), "gold"), (("a", ""), "pred")])
def test_a_line_needs_a_label(pair: tuple[str, str], side: str) -> None:
    with pytest.raises(BadInput, match=f"{side} line 1 has no label"):
        labels_of([pair])
