"""Made errors that look like people's: for training what is to correct them.

Most errors in Chinese text come from typing pinyin: another word of the same sound, another character of the same or
nearly the same sound; then characters that look alike, particles that are mixed up, keys hit in the wrong order. Text
is numbers here, the places of its characters in a list, and whole batches are changed at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cnchar.pinyin.likeness import NO_SYLLABLE, Shapes, Sounds, near_syllables
from cnchar.pinyin.pronounce import pronounce
from cnchar.text.normalise import is_hanzi

SLOTS = 32  # alternatives of a character and a kind, each as often as it is likely
WORD_SLOTS = 8
LONGEST_WORD = 4
_COMMON, _RARE = 30.0, 1000.0  # ranks of characters: frequencies fall as 1 / (rank + _COMMON), and faster after _RARE

Rows = NDArray[np.int64]
Chosen = NDArray[np.bool_]
Pairs = Mapping[tuple[str, str], int]  # (right, wrong): how often

PARTICLES = ("的地得", "他她它", "在再", "做作", "那哪", "像象", "吗嘛吧", "座坐", "带戴", "未末", "己已", "人入")


@dataclass(frozen=True)
class Mixture:
    """How often errors of each kind are made among those of single characters; those of a user's pairs come on top.

    clean: lines that are left alone. rate: errors among the characters of the others, on average. words: of the words
    with others of the same sound, how many times as likely each is to be mistaken as a character.
    """

    clean: float = 0.35
    rate: float = 0.07
    words: float = 1.5
    swapped: float = 0.02  # of the rate: two neighbours change places
    sound: float = 0.50
    near: float = 0.18
    shape: float = 0.14
    particle: float = 0.10
    random: float = 0.08
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
            shown[rows[inside], places[inside] + i] = _symbol_of(others[inside], lengths[inside] - 1 - i)

    def _mistake_characters(
        self, shown: Rows, symbols: Rows, rates: NDArray[np.float64], chance: np.random.Generator
    ) -> None:
        rows, places = np.nonzero(self.hanzi[symbols] & (shown == symbols) & (chance.random(symbols.shape) < rates))
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
    slots = _Slots(characters)
    kinds = {
        "sound": slots.by_sound(),
        "near": slots.by_near_sound(),
        "shape": slots.by_shape(),
        "particle": slots.of_groups(PARTICLES),
        "random": slots.random(),
        "pairs": slots.of_pairs(pairs or {}),
    }
    shares = np.array([getattr(mixture, kind) for kind in kinds])
    shares[-1] *= bool(pairs)
    keys, others = _word_slots(words or {}, slots.numbers)
    table = np.stack([slots.fill(likely) for likely in kinds.values()])
    return Noise(table, shares / shares.sum(), slots.hanzi, keys, others, mixture)


Likely = Mapping[int, Mapping[int, float]]


class _Slots:
    """What each character may be mistaken for, and how likely each of that is."""

    def __init__(self, characters: Sequence[str]) -> None:
        self.characters = characters
        self.numbers = {character: number for number, character in enumerate(characters) if len(character) == 1}
        self.hanzi = np.array([len(c) == 1 and is_hanzi(c) for c in characters])
        self._sounds, self._shapes = Sounds(characters), Shapes(characters)
        rank = np.cumsum(self.hanzi)
        self._weights = self.hanzi * np.exp(-rank / _RARE) / (rank + _COMMON)
        self._of_syllable: dict[int, set[int]] = defaultdict(set)
        for number, row in enumerate(self._sounds.syllables.tolist()):
            for syllable in row:
                if syllable != NO_SYLLABLE and self.hanzi[number]:
                    self._of_syllable[syllable].add(number)
        self._chance = np.random.default_rng(1)  # which alternatives get a slot is a matter of the table alone

    def by_sound(self) -> Likely:
        return {n: self._likely(n, self._of_syllable[self._first(n)]) for n in self._with_sound()}

    def by_near_sound(self) -> Likely:
        near = near_syllables()
        rivals = {
            syllable: set().union(*(self._of_syllable[s] for s in np.flatnonzero(near[syllable]).tolist()))
            for syllable in list(self._of_syllable)
        }
        return {n: self._likely(n, rivals.get(self._first(n), set())) for n in self._with_sound()}

    def by_shape(self) -> Likely:
        return {n: self._likely(n, others) for n, others in self._shapes.alike.items() if self.hanzi[n]}

    def of_groups(self, groups: Iterable[str]) -> Likely:
        return {
            self.numbers[one]: {self.numbers[other]: 1.0 for other in group if other != one and other in self.numbers}
            for group in groups
            for one in group
            if one in self.numbers
        }

    def random(self) -> Likely:
        some = self._chance.choice(np.flatnonzero(self.hanzi), (len(self.characters), SLOTS), p=self._shares())
        return {n: dict.fromkeys(row, 1.0) for n, row in enumerate(some.tolist())} if self.hanzi.any() else {}

    def of_pairs(self, pairs: Pairs) -> Likely:
        likely: dict[int, dict[int, float]] = defaultdict(dict)
        for (right, wrong), count in pairs.items():
            if right in self.numbers and wrong in self.numbers:
                likely[self.numbers[right]][self.numbers[wrong]] = float(count)
        return likely

    def fill(self, likely: Likely) -> Rows:
        """(S, SLOTS) from the likelihoods of each character's rivals; itself where it has none."""
        table = np.repeat(np.arange(len(self.characters))[:, None], SLOTS, axis=1)
        for number, rivals in likely.items():
            if rivals:
                shares = np.array(list(rivals.values()))
                table[number] = self._chance.choice(list(rivals), SLOTS, p=shares / shares.sum())
        return table

    def _likely(self, number: int, rivals: Iterable[int]) -> dict[int, float]:
        return {rival: float(self._weights[rival]) for rival in sorted(rivals) if rival != number}

    def _with_sound(self) -> list[int]:
        return [n for n in np.flatnonzero(self.hanzi).tolist() if self._first(n) != NO_SYLLABLE]

    def _first(self, number: int) -> int:
        return int(self._sounds.first[number])

    def _shares(self) -> NDArray[np.float64]:
        weights = self._weights[self.hanzi]
        return np.asarray(weights / weights.sum())


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


def _symbol_of(keys: Rows, after: Rows) -> Rows:
    """The symbol of each key with `after` symbols behind it."""
    return (keys >> (_BITS * after)) & ((1 << _BITS) - 1)


def _word_slots(words: Mapping[str, int], numbers: Mapping[str, int]) -> tuple[Rows, Rows]:
    """Keys of the words that have others of their sound, sorted (W,), and those of the others (W, WORD_SLOTS)."""
    groups: dict[tuple[str, ...], list[tuple[int, float]]] = defaultdict(list)
    for word, count in words.items():
        if not 2 <= len(word) <= LONGEST_WORD or not all(c in numbers for c in word):
            continue
        sounds = [sound.plain if sound else "" for sound in pronounce([word])]
        if all(sounds):
            key = 1
            for c in word:
                key = key << _BITS | numbers[c]
            groups[tuple(sounds)].append((key, count**0.5))
    chance = np.random.default_rng(1)
    table: dict[int, Rows] = {}
    for group in groups.values():
        for key, _ in group if len(group) > 1 else ():
            others = [(other, weight) for other, weight in group if other != key]
            shares = np.array([weight for _, weight in others])
            table[key] = chance.choice([other for other, _ in others], WORD_SLOTS, p=shares / shares.sum())
    keys = sorted(table)
    slots = np.array([table[key] for key in keys], np.int64).reshape(-1, WORD_SLOTS)
    return np.array(keys, np.int64), slots
