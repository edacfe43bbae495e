"""One label a line, scored as scikit-learn's classification_report does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sys import intern

import numpy as np
from numpy.typing import NDArray

from cnchar.errors import BadInput
from cnchar.evaluate.aligned import Line
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.pairs import Side
from cnchar.evaluate.per_class import ClassCounts, averages
from cnchar.evaluate.report import Cell, Table
from cnchar.evaluate.tally import Metric, Numbers, Tally, share

_MATRIX_LABELS = 50
_BATCH_NUMBERS = 1 << 20


@dataclass
class Labels:
    """The labels of one system and of the gold: (n,). All are held, as the metric is known only when all labels are."""

    gold: list[str] = field(default_factory=list)
    pred: list[str] = field(default_factory=list)
    slices: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        lines: Iterable[Line],
        kinds: Kinds | None = None,
        sides: tuple[Side, Side] = (Side("gold"), Side("pred")),
    ) -> Labels:
        """The labels of lines whose source, if any, is the text; `kinds` is fed with every wrong one.

        Raises BadInput where a line has no label.
        """
        labels = cls()
        for line in lines:
            if not line.gold or not line.pred:
                side = sides[1 if line.gold else 0]
                raise BadInput(f"{side.name} line {line.number} has no label: expected one a line, last after a TAB.")
            labels.gold.append(intern(line.gold))
            labels.pred.append(intern(line.pred))
            for name, group in line.slices.items():
                labels.slices.setdefault(name, []).append(intern(group))
            if kinds is not None and line.gold != line.pred:
                kinds.add(line.gold, line.pred, line.number, line.source)
        return labels

    def tables(self) -> tuple[Table, ...]:
        """`classes` and, of up to 50 labels, `confusion_matrix`: a row a gold label, a column a predicted one."""
        pairs = Counter(zip(self.gold, self.pred, strict=True))
        right = Counter({gold: count for (gold, pred), count in pairs.items() if gold == pred})
        classes = ClassCounts(Counter(self.gold), Counter(self.pred), right).table("classes", "class")
        labels = all_labels([self])
        if not 0 < len(labels) <= _MATRIX_LABELS:
            return (classes,)
        rows: list[tuple[Cell, ...]] = [(gold, *(pairs[gold, pred] for pred in labels)) for gold in labels]
        return classes, Table("confusion_matrix", ("gold", *labels), tuple(rows))


def all_labels(systems: Iterable[Labels]) -> list[str]:
    """Every label there is, in order."""
    return sorted({label for each in systems for label in {*each.gold, *each.pred}})


def classification_metric(labels: Sequence[str]) -> Metric:
    """Accuracy, and averages over those of the labels that occur."""
    counts = [f"{side}:{label}" for side in ("gold", "pred", "right") for label in labels]

    def scores(sums: Mapping[str, Numbers]) -> dict[str, Numbers]:
        sentences = sums["sentences"]
        shape = (3, len(labels), *np.shape(sentences))
        gold, pred, right = np.array([sums[name] for name in counts], dtype=np.float64).reshape(shape)
        return {"accuracy": share(right.sum(axis=0), sentences), **averages(gold, pred, right)}

    return Metric("cls-acc", "line", tuple(counts), scores)


def count_classification(system: Labels, labels: Sequence[str], tally: Tally) -> None:
    """Count for the metric of `labels`, which `system` must not go beyond."""
    numbers = {label: i for i, label in enumerate(labels)}
    batch = max(1, _BATCH_NUMBERS // max(1, 3 * len(labels)))
    for start in range(0, len(system.gold), batch):
        gold = np.array([numbers[label] for label in system.gold[start : start + batch]])
        pred = np.array([numbers[label] for label in system.pred[start : start + batch]])
        groups = {name: members[start : start + batch] for name, members in system.slices.items()}
        tally.add(_rows(gold, pred, len(labels)), groups)


def _rows(gold: NDArray[np.int64], pred: NDArray[np.int64], labels: int) -> Numbers:
    """The counts of each line: (n, 3 * labels)."""
    lines, right = np.arange(len(gold)), np.flatnonzero(gold == pred)
    rows = np.zeros((len(gold), 3 * labels))
    rows[lines, gold] = 1
    rows[lines, labels + pred] = 1
    rows[right, 2 * labels + gold[right]] = 1
    return rows
