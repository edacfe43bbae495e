"""A word behind another scores its own number, the other's backoff and the n-grams across their border."""

from __future__ import annotations

import numpy as np
import pytest

from cnchar.lookup.hashed_grams import CLASSES, HashedGrams, join
from cnchar.lookup.pinyin_scores import (
    BORDER,
    PAIRS,
    SYMBOLS,
    TRIPLES,
    WORDS,
    PinyinScores,
    left,
    right,
    symbol_hashes,
    word_hashes,
    word_pair,
)

VOCABULARY = ("我", "们", "我们", "明天", "去")
CODES = np.array([ord(character) for word in VOCABULARY for character in word], np.int32)
OFFSETS = np.append(0, np.cumsum([len(word) for word in VOCABULARY])).astype(np.int32)
SCORES = -np.arange(1.0, len(VOCABULARY) + SYMBOLS + 1, dtype=np.float32)
BACKOFFS = np.arange(len(VOCABULARY) + SYMBOLS, dtype=np.float32) / 8
BOOSTS = np.array([[1.0] * CLASSES, [10.0] * CLASSES, [100.0] * CLASSES], np.float32)


def gram(text: str) -> np.uint64:
    """The hash of an n-gram of characters; `|` is the border of a line."""
    codes = [0 if character == "|" else ord(character) for character in text]
    hashed = left(np.array(codes[:1]))
    for code in codes[1:]:
        hashed = join(hashed, right(np.array([code])))
    return np.uint64(hashed[0])


def bigram(before: str, after: str) -> np.uint64:
    """The hash of a bigram of words."""
    hashes = dict(zip(VOCABULARY, word_hashes(CODES, OFFSETS), strict=True)) | {"|": symbol_hashes()[BORDER]}
    return np.uint64(word_pair(hashes[before][None], hashes[after][None])[0])


def follow(words: str, known: list[np.uint64]) -> float:
    """The score of the last of these words behind all the others, where these n-grams are known."""
    table = HashedGrams.build(np.array(known, np.uint64), np.zeros(len(known), np.uint8), 64)
    scores = PinyinScores(CODES, OFFSETS, SCORES, BACKOFFS, BOOSTS, table)
    states = scores.begin(1)
    *before, last = [VOCABULARY.index(word) for word in words.split()]
    for word in before:
        states = scores.after(states, np.array([word]))
    return float(scores.follow(states, np.array([0]), np.array([last]))[0])


def own(word: str, before: str = "|") -> float:
    """What a word and the backoff of the one before it add up to."""
    place = len(VOCABULARY) + BORDER if before == "|" else VOCABULARY.index(before)
    return float(SCORES[VOCABULARY.index(word)] + BACKOFFS[place])


WORD, PAIR, TRIPLE = (float(BOOSTS[row, 0]) for row in (WORDS, PAIRS, TRIPLES))


@pytest.mark.parametrize(
    ("words", "known", "boost"),
    [
        ("我们 去", [], 0.0),
        ("我们 去", [gram("们去")], PAIR),
        ("我们 去", [gram("们去"), gram("我们去")], PAIR + TRIPLE),
        ("我 们 去", [gram("们去"), gram("我们去")], PAIR + TRIPLE),  # whatever the words
        ("我们 去", [gram("们去"), bigram("我们", "去")], PAIR + WORD),
        ("我 们 去", [gram("们去"), bigram("我们", "去")], PAIR),
        ("我们 明天", [gram("们明"), gram("们明天")], PAIR + TRIPLE),
        ("我们 明天", [gram("们明"), gram("我们明"), gram("们明天"), bigram("我们", "明天")], PAIR + 2 * TRIPLE + WORD),
        ("我们 去", [gram("我们去"), bigram("我们", "去")], 0.0),  # nothing without the pair of characters
    ],
)
def test_known_grams_add_their_boosts(words: str, known: list[np.uint64], boost: float) -> None:
    *_, before, last = words.split()
    assert follow(words, known) == pytest.approx(own(last, before) + boost)


def test_a_line_begins_at_a_border() -> None:
    known = [gram("|我"), gram("||我"), bigram("|", "我")]
    assert follow("我", known) == pytest.approx(own("我") + PAIR + TRIPLE + WORD)


def test_a_word_hashes_alike_wherever_it_stands() -> None:
    doubled = np.concatenate([CODES, CODES])
    offsets = np.append(OFFSETS, OFFSETS[1:] + OFFSETS[-1])
    hashes = word_hashes(doubled, offsets)
    assert (hashes[: len(VOCABULARY)] == hashes[len(VOCABULARY) :]).all()
    assert len(set(hashes.tolist())) == len(VOCABULARY)
