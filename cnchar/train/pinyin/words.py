"""The words of a domain that look-up tables for pinyin do not know, found in its text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from cnchar.lookup.pinyin_words import LONGEST
from cnchar.pinyin.syllables import SYLLABLES, Syllable
from cnchar.pinyin.units import Units
from cnchar.tasks.pinyin_decoder import PinyinTables
from cnchar.tasks.pinyin_tables import Words
from cnchar.train.text.shards import TextShards
from cnchar.train.text.sounds import SILENT, SOUND

MARKS = ("words", "units")  # what the text has to say
LEAST_COUNT = 3
MOST = 30_000
_BLOCK = 1 << 20  # symbols read at once


def new_words(text: TextShards, tables: PinyinTables) -> Words:
    """The words of two hanzi and more that occur often enough and that the tables lack, the most frequent first.

    With the reading that they have in the text, and how often they are among a million of its words.
    """
    counts = Counter(word for word in _words(text) if len(word) > SOUND.itemsize)
    total = max(1, counts.total())
    known = _known(tables)
    found = [(word, count) for word, count in counts.most_common() if count >= LEAST_COUNT and word not in known]
    return [(*_spelled(word, tables.units), max(1, round(count * 1e6 / total))) for word, count in found[:MOST]]


def _words(text: TextShards) -> Iterator[bytes]:
    """Each word of the text that is of hanzi alone, as the bytes of its units."""
    for shard in text.shards:
        starts, units = (text.marks(shard, kind) for kind in MARKS)
        assert starts is not None and units is not None
        for at in range(0, len(units), _BLOCK):
            block = np.ascontiguousarray(units[at : at + _BLOCK])
            places = np.flatnonzero(np.concatenate([[True], starts[at + 1 : at + len(block)], [True]]))
            spoken = np.logical_and.reduceat(block != SILENT, places[:-1]) & (np.diff(places) <= LONGEST)
            data = block.tobytes()
            for start, stop in (SOUND.itemsize * np.stack([places[:-1], places[1:]], 1)[spoken]).tolist():
                yield data[start:stop]


def _known(tables: PinyinTables) -> set[bytes]:
    """The words of the tables in the same form."""
    data = tables.words.units.astype(SOUND).tobytes()
    places = (SOUND.itemsize * tables.words.offsets.astype(np.int64)).tolist()
    return {data[start:stop] for start, stop in pairwise(places)}


def _spelled(word: bytes, units: Units) -> tuple[str, tuple[Syllable, ...]]:
    """The text and the reading of a word; which tone does not matter."""
    numbers = np.frombuffer(word, SOUND).tolist()
    text = "".join(units.characters[number] for number in numbers)
    return text, tuple(Syllable(SYLLABLES[units.syllables[number]]) for number in numbers)
