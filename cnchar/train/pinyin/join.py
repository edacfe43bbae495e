"""A trained network and look-up tables as one model: the weight of each, chosen on held-out lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cnchar.decode.pinyin_lattice import PinyinLattice
from cnchar.tasks.pinyin_decoder import PinyinDecoder, PinyinTables
from cnchar.tasks.pinyin_tables import Words, add_words
from cnchar.tasks.unit_scores import UnitScores
from cnchar.train.pinyin.development import Typed
from cnchar.train.text.sounds import SILENT

WEIGHTS = (0.2, 0.3, 0.5, 0.8, 1.3, 2.0, 4.0, 16.0)  # of a network, to choose from
BONUSES = (0.0, 2.0, 4.0)  # nats, for words of the domain


@dataclass(frozen=True)
class Joined:
    """Tables with the weight of a network, and their CER together on the held-out lines. words: how many are new."""

    tables: PinyinTables
    cer: float
    words: int = 0


def join(tables: PinyinTables, lines: Sequence[Typed], scores: Sequence[UnitScores], words: Words = ()) -> Joined:
    """The tables with the domain's words, as far as these help, and with the weight that makes the fewest errors."""
    weighted = _best(lines, scores, (replace(tables, network=weight) for weight in WEIGHTS))
    if not words:
        return weighted
    more = (add_words(weighted.tables, words, bonus) for bonus in BONUSES)
    added = _best(lines, scores, more)
    return replace(added, words=len(words)) if added.cer < weighted.cer else weighted


def _best(lines: Sequence[Typed], scores: Sequence[UnitScores], candidates: Iterable[PinyinTables]) -> Joined:
    judged = (Joined(tables, decoded_cer(tables, lines, scores)) for tables in candidates)
    return min(judged, key=lambda each: each.cer)


def decoded_cer(tables: PinyinTables, lines: Sequence[Typed], scores: Sequence[UnitScores] | None) -> float:
    """The share of characters that tables and network get wrong together; tables alone where there are no scores."""
    paths = PinyinDecoder(tables).decode([_lattice(line) for line in lines], scores)
    wrong = total = 0
    for line, (path,) in zip(lines, paths, strict=True):
        spoken = line.units != SILENT
        found = np.array([ord(character) if character else 0 for character in path.text])
        wrong += int(np.count_nonzero(found[spoken] != tables.units.codes[line.units[spoken]]))
        total += int(np.count_nonzero(spoken))
    return wrong / max(1, total)


def _lattice(line: Typed) -> PinyinLattice:
    size = len(line.syllables)
    places = np.arange(size, dtype=np.int32)
    tones, penalties = np.zeros(size, np.int8), np.zeros(size, np.float32)
    return PinyinLattice(size, places, places + 1, line.syllables, tones, penalties, line.kept)
