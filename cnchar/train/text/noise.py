"""Noise for some prepared text: its own words are mistaken for each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np

from cnchar.corpus.noise import Mixture, Noise, make_noise
from cnchar.corpus.rival_words import count_words
from cnchar.corpus.rivals import Pairs
from cnchar.train.text.shards import TextShards

_MOST = 1 << 25  # symbols to count words in: enough to know which there are
_LEAST = 3  # times that a word occurs


def noise_of(text: TextShards, pairs: Pairs | None = None, mixture: Mixture | None = None) -> Noise:
    """Errors that are made in this text; `pairs`: errors that people made. The same text gives the same noise."""
    return make_noise(text.alphabet.characters, _words(text), pairs, mixture)


def _words(text: TextShards) -> Mapping[str, int]:
    """How often each word occurs, in as much of each source as its share of the whole is."""
    characters = text.alphabet.characters
    share = min(1.0, _MOST / max(1, sum(shard.symbols for shard in text.shards)))
    counts: Counter[str] = Counter()
    for shard in text.shards:
        size = round(share * shard.symbols)
        starts = text.marks(shard, "words")
        if starts is not None and size:
            symbols = np.asarray(text.symbols(shard)[:size], np.int64)
            counts.update(count_words(symbols, np.asarray(starts[:size]), characters, least=1))
    return {word: count for word, count in counts.items() if count >= _LEAST}
