"""How likely one word is behind another: bigrams of words and n-grams of characters across their border, joined.

Both models are log-linear with weights that are in the numbers already. What a word is worth by itself and what it
costs to follow a word without any known n-gram are two numbers a word; each known n-gram of the two adds a boost.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnchar.lookup.hashed_grams import HashedGrams, Hashes, join, spread

WORDS, PAIRS, TRIPLES = range(3)  # rows of boosts: bigrams of words, of characters, trigrams of characters
BORDER, NUMBER, LATIN, OTHER = range(4)  # what stands for text that is no hanzi, behind the words and as characters
SYMBOLS = 4
_RIGHT = 1 << 40  # sets the second part of an n-gram apart from the first
_WORD = 1 << 41

Floats = NDArray[np.float32]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class States:
    """What is remembered of the ways up to now, one entry each."""

    words: Hashes  # of the last word
    last: Hashes  # of the last character
    pairs: Hashes  # of the last two
    backoffs: Floats

    def take(self, at: Index) -> States:
        """Some of them."""
        return States(self.words.take(at), self.last.take(at), self.pairs.take(at), self.backoffs.take(at))

    def put(self, at: Index, states: States) -> None:
        """Put others in their place."""
        self.words[at], self.last[at] = states.words, states.last
        self.pairs[at], self.backoffs[at] = states.pairs, states.backoffs


def word_hashes(codes: NDArray[np.integer], offsets: NDArray[np.integer]) -> Hashes:
    """A hash of the characters of each word, (W,), so that a word with two readings has one."""
    place = np.arange(len(codes)) - np.repeat(offsets[:-1], np.diff(offsets))
    mixed = spread(codes.astype(np.int64) + (place.astype(np.int64) << 22) + _WORD)
    hashes: Hashes = np.add.reduceat(mixed, offsets[:-1])
    return hashes


def symbol_hashes() -> Hashes:
    """The same for the symbols, (SYMBOLS,)."""
    return spread(np.arange(SYMBOLS) + _WORD)


def left(codes: NDArray[np.integer]) -> Hashes:
    """The hash of a character as the beginning of an n-gram."""
    return spread(codes.astype(np.int64))


def right(codes: NDArray[np.integer]) -> Hashes:
    """The hash of a character as a later part of an n-gram."""
    return spread(codes.astype(np.int64) + _RIGHT)


def word_pair(before: Hashes, after: Hashes) -> Hashes:
    """The hash of a bigram of words."""
    return join(before, after ^ np.uint64(_RIGHT))


@dataclass(frozen=True)
class PinyinScores:
    """Scores of W words and, behind them, of the SYMBOLS.

    Args:
        codes, offsets: the characters of all words and where each word begins.
        scores: of a word by itself, nats, (W + SYMBOLS,).
        backoffs: added to what follows a word, whatever it is, nats, (W + SYMBOLS,).
        boosts: what a known n-gram adds by its class, nats, (3, CLASSES).
    """

    codes: NDArray[np.int32]
    offsets: NDArray[np.int32]
    scores: Floats
    backoffs: Floats
    boosts: Floats
    grams: HashedGrams

    @cached_property
    def _words(self) -> Hashes:
        return np.concatenate([word_hashes(self.codes, self.offsets), symbol_hashes()])

    @cached_property
    def _first(self) -> NDArray[np.int32]:
        return np.concatenate([self.codes[self.offsets[:-1]], np.arange(SYMBOLS, dtype=np.int32)])

    @cached_property
    def _second(self) -> NDArray[np.int32]:
        """The second character of each word, or -1."""
        long = np.diff(self.offsets) > 1
        second = self.codes[np.minimum(self.offsets[:-1] + 1, len(self.codes) - 1)]
        return np.concatenate([np.where(long, second, -1), np.full(SYMBOLS, -1)]).astype(np.int32)

    @cached_property
    def _last(self) -> NDArray[np.int32]:
        return np.concatenate([self.codes[self.offsets[1:] - 1], np.arange(SYMBOLS, dtype=np.int32)])

    @cached_property
    def _last_but_one(self) -> NDArray[np.int32]:
        """The last character but one of each word, or -1."""
        long = np.diff(self.offsets) > 1
        before = self.codes[np.maximum(self.offsets[1:] - 2, 0)]
        return np.concatenate([np.where(long, before, -1), np.full(SYMBOLS, -1)]).astype(np.int32)

    @property
    def size(self) -> int:
        """How many words there are."""
        return len(self.offsets) - 1

    def begin(self, count: int) -> States:
        """Nothing read yet: the border of a line."""
        border = self.size + BORDER
        zero = left(np.zeros(count, np.int64))
        pairs = join(zero, right(np.zeros(1, np.int64)))
        return States(np.repeat(self._words[border], count), zero, pairs, np.repeat(self.backoffs[border], count))

    def follow(self, states: States, owners: Index, words: Index) -> Floats:
        """Nats for pairs: words[owners[i]] behind state i, (N,)."""
        total = self.scores.take(words).take(owners)
        total += states.backoffs
        first = right(self._first.take(words)).take(owners)
        pairs = join(states.last, first)
        hits, classes = self.grams.find(pairs)
        total[hits] += self.boosts[PAIRS].take(classes)
        # No bigram of words nor trigram is in the table without the bigram of characters that it contains.
        self._add(
            total, hits, word_pair(states.words.take(hits), self._words.take(words).take(owners.take(hits))), WORDS
        )
        self._add(total, hits, join(states.pairs.take(hits), first.take(hits)), TRIPLES)
        second = self._second.take(words).take(owners.take(hits))
        at = np.flatnonzero(second >= 0)
        self._add(total, hits.take(at), join(pairs.take(hits.take(at)), right(second.take(at))), TRIPLES)
        return total

    def _add(self, total: Floats, at: Index, hashes: Hashes, row: int) -> None:
        """Add to total[at] the boosts of these n-grams."""
        hits, classes = self.grams.find(hashes)
        total[at.take(hits)] += self.boosts[row].take(classes)

    def after(self, states: States, words: Index) -> States:
        """What is remembered when words[i] has followed state i, (N,)."""
        last, before = self._last.take(words), self._last_but_one.take(words)
        previous = np.where(before >= 0, left(np.maximum(before, 0)), states.last)
        previous[words == self.size + BORDER] = left(np.zeros(1, np.int64))  # nothing is looked up across a border
        return States(self._words.take(words), left(last), join(previous, right(last)), self.backoffs.take(words))
