"""How the characters of running text are read: by the words they are in, else by themselves.

A phrase of the dictionary counts only where it does not cut across a word of the line: in 没有人参加 there is no 人参.
Its reading comes from the user's words, from ours, from pypinyin's phrases, in this order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate

from cnchar.pinyin.dictionary import listed_readings, phrases
from cnchar.pinyin.styles import read
from cnchar.pinyin.syllables import NEUTRAL, NO_TONE, Syllable
from cnchar.pinyin.words import Word, own_words, with_tones

Sounds = tuple[Syllable | None, ...]
"""A reading for each character, None for what has none."""


def pronounce(words: Sequence[str], user: Mapping[str, Word] | None = None) -> list[Syllable | None]:
    """The reading of each character of a line, given its words: `"".join(words)` is the line.

    `user`: words whose readings hold wherever they are words of the line.
    """
    out: list[Syllable | None] = []
    stretch: list[str] = []
    for word in words:
        own = user.get(word) if user else None
        if own is not None and own.reading:
            out += [*_between(stretch), *_sounds_of(own)]
            stretch = []
        else:
            stretch.append(word)
    return [*out, *_between(stretch)]


def _between(words: Sequence[str]) -> Iterator[Syllable | None]:
    """The readings of words, by the longest known phrases from left to right."""
    text = "".join(words)
    ends = set(accumulate(map(len, words), initial=0))
    inside = _word_ends(words)
    at = 0
    while at < len(text):
        sounds = _phrase_at(text, at, ends, inside)
        yield from sounds
        at += len(sounds)


def _word_ends(words: Sequence[str]) -> list[int]:
    """For each character where its word ends."""
    stops = accumulate(map(len, words))
    return [stop for word, stop in zip(words, stops, strict=True) for _ in word]


def _phrase_at(text: str, start: int, ends: set[int], word_ends: Sequence[int]) -> Sounds:
    """The reading of the longest phrase that begins here and cuts no word, or of the one character."""
    for length in range(min(_longest().get(text[start : start + 2], 0), len(text) - start), 1, -1):
        stop = start + length
        if stop <= word_ends[start] or (start in ends and stop in ends):
            sounds = _phrase(text[start:stop])
            if sounds:
                return sounds
    character = text[start]
    own = character if start in ends and start + 1 in ends else f"*{character}"
    return (_single(own, character),)


@cache
def _longest() -> dict[str, int]:
    """The length of the longest phrase with these first two characters."""
    longest: dict[str, int] = {}
    for known in (phrases(), own_words()):
        for phrase in known:
            longest[phrase[:2]] = max(len(phrase), longest.get(phrase[:2], 0))
    return longest


@lru_cache(maxsize=1 << 15)
def _phrase(text: str) -> Sounds:
    """The reading of a phrase, or () where there is none."""
    own = own_words().get(text)
    if own is not None:
        return _sounds_of(own)
    return tuple(_toned(read(readings[0])) for readings in phrases().get(text, ()))


@lru_cache(maxsize=1 << 15)
def _single(own: str, character: str) -> Syllable | None:
    """The reading of a character without a phrase, by what our list has under `own`, else by pypinyin.

    地 is de5 where it is a word by itself, listed as 地; and di4 in longer words, which could be listed as *地.
    """
    word = own_words().get(own)
    if word is not None and word.reading:
        return word.reading[0]
    return next((_toned(syllable) for syllable in listed_readings(character)), None)


def _sounds_of(word: Word) -> Sounds:
    pairs = zip(word.text, word.by_character(), strict=True)
    return tuple(each and with_tones(each, listed_readings(character)) for character, each in pairs)


def _toned(syllable: Syllable | None) -> Syllable | None:
    """A dictionary writes no mark for the neutral tone."""
    return Syllable(syllable.plain, NEUTRAL) if syllable and syllable.tone == NO_TONE else syllable
