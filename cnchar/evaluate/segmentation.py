"""Word segmentation scored by exact words, as the SIGHAN bakeoff does (Emerson 2005).

A word is right if both its ends are, counted over the text without white space. Both sides are read as streams of
lines and compared in blocks of about 100,000 characters, so memory does not grow with the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from cnchar.evaluate.blocks import NEWLINE, Alignment, SegmentedBlock
from cnchar.evaluate.confusions import Confusions
from cnchar.evaluate.known import KnownWords
from cnchar.evaluate.pairs import Side, paired_blocks, text_differs


@dataclass(frozen=True)
class SegmentationCounts:
    """What was counted. The `oov_*` fields are None where no known words were given."""

    sentences: int = 0
    exact_sentences: int = 0
    gold_words: int = 0
    pred_words: int = 0
    right_words: int = 0
    oov_words: int | None = None
    oov_right: int | None = None

    def __add__(self, other: SegmentationCounts) -> SegmentationCounts:
        return SegmentationCounts(
            self.sentences + other.sentences,
            self.exact_sentences + other.exact_sentences,
            self.gold_words + other.gold_words,
            self.pred_words + other.pred_words,
            self.right_words + other.right_words,
            _plus(self.oov_words, other.oov_words),
            _plus(self.oov_right, other.oov_right),
        )

    def scores(self) -> SegmentationScores:
        """The scores of these counts; a share of nothing is 0."""
        right = self.right_words
        precision, recall = _share(right, self.pred_words), _share(right, self.gold_words)
        oov_rate = oov_recall = iv_recall = None
        if self.oov_words is not None and self.oov_right is not None:
            oov_rate = _share(self.oov_words, self.gold_words)
            oov_recall = _share(self.oov_right, self.oov_words)
            iv_recall = _share(right - self.oov_right, self.gold_words - self.oov_words)
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        exact = _share(self.exact_sentences, self.sentences)
        return SegmentationScores(precision, recall, f1, exact, oov_rate, oov_recall, iv_recall)


@dataclass(frozen=True)
class SegmentationScores:
    """Shares from 0 to 1, unrounded. The last three are None where no known words were given."""

    precision: float
    recall: float
    f1: float
    exact: float
    oov_rate: float | None = None
    oov_recall: float | None = None
    iv_recall: float | None = None

    def as_dict(self) -> dict[str, float]:
        """The scores that are defined, by name."""
        return {name: value for name, value in asdict(self).items() if value is not None}


def count_segmentation(
    gold: Iterable[str],
    pred: Iterable[str],
    *,
    known: KnownWords | None = None,
    confusions: Confusions | None = None,
    sides: tuple[Side, Side] = (Side("gold"), Side("pred")),
) -> SegmentationCounts:
    """Count right words over two streams of lines, words separated by white space. Blank lines are skipped.

    `known`, the words of the training data, switches the `oov_*` counts on. `confusions`, if given, is fed with every
    difference. Raises BadInput where texts or numbers of lines differ.
    """
    counts = SegmentationCounts(oov_words=None if known is None else 0, oov_right=None if known is None else 0)
    for gold_lines, pred_lines in paired_blocks(gold, pred, sides):
        gold_block, pred_block = SegmentedBlock.of_lines(gold_lines.texts), SegmentedBlock.of_lines(pred_lines.texts)
        if not np.array_equal(gold_block.characters, pred_block.characters):
            raise text_differs(gold_lines, pred_lines, sides)
        counts += _count_block(gold_block, pred_block, gold_lines.numbers, known, confusions)
    return counts


def count_words(
    gold: Iterable[Sequence[str]],
    pred: Iterable[Sequence[str]],
    *,
    known: KnownWords | None = None,
    confusions: Confusions | None = None,
) -> SegmentationCounts:
    """`count_segmentation` for lists of words. White space within a word cuts it, as it would in a file."""
    return count_segmentation(map(line_of_words, gold), map(line_of_words, pred), known=known, confusions=confusions)


def line_of_words(words: Sequence[str]) -> str:
    """Words as one line of a segmented file."""
    return " ".join(words)


def _plus(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _count_block(
    gold: SegmentedBlock,
    pred: SegmentedBlock,
    numbers: list[int],
    known: KnownWords | None,
    confusions: Confusions | None,
) -> SegmentationCounts:
    aligned = Alignment.of_blocks(gold, pred)
    starts, ends = aligned.differing_spans()
    lines = np.searchsorted(np.flatnonzero(gold.characters == NEWLINE), starts)
    if confusions is not None:
        confusions.add(gold, pred, starts, ends, np.array(numbers)[lines])
    sentences = len(numbers)
    oov_words, oov_right = (None, None) if known is None else _count_oov(gold, aligned, known)
    return SegmentationCounts(
        sentences=sentences,
        exact_sentences=sentences - len(np.unique(lines)),
        gold_words=int(np.count_nonzero(gold.starts)) - sentences,
        pred_words=int(np.count_nonzero(pred.starts)) - sentences,
        right_words=int(np.count_nonzero(aligned.right)) - sentences,
        oov_words=oov_words,
        oov_right=oov_right,
    )


def _count_oov(gold: SegmentedBlock, aligned: Alignment, known: KnownWords) -> tuple[int, int]:
    """Gold words that are not known, and how many of them are right."""
    is_gold_word = gold.starts[aligned.boundaries] & ~aligned.newline
    right = aligned.right[is_gold_word]  # (gold words,)
    unknown = ~known.mask(gold)
    return int(np.count_nonzero(unknown)), int(np.count_nonzero(right & unknown))
