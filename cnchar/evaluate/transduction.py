"""Text rewritten as text, scored by n-grams of characters: chrF (Popović 2015) and BLEU (Papineni 2002).

The numbers are those of sacrebleu 2 for `-m chrf` and `-m bleu --tokenize char`, but as shares from 0 to 1. Neither
counts white space.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from cnchar.evaluate.aligned import Line, feed
from cnchar.evaluate.edits import differing_middle
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.tally import Metric, Numbers, Tally, f_score, share

_CHRF_ORDERS, _BLEU_ORDERS = range(1, 7), range(1, 5)
_BETA = 2.0  # recall counts twice as much
# Of n-grams: those of the gold, of the prediction, in both; and of the prediction where the gold line has any.
_KINDS = ("gold", "pred", "common", "judged")
_COUNTS = ("exact_sentences", *(f"{kind}_{n}" for kind in _KINDS for n in _CHRF_ORDERS))


def _scores(counts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    exact = share(counts["exact_sentences"], counts["sentences"])
    return {"chrf": _chrf(counts), "bleu": _bleu(counts), "exact": exact}


TRANSDUCTION = Metric("chrf", "char", _COUNTS, _scores)


def _chrf(counts: Mapping[str, Numbers]) -> Numbers:
    """F2 of mean precision and mean recall over the orders that both sides have."""
    gold, pred = (np.array([counts[f"{kind}_{n}"] for n in _CHRF_ORDERS]) for kind in ("gold", "judged"))
    common = np.array([counts[f"common_{n}"] for n in _CHRF_ORDERS])
    both = (gold > 0) & (pred > 0)
    orders = both.sum(axis=0, dtype=np.float64)
    precision, recall = (share((share(common, whole) * both).sum(axis=0), orders) for whole in (pred, gold))
    return f_score(precision, recall, _BETA)


def _bleu(counts: Mapping[str, Numbers]) -> Numbers:
    """The geometric mean of the precisions, those of 0 smoothed as NIST's script does, times the brevity penalty."""
    length, wanted = counts["pred_1"], counts["gold_1"]
    logarithms, smooth = np.zeros(np.shape(length)), np.ones(np.shape(length))
    with np.errstate(divide="ignore"):
        for n in _BLEU_ORDERS:
            total, common = counts[f"pred_{n}"], counts[f"common_{n}"]
            smooth = np.where(common == 0, 2 * smooth, smooth)
            logarithms += np.log(share(np.where(common == 0, 1 / smooth, common), total))
    penalty = np.exp(np.minimum(0.0, 1 - share(wanted, length)))
    return np.where(counts["common_1"] == 0, 0.0, penalty * np.exp(logarithms / len(_BLEU_ORDERS)))


def count_transduction(lines: Iterable[Line], tally: Tally, kinds: Kinds | None = None) -> None:
    """Count n-grams line by line; `kinds`, if given, is fed with every difference."""

    def count(line: Line) -> tuple[int, ...]:
        if kinds is not None and line.gold != line.pred:
            kinds.add_differences(line.gold, line.pred, line.number)
        return line.gold == line.pred, *_count_ngrams("".join(line.gold.split()), "".join(line.pred.split()))

    feed(tally, lines, count, lambda line: len(line.gold))


def _count_ngrams(gold: str, pred: str) -> list[int]:
    golds, preds = ([max(0, len(text) - n + 1) for n in _CHRF_ORDERS] for text in (gold, pred))
    middle = differing_middle(gold, pred)
    common = [_common(gold, pred, n, middle) for n in _CHRF_ORDERS]
    return [*golds, *preds, *common, *(p if g else 0 for g, p in zip(golds, preds, strict=True))]


def _common(gold: str, pred: str, n: int, middle: tuple[int, int, int]) -> int:
    """How many n-grams both have, each as often as in the side that has fewer.

    Those that lie within the common beginning or the common end are common whatever the others are.
    """
    start, gold_end, pred_end = middle
    same = max(0, start - n + 1) + max(0, len(gold) - gold_end - n + 1)
    one, other = (
        Counter(text[i : i + n] for i in range(max(0, start - n + 1), min(end, len(text) - n + 1)))
        for text, end in ((gold, gold_end), (pred, pred_end))
    )
    return same + sum(min(count, other[ngram]) for ngram, count in one.items() if ngram in other)
