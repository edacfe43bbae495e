"""A small pinyin2hanzi of look-ups alone, from the readings that ship with the package and a few words."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from toy_converter import WORDS

from cnchar.bundle import write_bundle
from cnchar.lookup.hashed_grams import CLASSES, HashedGrams
from cnchar.lookup.pinyin_scores import SYMBOLS, PinyinScores
from cnchar.lookup.pinyin_words import key_of, regroup
from cnchar.pinyin.pronounce import pronounce
from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.syllables import NUMBERS
from cnchar.pinyin.units import units_of
from cnchar.tasks.pinyin_decoder import PinyinTables
from cnchar.tasks.pinyin_tables import table_files

CONFIG: dict[str, Any] = {
    "name": "toy-pinyin", "version": 3, "task": "pinyin2hanzi", "architecture": "pinyin-tables",
    "boosts": [[1.0] * CLASSES] * 3, "network_weight": 1.0, "licence": "Apache-2.0", "sources": ["readings"],
    "scores": [],
}  # fmt: skip


def toy_tables() -> PinyinTables:
    """Every unit is a word as likely as its reading was counted; the words of toy_converter are likelier."""
    readings = load_readings()
    units = units_of(readings)
    at = units.find(readings.syllables, np.array([ord(readings.characters[owner]) for owner in readings.owners]))
    counts = np.bincount(at, readings.counts, minlength=len(units)) + 0.5
    tones = np.zeros(len(units), np.uint8)
    np.bitwise_or.at(tones, at, (1 << readings.tones.astype(np.int64)).astype(np.uint8))
    keys = [key_of([syllable]) for syllable in units.syllables.tolist()]
    spoken = [[NUMBERS[sound.plain] for sound in pronounce([word]) if sound] for word in WORDS]
    found = [units.find(np.array(s), np.array(list(map(ord, word)))) for s, word in zip(spoken, WORDS, strict=True)]
    scores = np.concatenate([np.log(counts / counts.sum()), np.full(len(WORDS), math.log(1e-3))]).astype(np.float32)
    flat = np.concatenate([np.arange(len(units)), *found])
    words, order = regroup(np.array(keys + [key_of(s) for s in spoken], np.int64), scores, flat)
    return PinyinTables(
        words,
        PinyinScores(
            units.codes.astype(np.int32).take(words.units),
            words.offsets,
            np.append(scores[order], np.full(SYMBOLS, -3.0, np.float32)),
            np.zeros(len(scores) + SYMBOLS, np.float32),
            np.zeros((3, CLASSES), np.float32),
            HashedGrams(np.zeros(4, np.uint16)),
        ),
        units,
        tones,
    )


def write_pinyin(folder: Path, files: dict[str, bytes] | None = None, **config: Any) -> Path:
    """Write the model, with some files or keys of the config replaced; checksums are right all the same."""
    write_bundle(folder, CONFIG | config, table_files(toy_tables()) | (files or {}), "# toy\n")
    return folder
