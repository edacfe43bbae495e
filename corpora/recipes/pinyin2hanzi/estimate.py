"""Two language models from the counts: bigrams of words and trigrams of characters, by interpolated absolute discount.

The probabilities of single words and characters are half their frequency and half the variety of what they follow, as
in Kneser and Ney, "Improved backing-off for m-gram language modeling" (ICASSP 1995). Counts are weighted by file; what
is taken off each is as much of its weight as the discount is of its count.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from counts import CHARACTER_BITS, WORD_BITS, added_up
from numpy.typing import NDArray

DISCOUNT, TRIPLE_DISCOUNT = 0.75, 0.8
LEAST_BACKOFF = 1e-3

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Grams:
    """N n-grams: what they say, and what would be said without them."""

    keys: Ids  # (N,) ascending
    weights: Floats  # (N,) how often
    full: Floats  # (N,) probability of the last part given all before it
    lower: Floats  # (N,) the same given one part less

    def find(self, keys: Ids) -> tuple[Ids, NDArray[np.bool_]]:
        """Where keys are, and whether they are there at all."""
        at = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return at, self.keys[at] == keys

    def only(self, kept: NDArray[np.integer]) -> Grams:
        """Some of them, in ascending order."""
        return Grams(self.keys[kept], self.weights[kept], self.full[kept], self.lower[kept])


@dataclass(frozen=True)
class Pairs:
    """A bigram model over V parts: `single` (V,) probabilities, `backoffs` (V,) what is left for unseen successors."""

    single: Floats
    backoffs: Floats
    seen: NDArray[np.bool_]  # (V,) whether anything ever followed
    grams: Grams  # `lower` is `single` of the second part, without the backoff
    bits: int

    def of(self, first: Ids, second: Ids) -> Floats:
        """P(second | first)."""
        at, known = self.grams.find(first << self.bits | second)
        return np.where(known, self.grams.full[at], self.backoffs[first] * self.single[second])


def pairs_of(keys: Ids, counts: NDArray[np.float32], weights: NDArray[np.float32], size: int, bits: int) -> Pairs:
    """The model of these bigrams over `size` parts."""
    first, second = keys >> bits, keys & (1 << bits) - 1
    frequency = np.bincount(second, weights, minlength=size)
    variety = np.bincount(second, weights / counts, minlength=size)
    single = frequency / frequency.sum() + variety / variety.sum() + 1e-8
    single /= single.sum()
    total = np.bincount(first, weights, minlength=size)
    full = weights * np.maximum(counts - DISCOUNT, 0) / counts / total[first]
    backoffs = np.clip(1 - np.bincount(first, full, minlength=size), LEAST_BACKOFF, 1)
    backoffs[total == 0] = 1
    lower = single[second]
    full = full + backoffs[first] * lower
    return Pairs(single, backoffs, total > 0, Grams(keys, weights.astype(float), full, lower), bits)


def backoffs_of(pairs: Pairs, kept: NDArray[np.integer]) -> Floats:
    """What is left for unseen successors of each part when only some bigrams are kept, (V,)."""
    first, size = pairs.grams.keys[kept] >> pairs.bits, len(pairs.single)
    said = np.bincount(first, pairs.grams.full[kept], minlength=size)
    unsaid = np.bincount(first, pairs.grams.lower[kept], minlength=size)
    backoffs = np.clip((1 - said) / np.maximum(1 - unsaid, 1e-6), LEAST_BACKOFF, 1)
    return np.where(pairs.seen, backoffs, 1)


@dataclass(frozen=True)
class Characters:
    """The model of characters."""

    pairs: Pairs
    triples: Grams

    def of(self, first: Ids, second: Ids, third: Ids) -> Floats:
        """P(third | first, second)."""
        at, known = self.triples.find((first << CHARACTER_BITS | second) << CHARACTER_BITS | third)
        return np.where(known, self.triples.full[at], self.pairs.of(second, third))


def read_characters(work: Path) -> Characters:
    """The model of the counted trigrams of characters; bigrams are their last two."""
    keys, counts, weights = (np.load(work / f"triples.{kind}.npy") for kind in ("keys", "counts", "weights"))
    low = (1 << 2 * CHARACTER_BITS) - 1
    pairs = pairs_of(*added_up(keys & low, counts, weights), 1 << CHARACTER_BITS, CHARACTER_BITS)  # type: ignore[arg-type]
    history = keys >> CHARACTER_BITS
    starts = np.flatnonzero(np.append(True, history[1:] != history[:-1]))
    owners = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(keys))))
    full = weights * np.maximum(counts - TRIPLE_DISCOUNT, 0) / counts / np.add.reduceat(weights, starts)[owners]
    backoffs = np.clip(1 - np.add.reduceat(full, starts), LEAST_BACKOFF, 1)
    lower = pairs.grams.full[pairs.grams.find(keys & low)[0]]
    return Characters(pairs, Grams(keys, weights.astype(float), full + backoffs[owners] * lower, lower))


def read_words(work: Path, size: int) -> Pairs:
    """The model of the counted bigrams of words."""
    keys, counts, weights = (np.load(work / f"words.{kind}.npy") for kind in ("keys", "counts", "weights"))
    return pairs_of(keys, counts, weights, size, WORD_BITS)
