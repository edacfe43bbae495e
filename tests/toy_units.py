"""A network for pinyin with random numbers, without torch: a place's vector is made of what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.nn.config import ModelConfig
from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.syllables import NUMBERS, SYLLABLES
from cnchar.pinyin.units import Units, units_of
from cnchar.tasks.packed_lines import Alphabet
from cnchar.tasks.unit_scores import Parts
from cnchar.text.vocab import Vocab

WIDTH = 6
ALPHABET = Alphabet(Vocab("，。0a北京好"))
UNITS: Units = units_of(load_readings())


@dataclass
class Way:
    """A line that is one way."""

    syllables: NDArray[np.int16]
    kept: NDArray[np.int32]


def way(line: str) -> Way:
    """`ni hao ，` as a line; what is no syllable is kept."""
    syllables = np.array([NUMBERS.get(word, -1) for word in line.split()], np.int16)
    kept = np.array([0 if word in NUMBERS else ord(word[0]) for word in line.split()], np.int32)
    return Way(syllables, kept)


def toy_parts(backbone: str = "cnn", max_length: int = 12, overlap: int = 3) -> Parts:
    sizes = UNITS.sizes[UNITS.sizes > 0].tolist()
    config = ModelConfig(
        len(ALPHABET) + len(SYLLABLES), labels=len(UNITS), head="groups", groups=tuple(sizes), backbone=backbone,  # type: ignore[arg-type]
        hidden=WIDTH,
    )  # fmt: skip
    chance = np.random.default_rng(1)
    table, bias = chance.normal(size=(len(UNITS), WIDTH)), chance.normal(size=len(UNITS))
    return Parts(config, UNITS, ALPHABET, table.astype(np.float32), bias.astype(np.float32), max_length, overlap)


def network(batch: dict[str, NDArray[np.generic]]) -> NDArray[np.float32]:
    """Vectors (B, T, WIDTH) of what stands up to two places before and after each place; 0 is nothing."""
    chars = np.pad(batch["chars"].astype(np.int64), ((0, 0), (2, 2)))
    vectors = np.where(chars[..., None] > 0, np.sin(chars[..., None] * np.arange(1, WIDTH + 1)), 0.0)
    length = batch["chars"].shape[1]
    mixed = sum((i + 1) * vectors[:, i : i + length] for i in range(5))
    return np.asarray(mixed, np.float32)
