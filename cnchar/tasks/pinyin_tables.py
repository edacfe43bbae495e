"""The look-up tables of pinyin2hanzi in a bundle: opened and checked, written, and joined with a user's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import Bundle, array_bytes
from cnchar.errors import BadBundle, BadInput
from cnchar.lookup.hashed_grams import CLASSES, HashedGrams
from cnchar.lookup.pinyin_scores import SYMBOLS, PinyinScores
from cnchar.lookup.pinyin_words import LONGEST, PinyinWords, key_of, longer_keys, ragged, regroup
from cnchar.pinyin.syllables import NO_TONE, NUMBERS, Syllable
from cnchar.pinyin.units import NO_UNIT, Units, read_units
from cnchar.tasks.pinyin_decoder import PinyinDecoder, PinyinTables

ARCHITECTURES = ("pinyin-tables",)
UNITS, TONES = "units.tsv", "tones.npy"
WORDS = "words.npy"  # the units of all words, one after the other, by key and then the likeliest first
SCORES, GRAMS = "words.scores.npy", "grams.npy"
LAST = 1 << 15  # marks the last unit of a word
ANY_TONE = 0xFF
USER_BONUS = 6.0  # nats: a user's word comes first where its frequency alone would not do it

Words = Sequence[tuple[str, tuple[Syllable, ...], int]]
"""Text, reading, how often among a million words."""


def open_decoder(bundle: Bundle) -> Decoder:
    """The decoder of a bundle, its tables memory-mapped. Raises BadBundle where they do not fit together."""
    return Decoder(read_tables(bundle))


class Decoder(PinyinDecoder):
    """A decoder that can learn words."""

    def with_words(self, words: Words) -> Decoder:
        """One that knows further words."""
        return Decoder(add_words(self.tables, words), self.beam)


def read_tables(bundle: Bundle) -> PinyinTables:
    """The tables of a bundle. Raises BadBundle where they do not fit together."""
    try:
        return _read_tables(bundle)
    except (BadInput, ValueError) as error:
        raise BadBundle(f"{bundle.folder}: the model does not fit together ({error}).") from None


def _read_tables(bundle: Bundle) -> PinyinTables:
    units = read_units(bundle.lines(UNITS), UNITS)
    words = _unpacked(bundle.array(WORDS, "uint16"), units)
    numbers = bundle.array(SCORES, "float16", ndim=2).astype(np.float32)
    boosts = np.array(bundle.get("boosts", list), np.float32)
    tones = bundle.array(TONES, "uint8")
    fits = (
        numbers.shape == (2, len(words) + SYMBOLS)
        and boosts.shape == (3, CLASSES)
        and bool(np.isfinite(numbers).all() and np.isfinite(boosts).all())
        and len(tones) == len(units)
    )
    if not fits:
        raise BadBundle(f"{bundle.folder}: its tables do not fit together; fetch or build the model again.")
    codes = units.codes.astype(np.int32).take(words.units)
    scores = PinyinScores(
        codes, words.offsets, numbers[0], numbers[1], boosts, HashedGrams(bundle.array(GRAMS, "uint16"))
    )
    return PinyinTables(words, scores, units, tones, float(bundle.get("network_weight", float)))


def _packed(words: PinyinWords) -> NDArray[np.uint16]:
    """The units of all words, the last of each marked."""
    units = words.units.astype(np.uint16)
    units[words.offsets[1:] - 1] |= LAST
    return units


def _unpacked(packed: NDArray[np.uint16], units: Units) -> PinyinWords:
    """The words of marked units. Raises ValueError where there are none, or they are too long or out of order."""
    ends = np.flatnonzero(packed & LAST) + 1
    numbers = packed & np.uint16(LAST - 1)
    lengths = np.diff(ends, prepend=0)
    if not len(ends) or ends[-1] != len(packed) or lengths.max() > LONGEST or int(numbers.max()) >= len(units):
        raise ValueError(f"{WORDS} holds no words of its units")
    _, place = ragged(lengths)
    keys = np.add.reduceat(
        longer_keys(np.zeros(len(numbers), np.int64), units.syllables[numbers], place), ends - lengths
    )
    if (keys[1:] < keys[:-1]).any():
        raise ValueError(f"{WORDS} is out of order")
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return PinyinWords(keys[starts], np.append(starts, len(keys)).astype(np.int32), numbers)


def table_files(tables: PinyinTables) -> dict[str, bytes]:
    """The files of a bundle, to be read by `read_tables`; `boosts` and `network_weight` belong into its config."""
    words, scores = tables.words, tables.scores
    arrays: Mapping[str, NDArray[np.generic]] = {
        TONES: tables.tones,
        WORDS: _packed(words),
        SCORES: np.stack([scores.scores, scores.backoffs]).astype(np.float16),
        GRAMS: scores.grams.cells,
    }
    return {UNITS: tables.units.dumps().encode(), **{name: array_bytes(array) for name, array in arrays.items()}}


def add_words(tables: PinyinTables, words: Words, bonus: float = USER_BONUS) -> PinyinTables:
    """The tables with further words, which score like words of their frequency and `bonus` nats better.

    A word of more than LONGEST syllables is known as its pieces.
    """
    own, tones = tables.own, tables.tones.tolist()
    keys, units, scores = [], [], []
    for text, reading, weight in words:
        numbers = []
        for character, syllable in zip(text, reading, strict=True):
            unit = int(tables.units.find(np.array([NUMBERS[syllable.plain]]), np.array([ord(character)]))[0])
            if unit == NO_UNIT:
                unit = len(tones)
                own += character
                tones.append(ANY_TONE if syllable.tone == NO_TONE else 1 << syllable.tone)
            numbers.append(unit)
        sounds = [NUMBERS[syllable.plain] for syllable in reading]
        for start in range(0, len(sounds), LONGEST):
            keys.append(key_of(sounds[start : start + LONGEST]))
            units.append(numbers[start : start + LONGEST])
            scores.append(np.log(weight / 1e6) + bonus)
    return _joined(tables, own, np.array(tones, np.uint8), keys, units, np.array(scores, np.float32))


def _joined(
    tables: PinyinTables,
    own: str,
    tones: NDArray[np.uint8],
    keys: Sequence[int],
    units: Sequence[Sequence[int]],
    scores: NDArray[np.float32],
) -> PinyinTables:
    """The tables with more words of these keys, units and scores."""
    old, size = tables.scores, tables.scores.size
    all_scores = np.concatenate([old.scores[:size], scores])
    # What follows a word that was never seen is as likely as it is behind the average word.
    backoffs = np.concatenate([old.backoffs[:size], np.full(len(scores), old.backoffs[:size].mean(), np.float32)])
    all_keys = np.concatenate([np.repeat(tables.words.keys, np.diff(tables.words.firsts)), np.array(keys, np.int64)])
    flat = np.concatenate([tables.words.units, np.array([unit for word in units for unit in word], np.int64)])
    joined, order = regroup(all_keys, all_scores, flat)
    texts = PinyinTables(joined, old, tables.units, tones, tables.network, own)
    codes = np.array([*map(ord, tables.units.characters), *map(ord, own)], np.int32).take(joined.units)
    new = PinyinScores(
        codes,
        joined.offsets,
        np.concatenate([all_scores[order], old.scores[size:]]),
        np.concatenate([backoffs[order], old.backoffs[size:]]),
        old.boosts,
        old.grams,
    )
    return replace(texts, scores=new)
