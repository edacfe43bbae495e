"""How good a corrector is on what it never learned from: held-out pairs, and lines, where it should be quiet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import torch
from torch import nn

from cnchar.nn.model import CharacterModel
from cnchar.nn.suggestions import Suggestions
from cnchar.tasks.correct_parts import Parts
from cnchar.tasks.looks import Scores, first_draft
from cnchar.tasks.neural import Batch as Arrays
from cnchar.tasks.packed_lines import PADDING
from cnchar.train.correct.curve import Point, careful, curve_of, reliability
from cnchar.train.correct.decision import fit_weights, judge
from cnchar.train.engine.batches import Batch
from cnchar.train.text.held_out import mean_bits
from cnchar.train.text.objectives import Denoise, TextRows
from cnchar.train.text.pairs import Pair, held_pairs
from cnchar.train.text.shards import TextShards

QUIET_LINES = 3000  # held-out lines, spread over the sources, that a corrector should leave alone
MADE_LINES = 1500  # of them, those that errors are made in where there are too few pairs
_FEW_PAIRS = 200
MOST_CHANGES = 2.0  # edits among 10,000 characters of such lines, at the default threshold


@dataclass(frozen=True)
class Verdict:
    """A corrector's decision and what it does. default, best: at the default threshold, and at that of the highest F1.

    changes: edits among 10,000 characters of right lines, changed_lines: the share of these that is changed; both at
    the default threshold. reliability: rows of curve.reliability.
    """

    parts: Parts
    default: Point
    best: Point
    changes: float
    changed_lines: float
    reliability: list[tuple[float, float, int, float, float]]


class Development:
    """Lines to choose by."""

    def __init__(self, text: TextShards, length: int, objective: Denoise, seed: int) -> None:
        self.text, self._objective = text, objective
        self.quiet = _quiet_lines(text)
        self.pairs = held_pairs(text)
        self.made = len(self.pairs) < _FEW_PAIRS
        chance = np.random.default_rng(seed)
        if self.made:
            self.pairs = [*self.pairs, *_made_pairs(text, self.quiet[::2][:MADE_LINES], objective, chance)]
            self.quiet = self.quiet[1::2]
        self._length = length
        self._batches = list(self._collate())

    def _collate(self) -> list[Batch]:
        """The pairs as rows, every wrong character asked for and some of the right ones."""
        batches = []
        chance = np.random.default_rng(0)
        pairs = sorted(self.pairs, key=lambda pair: len(pair[0]))
        for start in range(0, len(pairs), 64):
            rows = [(a[: self._length - 1], b[: self._length - 1]) for a, b in pairs[start : start + 64]]
            width = 1 + max(len(a) for a, _ in rows)
            typed, right = (np.full((len(rows), width), PADDING, np.int64) for _ in range(2))
            for i, (a, b) in enumerate(rows):
                typed[i, : len(a) + 1] = self.text.alphabet.read([a])
                right[i, : len(b) + 1] = self.text.alphabet.read([b])
            batches.append(self._objective.asking(TextRows(right, right), typed, chance))
        return batches

    def score(self, model: nn.Module) -> Mapping[str, float]:
        """Bits that the model needs for each character asked for in the held-out pairs."""
        return {self._objective.measure: mean_bits(model, self._batches)}

    def verdict(self, model: CharacterModel, parts: Parts, *, fit: bool = True) -> Verdict:
        """The decision for a network, fitted here unless it has one, and what it does to the lines.

        The weights and the threshold are chosen by the same lines, as there are few weights and many lines.
        """
        network = TorchSuggestions(model)
        typed, right = zip(*self.pairs, strict=True)
        pairs = judge(parts, network, first_draft(typed), right)
        quiet = judge(parts, network, first_draft(self.quiet), self.quiet)
        if fit:
            parts = replace(parts, weights=fit_weights([pairs, quiet]))
        loud, silent = curve_of(parts, network, pairs), curve_of(parts, network, quiet)
        if fit:
            parts = replace(parts, threshold=careful([silent], MOST_CHANGES))
        at = parts.threshold
        shares = reliability([loud, silent])
        return Verdict(parts, loud.at(at), loud.best(), silent.changes(at), silent.changed_lines(at), shares)


class TorchSuggestions:
    """A network in training as tasks/doubts.py asks it."""

    def __init__(self, model: CharacterModel) -> None:
        self._model = Suggestions(model)
        self._device = next(model.parameters()).device

    def __call__(self, batch: Arrays) -> Scores:
        on_device = {name: torch.from_numpy(values).to(self._device) for name, values in batch.items()}
        with torch.no_grad():
            typed, scores, targets = self._model(**on_device)
        return Scores(typed.cpu().numpy(), scores.cpu().numpy(), targets.cpu().numpy())


def _quiet_lines(text: TextShards) -> list[str]:
    """Held-out lines, as many of each source as of any other if it has them; very short ones are left out."""
    sources = [shard for shard in text.shards if shard.held_out_lines]
    each = max(1, QUIET_LINES // max(1, len(sources)))
    found: dict[str, list[str]] = defaultdict(list)
    for shard in sources:
        lines = text.held_out_of(shard)
        step = max(1, shard.held_out_lines // each)
        found[shard.source] = [line for line in islice(lines, 0, None, step) if len(line) > 5][:each]
    return [line[:400] for lines in found.values() for line in lines]


def _made_pairs(text: TextShards, lines: list[str], objective: Denoise, chance: np.random.Generator) -> list[Pair]:
    """Lines with made errors."""
    characters = text.alphabet.characters
    pairs = []
    for line in lines:
        symbols = text.alphabet.read([line]).astype(np.int64)[None]
        shown = objective.noise(symbols, None, np.ones_like(symbols), chance)[0, 1:]
        changed = shown != symbols[0, 1:]
        typed = "".join(
            characters[s] if c else own for s, c, own in zip(shown.tolist(), changed.tolist(), line, strict=True)
        )
        pairs.append((typed, line))
    return pairs
