"""What seqeval and scikit-learn say of the tags, for those who compare with other taggers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from cnchar.io.files import atomic_output
from cnchar.text.tags import bmes_to_bioes, words_to_bmes

FILE = "tags.txt"


def write_tag_report(gold: Iterable[str], words: Iterable[str], folder: Path) -> None:
    """Write both reports of segmented lines to FILE in the folder, in place of those of the evaluation before."""
    text = tag_report_text([_tags(line) for line in gold], [_tags(line) for line in words])
    with atomic_output(str(folder / FILE), force=True) as out:
        out.write(text.encode())


def tag_report_text(gold: Sequence[list[str]], pred: Sequence[list[str]]) -> str:
    """seqeval's strict report of words as entities, and scikit-learn's of single tags; BMES tags a line."""
    from seqeval.metrics import classification_report as entity_report
    from seqeval.scheme import IOBES
    from sklearn.metrics import classification_report as label_report

    entities = entity_report(
        [bmes_to_bioes(tags) for tags in gold], [bmes_to_bioes(tags) for tags in pred],
        mode="strict", scheme=IOBES, digits=4, zero_division=0,
    )  # fmt: skip
    labels = label_report(
        [tag for tags in gold for tag in tags], [tag for tags in pred for tag in tags],
        labels=list("BMES"), digits=4, zero_division=0,
    )  # fmt: skip
    return f"Words, seqeval, strict BIOES\n\n{entities}\nTags, scikit-learn\n\n{labels}"


def _tags(line: str) -> list[str]:
    return words_to_bmes(line.split())
