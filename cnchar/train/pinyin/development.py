"""Held-out lines as they would be typed, and how many of their characters a network in training gets wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import nn

from cnchar.nn.model import CharacterModel
from cnchar.pinyin.units import Units
from cnchar.tasks.packed_lines import Alphabet
from cnchar.tasks.unit_scores import Parts, UnitScores, as_context, score_ways
from cnchar.train.segment.development import network_of
from cnchar.train.text.sounds import SILENT, Sounds


@dataclass(frozen=True)
class Typed:
    """A line as it is typed: syllables (N,), -1 where text is kept, whose code points are in `kept` (N,).

    units: what each syllable stands for, (N,), SILENT where text is kept.
    """

    syllables: NDArray[np.int16]
    kept: NDArray[np.int32]
    units: NDArray[np.uint16]


def type_lines(units: Units, lines: Sequence[str]) -> Iterator[Typed]:
    """Lines as they would be typed, those that have a hanzi to type."""
    views = [as_context(line) for line in lines]
    found = Sounds(units)(views)
    at = 0
    for view in views:
        own = found[at + 1 : (at := at + 1 + len(view))]
        codes = np.frombuffer(view.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int32)
        spoken = own != SILENT
        if spoken.any():
            syllables = np.where(spoken, units.syllables[np.where(spoken, own, 0)], -1).astype(np.int16)
            yield Typed(syllables, np.where(spoken, 0, codes), own)


class PinyinDevelopment:
    """Held-out lines to choose by."""

    def __init__(self, units: Units, alphabet: Alphabet, lines: Sequence[str]) -> None:
        self.units, self.alphabet = units, alphabet
        self.texts, self.lines = list(lines), list(type_lines(units, lines))

    def score(self, model: nn.Module) -> Mapping[str, float]:
        """The share of characters that the network alone gets wrong (cer), taking the likeliest of each syllable."""
        wrong = total = 0
        for line, scores in zip(self.lines, self.scores(model), strict=True):
            spoken = line.units != SILENT
            best = self.units.firsts[line.syllables[spoken]] + best_units(scores)[spoken]
            wrong += int(np.count_nonzero(best != line.units[spoken]))
            total += len(best)
        return {"cer": wrong / max(1, total)}

    def scores(self, model: nn.Module) -> list[UnitScores]:
        """What a network in training says of each line."""
        assert isinstance(model, CharacterModel)
        return score_ways(network_of(model), parts_of(model, self.units, self.alphabet), self.lines)


def parts_of(model: CharacterModel, units: Units, alphabet: Alphabet) -> Parts:
    """What runs a network, with its output layer as it is now."""
    output = model.output
    assert isinstance(output, nn.Linear)
    table, bias = (weight.detach().cpu().numpy() for weight in (output.weight, output.bias))
    return Parts(model.config, units, alphabet, table, bias)


def best_units(scores: UnitScores) -> NDArray[np.intp]:
    """Which of its units each place of a line is likeliest to be, (N,); 0 where it has none."""
    starts, sizes = scores.offsets[:-1], np.diff(scores.offsets)
    spoken = np.flatnonzero(sizes)
    out = np.zeros(len(sizes), np.intp)
    owners = np.repeat(np.arange(len(sizes)), sizes)
    order = np.lexsort((-scores.values, owners))  # stable: of equals the first
    out[spoken] = order[starts[spoken]] - starts[spoken]
    return out
