"""The tag-level report: every word as an entity of BIOES tags, scored by seqeval in its strict mode."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cnchar.errors import MissingExtra


@dataclass(frozen=True)
class TagReport:
    """seqeval's scores, shares from 0 to 1; `accuracy` is the share of characters with the right tag."""

    precision: float
    recall: float
    f1: float
    support: int
    accuracy: float
    mode: str = "strict"
    scheme: str = "IOBES"


def tag_report(gold: Iterable[Sequence[str]], pred: Iterable[Sequence[str]]) -> TagReport:
    """Score BIOES tags, a sequence of tags a sentence. All tags are held in memory, as seqeval needs them.

    Raises MissingExtra without seqeval, ValueError where sentences differ in length. No sentences at all give zeros.
    """
    try:
        from seqeval.metrics import accuracy_score, classification_report
        from seqeval.scheme import IOBES
    except ModuleNotFoundError:
        raise MissingExtra("The tag-level report (--tags)", "eval") from None
    golds, preds = [list(tags) for tags in gold], [list(tags) for tags in pred]
    if not golds and not preds:
        return TagReport(0.0, 0.0, 0.0, 0, 0.0)
    report = classification_report(golds, preds, output_dict=True, mode="strict", scheme=IOBES, zero_division=0)
    all_types = report["micro avg"]
    return TagReport(
        float(all_types["precision"]),
        float(all_types["recall"]),
        float(all_types["f1-score"]),
        int(all_types["support"]),
        float(accuracy_score(golds, preds)),
    )
