"""What each word may be mistaken for: others of the same sound, and, less often, of nearly the same.

A word is a number here, made of those of its characters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cnchar.corpus.rivals import Chosen, Rows
from cnchar.pinyin.likeness import blurred
from cnchar.pinyin.pronounce import pronounce
from cnchar.text.normalise import is_hanzi

WORD_SLOTS = 8
LONGEST_WORD = 4
_NEAR = 0.3  # times as likely a word of nearly the same sound is as one of the same
_BITS = 15  # of a symbol in the key of a word


def word_keys(symbols: Rows, rows: Rows, places: Rows, lengths: Rows) -> Rows:
    """A number for each word of up to LONGEST_WORD symbols that begins at a place of a row."""
    keys = np.ones(len(rows), np.int64)
    for i in range(LONGEST_WORD):
        inside = i < lengths
        keys[inside] = keys[inside] << _BITS | symbols[rows[inside], places[inside] + i]
    return keys


def count_words(symbols: Rows, starts: Chosen, characters: Sequence[str], least: int = 3) -> dict[str, int]:
    """How often each word of two to LONGEST_WORD hanzi occurs in some packed text (N,), if `least` times or more."""
    begins = np.flatnonzero(starts)
    lengths = np.diff(begins, append=len(symbols))
    fits = (lengths > 1) & (lengths <= LONGEST_WORD)
    begins, lengths = begins[fits], lengths[fits]
    keys, counts = np.unique(word_keys(symbols[None], np.zeros_like(begins), begins, lengths), return_counts=True)
    found = {}
    for key, count in zip(keys[counts >= least].tolist(), counts[counts >= least].tolist(), strict=True):
        word = ""
        while key > 1:
            word = characters[key & ((1 << _BITS) - 1)] + word
            key >>= _BITS
        if all(map(is_hanzi, word)) and len(word) <= LONGEST_WORD:
            found[word] = count
    return found


def symbol_of(keys: Rows, after: Rows) -> Rows:
    """The symbol of each key with `after` symbols behind it."""
    return (keys >> (_BITS * after)) & ((1 << _BITS) - 1)


def rival_words(words: Mapping[str, int], numbers: Mapping[str, int]) -> tuple[Rows, Rows]:
    """Keys of the words that have others of their sound, or near it, sorted (W,), and of the others (W, WORD_SLOTS)."""
    groups: dict[tuple[str, ...], list[_Word]] = defaultdict(list)
    for word, count in words.items():
        if not 2 <= len(word) <= LONGEST_WORD or not all(c in numbers for c in word):
            continue
        sounds = [sound.plain if sound else "" for sound in pronounce([word])]
        if all(sounds):
            key = 1
            for c in word:
                key = key << _BITS | numbers[c]
            groups[tuple(map(blurred, sounds))].append(_Word(key, tuple(sounds), count**0.5))
    chance = np.random.default_rng(1)
    table: dict[int, Rows] = {}
    for group in groups.values():
        for one in group if len(group) > 1 else ():
            others = [other for other in group if other != one]
            likely = np.array([other.weight * (1 if other.sounds == one.sounds else _NEAR) for other in others])
            table[one.key] = chance.choice([other.key for other in others], WORD_SLOTS, p=likely / likely.sum())
    keys = sorted(table)
    slots = np.array([table[key] for key in keys], np.int64).reshape(-1, WORD_SLOTS)
    return np.array(keys, np.int64), slots


class _Word(NamedTuple):
    key: int
    sounds: tuple[str, ...]
    weight: float
