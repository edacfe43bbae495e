"""The tag-level report: every word as an entity of BIOES tags, scored by seqeval in its strict mode."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cnchar.errors import MissingExtra
from cnchar.evaluate.report import Table


def tag_table(gold: Iterable[Sequence[str]], pred: Iterable[Sequence[str]]) -> Table:
    """The table `tags`: one row of f1, precision, recall, how many words, and the share of characters tagged right.

    Takes BIOES tags, a sequence of tags a sentence; all are held in memory, as seqeval needs them. Raises MissingExtra
    without seqeval, ValueError where sentences differ in length. No sentences at all give zeros.
    """
    try:
        from seqeval.metrics import accuracy_score, classification_report
        from seqeval.scheme import IOBES
    except ModuleNotFoundError:
        raise MissingExtra("The tag-level report (--tags)", "eval") from None
    golds, preds = [list(tags) for tags in gold], [list(tags) for tags in pred]
    if not golds and not preds:
        return _table(0.0, 0.0, 0.0, 0, 0.0)
    report = classification_report(golds, preds, output_dict=True, mode="strict", scheme=IOBES, zero_division=0)
    all_types = report["micro avg"]
    return _table(
        float(all_types["f1-score"]),
        float(all_types["precision"]),
        float(all_types["recall"]),
        int(all_types["support"]),
        float(accuracy_score(golds, preds)),
    )


def _table(*cells: float) -> Table:
    columns = ("scheme", "f1", "precision", "recall", "words", "accuracy")
    return Table("tags", columns, (("IOBES strict", *cells),))
