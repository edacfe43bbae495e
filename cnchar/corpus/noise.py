"""Made errors that look like people's: for training what is to correct them.

Most errors in Chinese text come from typing pinyin: another word of the same sound, another character of the same or
nearly the same sound; then characters that look alike, particles that are mixed up, keys hit in the wrong order. Text
is numbers here, the places of its characters in a list, and whole batches are changed at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cnchar.corpus.rival_words import LONGEST_WORD, WORD_SLOTS, rival_words, symbol_of, word_keys
from cnchar.corpus.rivals import SLOTS, Chosen, Pairs, Rivals, Rows
from cnchar.pinyin.likeness import kin_syllables, near_syllables

PARTICLES = ("的地得", "他她它", "在再", "做作", "那哪", "像象", "吗嘛吧", "座坐", "带戴", "未末", "己已", "人入")


@dataclass(frozen=True)
class Mixture:
    """How often errors of each kind are made among those of single characters; those of a user's pairs come on top.

    clean: lines that are left alone. rate: errors among the characters of the others, on average. words: of the words
    with others of the same sound, how many times as likely each is to be mistaken as a character.
    """

    clean: float = 0.35
    rate: float = 0.07
    words: float = 1.0
    spread: float = 0.12  # of the mistaken characters, how often the next one is mistaken too: 桥奥 for 骄傲
    swapped: float = 0.02  # of the rate: two neighbours change places
    sound: float = 0.50
    near: float = 0.18
    kin: float = 0.08  # of sounds that share an initial or a final: 建现, 坏会
    shape: float = 0.14
    particle: float = 0.10
    random: float = 0.04
    pairs: float = 0.5  # as `sound`: errors that the user's own pairs have; 0 where there are no pairs


@dataclass(frozen=True)
class Noise:
    """Makes errors in rows of numbered characters.

    kinds: (K, S, SLOTS), by what each of S characters may be mistaken for in each kind; itself where by nothing.
    shares: (K,), adding up to 1. words: keys of words, sorted (W,), and the keys of what each is mistaken for
    (W, WORD_SLOTS). hanzi: (S,).
    """

    kinds: Rows
    shares: NDArray[np.float64]
    hanzi: Chosen
    word_keys: Rows
    word_slots: Rows
    mixture: Mixture = field(default_factory=Mixture)

    def __call__(self, symbols: Rows, starts: Chosen | None, texts: Rows, chance: np.random.Generator) -> Rows:
        """The rows (B, T) with errors.

        Args:
            starts: where words begin; without them only characters are mistaken. texts: which line of its row each
                character is of, (B, T), from 0 up: errors come by line, and some lines have none.
        """
        rates = self._rates(texts, chance)
        shown = symbols.copy()
        if starts is not None and len(self.word_keys):
            self._mistake_words(shown, symbols, starts, rates * self.mixture.words, chance)
        self._mistake_characters(shown, symbols, rates, chance)
        self._swap(shown, symbols, rates * self.mixture.swapped, chance)
        return shown

    def _rates(self, texts: Rows, chance: np.random.Generator) -> NDArray[np.float64]:
        """How likely an error is at each place, (B, T): the same all over a line."""
        size, lines = len(texts), int(texts.max(initial=0)) + 1
        noisy = chance.random((size, lines)) >= self.mixture.clean
        rates = noisy * self.mixture.rate * 2 * chance.random((size, lines))
        return np.take_along_axis(rates, texts, axis=1)

    def _mistake_words(
        self, shown: Rows, symbols: Rows, starts: Chosen, rates: NDArray[np.float64], chance: np.random.Generator
    ) -> None:
        """Whole words become others of the same sound."""
        rows, places = np.nonzero(starts & self.hanzi[symbols] & (chance.random(symbols.shape) < rates))
        begins = np.pad(starts, ((0, 0), (0, LONGEST_WORD)), constant_values=True)
        lengths = 1 + begins[rows[:, None], places[:, None] + np.arange(1, LONGEST_WORD + 1)].argmax(1)
        fits = (lengths > 1) & (places + lengths <= symbols.shape[1])
        rows, places, lengths = rows[fits], places[fits], lengths[fits]
        keys = word_keys(symbols, rows, places, lengths)
        at = np.minimum(np.searchsorted(self.word_keys, keys), len(self.word_keys) - 1)
        others = self.word_slots[at, chance.integers(0, WORD_SLOTS, len(at))]
        known = self.word_keys[at] == keys
        for i in range(LONGEST_WORD):
            inside = known & (i < lengths)
            shown[rows[inside], places[inside] + i] = symbol_of(others[inside], lengths[inside] - 1 - i)

    def _mistake_characters(
        self, shown: Rows, symbols: Rows, rates: NDArray[np.float64], chance: np.random.Generator
    ) -> None:
        able = self.hanzi[symbols] & (shown == symbols)
        chosen = able & (chance.random(symbols.shape) < rates)
        chosen[:, 1:] |= chosen[:, :-1] & able[:, 1:] & (chance.random(chosen[:, 1:].shape) < self.mixture.spread)
        rows, places = np.nonzero(chosen)
        kinds = np.searchsorted(np.cumsum(self.shares), chance.random(len(rows)) * self.shares.sum(), "right")
        kinds = np.minimum(kinds, len(self.shares) - 1)
        shown[rows, places] = self.kinds[kinds, symbols[rows, places], chance.integers(0, SLOTS, len(rows))]

    def _swap(self, shown: Rows, symbols: Rows, rates: NDArray[np.float64], chance: np.random.Generator) -> None:
        """Two neighbouring hanzi change places, where neither was changed before."""
        able = self.hanzi[symbols] & (shown == symbols)
        rows, places = np.nonzero(
            able[:, :-1] & able[:, 1:] & (chance.random((len(shown), shown.shape[1] - 1)) < rates[:, 1:])
        )
        apart = np.append(True, (np.diff(places) > 1) | (np.diff(rows) > 0))[: len(rows)]
        rows, places = rows[apart], places[apart]
        shown[rows, places], shown[rows, places + 1] = symbols[rows, places + 1], symbols[rows, places]


def make_noise(
    characters: Sequence[str],
    words: Mapping[str, int] | None = None,
    pairs: Pairs | None = None,
    mixture: Mixture | None = None,
) -> Noise:
    """Noise for some characters, the most frequent first as far as known; special symbols have names.

    Args:
        words: how often each word of two to four of these characters occurs in the text.
        pairs: errors that people made, character by character.
    """
    mixture = mixture or Mixture()
    rivals = Rivals(characters)
    kinds = {
        "sound": rivals.by_sound(),
        "near": rivals.by_syllables(near_syllables()),
        "kin": rivals.by_syllables(kin_syllables()),
        "shape": rivals.by_shape(),
        "particle": rivals.of_groups(PARTICLES),
        "random": rivals.random(),
        "pairs": rivals.of_pairs(pairs or {}),
    }
    shares = np.array([getattr(mixture, kind) for kind in kinds])
    shares[-1] *= bool(pairs)
    keys, others = rival_words(words or {}, rivals.numbers)
    table = np.stack([rivals.fill(likely) for likely in kinds.values()])
    return Noise(table, shares / shares.sum(), rivals.hanzi, keys, others, mixture)
