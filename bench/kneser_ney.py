"""A character n-gram model to hold a network against: interpolated modified Kneser-Ney (Chen and Goodman 1998).

    python -m bench.kneser_ney train.txt.xz --vocab vocab.txt --score held-out.txt > kneser-ney.jsonl
    cnchar score --model runs/lm --format jsonl held-out.txt > network.jsonl
    cnchar eval language --gold held-out.txt --pred kneser-ney.jsonl --pred network.jsonl --pred-format jsonl --paired

The vocabulary is closed, an unknown character is [UNK], and a line runs from [BOS] to [EOS]: all as for the networks of
`cnchar pretrain` (cnchar/tasks/language.py), and so are the lines that are counted: held-out ones are not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, tee

import numpy as np
from numpy.typing import NDArray

from cnchar.corpus.held_out import is_held_out
from cnchar.corpus.segmented import SegmentedFile
from cnchar.runtime.score_files import as_dict
from cnchar.tasks.language import LineScore, read_lines
from cnchar.tasks.packed_lines import BEGIN, END, Alphabet
from cnchar.text.vocab import Vocab

Ids = NDArray[np.int64]
Numbers = NDArray[np.float64]
FALLBACK = (0.5, 1.0, 1.5)  # discounts where counts of counts give none, as in KenLM
BATCH = 10_000  # lines that are read or scored together


@dataclass(frozen=True)
class Order:
    """The n-grams of one length, U of them.

    keys: (U,) id of the first n-1 symbols * size of the vocabulary + last symbol, ascending; its place is the id of an
    n-gram. shares: (U,) discounted probabilities. left: for each (n-1)-gram what its context leaves to shorter ones.
    """

    keys: Ids
    shares: Numbers
    left: Numbers

    def find(self, keys: Ids) -> Ids:
        """The ids of keys, -1 for unseen ones."""
        places = np.minimum(self.keys.searchsorted(keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, places, -1)


class KneserNey:
    """A model of all n-grams of a text up to `order` symbols."""

    def __init__(self, lines: Iterable[str], vocab: Vocab, order: int = 5) -> None:
        self.alphabet = Alphabet(vocab)
        self.foreseen = len(vocab.characters) + 2  # and [UNK] and [EOS]: what can come next
        symbols, places = self._read(lines)
        if not len(symbols):
            raise ValueError("an n-gram model needs at least one line to count")
        self.orders = list(self._count(symbols, places, order))

    def _read(self, lines: Iterable[str]) -> tuple[Ids, Ids]:
        """The symbols of all lines in a row, [BOS] to [EOS], and the place of each in its line; (N,) each."""
        blocks = (read_lines(self.alphabet, block) for block in batched(lines))
        packed = np.concatenate([np.zeros(0, np.uint32), *blocks, [BEGIN]]).astype(np.int64)
        begins = np.flatnonzero(packed == BEGIN)
        symbols = np.insert(packed, begins[1:], END)[:-1]
        begins = begins[:-1] + np.arange(len(begins) - 1)
        return symbols, np.arange(len(symbols)) - np.repeat(begins, np.diff(begins, append=len(symbols)))

    def _count(self, symbols: Ids, places: Ids, order: int) -> Iterator[Order]:
        contexts = 1
        grams = self._grams(symbols, places, np.zeros(len(symbols), np.int64), 1)
        for n in range(1, order + 1):
            keys, first, ids, counts = grams
            if not len(keys):  # no line is so long
                return
            if n < order:
                grams = self._grams(symbols, places, ids, n + 1)
                ways = np.bincount(ids[grams[1]], minlength=len(keys))  # different symbols to the left
                counts = np.where(places[first] == n - 1, counts, ways)  # a line's beginning has none there
            if n == 1:
                counts[keys == BEGIN] = 0
            yield _discount(keys, counts, keys // len(self.alphabet), contexts)
            contexts = len(keys)

    def _grams(self, symbols: Ids, places: Ids, before: Ids, n: int) -> tuple[Ids, Ids, Ids, Ids]:
        """The different n-grams: keys, where each first ends; the id of what ends at each place, -1 for none; counts.

        `before` are the ids of the (n-1)-grams that end at each place.
        """
        ends = np.flatnonzero(places >= n - 1)
        keys = before[ends - (n > 1)] * len(self.alphabet) + symbols[ends]
        unique, first, inverse, counts = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
        ids = np.full(len(symbols), -1)
        ids[ends] = inverse
        return unique, ends[first], ids, counts

    def probabilities(self, lines: Iterable[str]) -> tuple[Numbers, Ids]:
        """What each symbol of the lines after [BOS] had as probability, in a row, and its place in its line from 1."""
        symbols, places = self._read(lines)
        chances = np.full(len(symbols), 1 / self.foreseen)
        before = np.zeros(len(symbols), np.int64)  # what stands before each place, as an (n-1)-gram; -1: unseen
        for n, order in enumerate(self.orders, 1):
            ids = order.find(before * len(self.alphabet) + symbols)
            longer = np.where(ids >= 0, order.shares[ids], 0.0) + order.left[before] * chances
            chances = np.where(before >= 0, longer, chances)
            before = np.where(places < n, -1, np.roll(ids, 1))
        return chances[places > 0], places[places > 0]

    def score(self, lines: Iterable[str]) -> Iterator[LineScore]:
        """What each line costs. Which symbol would have been the first guess is not looked for: `right` is 0."""
        for batch in batched(lines):
            chances, places = self.probabilities(batch)
            bits = np.add.reduceat(-np.log2(chances), np.flatnonzero(places == 1))
            for line, cost in zip(batch, bits.tolist(), strict=True):
                yield LineScore(cost, len(line) + 1, 0)


def batched(lines: Iterable[str]) -> Iterator[list[str]]:
    """The lines, some thousand at a time."""
    lines = iter(lines)
    while batch := list(islice(lines, BATCH)):
        yield batch


def _discount(keys: Ids, counts: Ids, owners: Ids, contexts: int) -> Order:
    """Probabilities of n-grams and what is left over, from (adjusted) counts; `owners` are their contexts."""
    rates = np.array([0.0, *discounts(counts)])
    taken = rates[np.minimum(counts, 3)]
    totals = np.bincount(owners, counts, contexts)
    some = np.where(totals > 0, totals, 1.0)
    left = np.where(totals > 0, np.bincount(owners, taken, contexts) / some, 1.0)
    return Order(keys, (counts - taken) / some[owners], left)


def discounts(counts: Ids) -> tuple[float, ...]:
    """What is taken from counts of 1, 2, and 3 or more (Chen and Goodman 1998, section 3.6)."""
    n1, n2, n3, n4 = (int((counts == k).sum()) for k in (1, 2, 3, 4))
    if not n1 * n2 * n3 * n4:
        return FALLBACK
    y = n1 / (n1 + 2 * n2)
    found = 1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3
    return found if all(0 <= each <= k for k, each in enumerate(found, 1)) else FALLBACK


def training_lines(paths: Iterable[str]) -> Iterator[str]:
    """The lines that `cnchar pretrain` learns from, given these files."""
    for path in paths:
        yield from learned(SegmentedFile(path).lines())


def learned(lines: Iterable[str]) -> Iterator[str]:
    """Those of some lines that are learned from: no blank ones, none that is held out."""
    return (line for line in lines if line and not line.isspace() and not is_held_out(line))


def main(arguments: list[str] | None = None) -> None:
    """Count, score, and write a record for each line of the text, as `cnchar score` does."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", nargs="+", help="text, one document a line")
    parser.add_argument("--vocab", required=True, help="what cnchar build-vocab wrote")
    parser.add_argument("--score", required=True, help="the text to score")
    parser.add_argument("--order", type=int, default=5, help="the longest n-gram (5)")
    asked = parser.parse_args(arguments)
    vocab = Vocab.load(asked.vocab)
    model = KneserNey(training_lines(asked.train), vocab, asked.order)
    print(f"n-grams: {', '.join(str(len(order.keys)) for order in model.orders)}", file=sys.stderr)
    lines, copy = tee(SegmentedFile(asked.score).lines())
    for line, found in zip(lines, model.score(copy), strict=True):
        print(json.dumps({"text": line, "score": as_dict(found)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
