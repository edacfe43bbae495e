"""All words between the places of a lattice are found, and nothing else, against a plain search."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.lookup.pinyin_words import LONGEST, NOTHING, PinyinWords, SyllableEdges, key_of, lengths_of, ragged, regroup

Word = tuple[int, ...]


def dictionary(words: list[Word]) -> tuple[PinyinWords, list[Word]]:
    """Words whose units are their syllables + 100, and the order they are in."""
    keys = np.array([key_of(word) for word in words], np.int64)
    flat = np.array([syllable + 100 for word in words for syllable in word])
    made, order = regroup(keys, -np.arange(len(words), dtype=float), flat)
    return made, [words[at] for at in order]


def test_words_stand_by_sound_and_the_likeliest_first() -> None:
    made, order = dictionary([(5,), (1, 2), (1,), (1, 2), (425,) * LONGEST])
    assert order == [(1,), (1, 2), (1, 2), (5,), (425,) * LONGEST]
    assert len(made) == 5
    assert made.firsts.tolist() == [0, 1, 3, 4, 5]
    assert made.lengths.tolist() == [1, 2, 2, 1, LONGEST]
    assert made.units.tolist() == [101, 101, 102, 101, 102, 105, *[525] * LONGEST]
    assert lengths_of(made.keys).tolist() == [1, 2, 1, LONGEST]


def test_no_more_than_the_most_of_one_sound() -> None:
    made, _ = dictionary([(3,)] * 9)
    row = SyllableEdges(np.array([0]), np.array([1]), np.array([3]), 2)
    assert made.between(row, 4).words.tolist() == [0, 1, 2, 3]


def test_ragged_counts_groups_and_members() -> None:
    owners, rank = ragged(np.array([2, 0, 3]))
    assert owners.tolist() == [0, 0, 2, 2, 2]
    assert rank.tolist() == [0, 1, 0, 1, 2]


syllable = st.integers(0, 3)
lines = st.lists(st.lists(st.sets(syllable, min_size=1, max_size=2), min_size=1, max_size=9), min_size=1, max_size=3)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(syllable, min_size=1, max_size=LONGEST).map(tuple), min_size=1, max_size=40), lines)
def test_finds_every_word_of_every_way(words: list[Word], texts: list[list[set[int]]]) -> None:
    made, order = dictionary(words)
    starts, stops, syllables, place = [], [], [], 0
    expected = []
    for text in texts:
        for at, choices in enumerate(text):
            for each in sorted(choices):
                starts.append(place + at)
                stops.append(place + at + 1)
                syllables.append(each)
        for start in range(len(text)):
            for stop in range(start + 1, min(start + LONGEST, len(text)) + 1):
                for way in product(*map(sorted, text[start:stop])):
                    expected += [(place + start, way)] * words.count(way)
        place += len(text) + 1
    row = SyllableEdges(np.array(starts), np.array(stops), np.array(syllables), place)
    found = made.between(row, 1000)
    got = []
    for word, edges in zip(found.words.tolist(), found.syllables.tolist(), strict=True):
        inside = [edge for edge in edges if edge != NOTHING]
        assert tuple(syllables[edge] for edge in inside) == order[word]
        assert all(stops[a] == starts[b] for a, b in pairwise(inside))
        got.append((starts[inside[0]], order[word]))
    assert sorted(got) == sorted(expected)
