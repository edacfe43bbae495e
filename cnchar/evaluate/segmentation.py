"""Word segmentation scored by exact words, as the SIGHAN bakeoff does (Emerson 2005).

A word is right if both its ends are, counted over the text without white space. Both sides are read as streams of
lines and compared in blocks of about 100,000 characters, so memory does not grow with the input.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from cnchar.evaluate.blocks import NEWLINE, Alignment, SegmentedBlock
from cnchar.evaluate.confusions import Confusions
from cnchar.evaluate.known import KnownWords
from cnchar.evaluate.pairs import Side, paired_blocks, text_differs
from cnchar.evaluate.report import Table
from cnchar.evaluate.tally import Metric, Numbers, Tally, f_score, share

_COUNTS = ("exact_sentences", "gold_words", "pred_words", "right_words")
_OOV_COUNTS = ("oov_words", "oov_right")
_LENGTHS = ("1", "2", "3", "4", "5", "6+")  # of words, in characters


def segmentation_scores(counts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Shares from 0 to 1; those of words that are not known only where `oov_words` was counted."""
    right, words = counts["right_words"], counts["gold_words"]
    precision, recall = share(right, counts["pred_words"]), share(right, words)
    scores = {"f1": f_score(precision, recall), "precision": precision, "recall": recall}
    scores["exact"] = share(counts["exact_sentences"], counts["sentences"])
    if "oov_words" in counts:
        unknown, unknown_right = counts["oov_words"], counts["oov_right"]
        scores["oov_rate"] = share(unknown, words)
        scores["oov_recall"] = share(unknown_right, unknown)
        scores["iv_recall"] = share(right - unknown_right, words - unknown)
    return scores


@dataclass
class Segmentation:
    """What was counted for one system: `tally` a sentence at a time, `lengths` by length of the word.

    `lengths` has a row each for right, gold and predicted words, and a column each for the lengths 1 to 6 and more.
    """

    tally: Tally
    lengths: NDArray[np.int64] = field(default_factory=lambda: np.zeros((3, len(_LENGTHS)), dtype=np.int64))

    def tables(self) -> tuple[Table, ...]:
        """Scores by length of the word and, where known words were given, by whether it is known."""
        right, gold, pred = self.lengths.astype(np.float64)
        precision, recall = share(right, pred), share(right, gold)
        columns = (gold.astype(int), pred.astype(int), f_score(precision, recall), precision, recall)
        rows = tuple(zip(_LENGTHS, *(column.tolist() for column in columns), strict=True))
        by_length = Table("by_length", ("characters", "gold_words", "pred_words", "f1", "precision", "recall"), rows)
        return (by_length, *self._by_oov())

    def _by_oov(self) -> Iterator[Table]:
        counts, scores = self.tally.totals(), self.tally.scores()
        if "oov_words" in counts:
            words, right = counts["oov_words"], counts["oov_right"]
            known = ("known", counts["gold_words"] - words, counts["right_words"] - right, scores["iv_recall"])
            unknown = ("unknown", words, right, scores["oov_recall"])
            yield Table("by_oov", ("words", "gold_words", "right_words", "recall"), (known, unknown))


def count_segmentation(
    gold: Iterable[str],
    pred: Iterable[str],
    *,
    known: KnownWords | None = None,
    confusions: Confusions | None = None,
    sides: tuple[Side, Side] = (Side("gold"), Side("pred")),
    groups: Mapping[str, Iterable[str]] | None = None,
    keep: bool = False,
) -> Segmentation:
    """Count right words over two streams of lines, words separated by white space. Blank lines are skipped.

    `known`, the words of the training data, switches the `oov_*` counts on. `confusions`, if given, is fed with every
    difference. `groups` names for each kind of group the one of every line that is not blank. `keep` holds the counts
    of every sentence for a bootstrap. Raises BadInput where texts or numbers of lines differ.
    """
    counts = _COUNTS if known is None else (*_COUNTS, *_OOV_COUNTS)
    found = Segmentation(Tally(Metric("seg-f1", "word", counts, segmentation_scores), keep))
    streams = {kind: iter(members) for kind, members in (groups or {}).items()}
    for gold_lines, pred_lines in paired_blocks(gold, pred, sides):
        pair = SegmentedBlock.of_lines(gold_lines.texts), SegmentedBlock.of_lines(pred_lines.texts)
        if not np.array_equal(pair[0].characters, pair[1].characters):
            raise text_differs(gold_lines, pred_lines, sides)
        members = {kind: list(islice(stream, len(gold_lines.texts))) for kind, stream in streams.items()}
        found.tally.add(_count_block(*pair, gold_lines.numbers, found.lengths, known, confusions), members)
    return found


def count_words(
    gold: Iterable[Sequence[str]],
    pred: Iterable[Sequence[str]],
    *,
    known: KnownWords | None = None,
    confusions: Confusions | None = None,
) -> Segmentation:
    """`count_segmentation` for lists of words. White space within a word cuts it, as it would in a file."""
    return count_segmentation(map(" ".join, gold), map(" ".join, pred), known=known, confusions=confusions)


def _count_block(
    gold: SegmentedBlock,
    pred: SegmentedBlock,
    numbers: list[int],
    lengths: NDArray[np.int64],
    known: KnownWords | None,
    confusions: Confusions | None,
) -> NDArray[np.int64]:
    """The counts of each line (n, C); adds to `lengths` and `confusions`."""
    aligned = Alignment.of_blocks(gold, pred)
    newlines = np.flatnonzero(gold.characters == NEWLINE)  # (n,)
    starts, ends = aligned.differing_spans()
    lines = np.searchsorted(newlines, starts)
    if confusions is not None:
        confusions.add(gold, pred, starts, ends, np.array(numbers)[lines])
    words = (aligned.right_words(), gold.words(), pred.words())
    lengths += [_by_length(*each) for each in words]
    exact = np.bincount(lines, minlength=len(newlines)) == 0
    right_words, gold_words, pred_words = (_by_line(starts, newlines) for starts, _ in words)
    columns = [exact, gold_words, pred_words, right_words]
    if known is not None:
        columns += [_by_line(each, newlines) for each in _unknown(gold, aligned, known)]
    return np.stack(columns, axis=1)


def _unknown(
    gold: SegmentedBlock, aligned: Alignment, known: KnownWords
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the gold words start that are not known, and those of them that are right."""
    at = gold.words()[0][~known.mask(gold)]
    right = np.zeros(len(gold.starts), dtype=bool)
    right[aligned.right_words()[0]] = True
    return at, at[right[at]]


def _by_line(starts: NDArray[np.int64], newlines: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many of the words that start there are in each line: (n,)."""
    return np.diff(np.searchsorted(starts, newlines), prepend=0)


def _by_length(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many words have each of _LENGTHS: (6,)."""
    lengths = np.minimum(ends - starts, len(_LENGTHS))
    return np.bincount(lengths - 1, minlength=len(_LENGTHS))
