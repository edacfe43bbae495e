"""Precision, recall and F1 of each class and their averages, as scikit-learn and seqeval report them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from cnchar.evaluate.report import Cell, Table
from cnchar.evaluate.tally import Numbers, f_score, share


def averages(gold: Numbers, pred: Numbers, right: Numbers) -> dict[str, Numbers]:
    """Macro and weighted averages over the classes that occur on either side: (classes, ...) gives arrays (...).

    The macro average is the plain mean over classes, the weighted one counts each by how often the gold has it.
    """
    scores = _scores(gold, pred, right)
    found = {}
    for average, weights in (("macro", (gold + pred > 0).astype(np.float64)), ("weighted", gold)):
        for name, values in scores.items():
            found[f"{average}_{name}"] = share((values * weights).sum(axis=0), weights.sum(axis=0))
    return found


@dataclass
class ClassCounts:
    """How often each class stands in the gold, in the prediction, and in both at the same place."""

    gold: Counter[str] = field(default_factory=Counter)
    pred: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def table(self, name: str, column: str) -> Table:
        """A row a class, in order of their names, then the micro, macro and weighted averages."""
        classes = sorted(self.gold.keys() | self.pred.keys())
        counts = [np.array([each[c] for c in classes], dtype=np.float64) for each in (self.gold, self.pred, self.right)]
        rows = list(zip(classes, *(values.tolist() for values in _scores(*counts).values()), strict=True))
        whole = _scores(*(each.sum(keepdims=True) for each in counts))
        rows.append(("micro avg", *(float(value[0]) for value in whole.values())))
        means = {name: float(value) for name, value in averages(*counts).items()}
        for average in ("macro", "weighted"):
            rows.append((f"{average} avg", *(means[f"{average}_{score}"] for score in whole)))
        supports = [*(self.gold[c] for c in classes), *[self.gold.total()] * 3]
        cells: list[tuple[Cell, ...]] = [(*row, support) for row, support in zip(rows, supports, strict=True)]
        return Table(name, (column, *whole, "support"), tuple(cells))


def _scores(gold: Numbers, pred: Numbers, right: Numbers) -> dict[str, Numbers]:
    precision, recall = share(right, pred), share(right, gold)
    return {"precision": precision, "recall": recall, "f1": f_score(precision, recall)}
