"""Development text: segmented by the model in training just as `cnchar segment` would, and scored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from cnchar.evaluate.segmentation import count_segmentation
from cnchar.lookup.symbols import Codes
from cnchar.tasks.neural import UNITS, Batch, Features, Network, score, step_scores, to_scores
from cnchar.tasks.segment import Marks, constrain, decode, join_words, mark, to_codes
from cnchar.train.segment.start import Start

_BLOCK_LINES = 4096


@dataclass(frozen=True)
class _Block:
    """Lines with all that does not change while the model learns."""

    text: str
    codes: Codes
    features: Features
    marks: Marks


class Development:
    """Segmented lines to choose by."""

    def __init__(self, gold: list[str], start: Start) -> None:
        self.gold, self.start = gold, start
        runs = [gold[at : at + _BLOCK_LINES] for at in range(0, len(gold), _BLOCK_LINES)]
        self._blocks = [self._block("\n".join("".join(line.split()) for line in run)) for run in runs]

    def _block(self, text: str) -> _Block:
        codes = to_codes(text)
        kinds = self.start.symbols.read(codes)[1]
        return _Block(text, codes, self.start.features(codes), mark(text, codes, kinds))

    def score(self, words: Iterable[str]) -> dict[str, float]:
        """f1, precision, recall and the share of exact sentences, from 0 to 1, of lines as `words` gives them."""
        return count_segmentation(self.gold, words).tally.scores()

    def words(self, model: nn.Module) -> Iterator[str]:
        """Each line as the model cuts it, words separated by a space."""
        network, transitions = network_of(model), transitions_of(model)
        steps = None if transitions is None else step_scores(transitions)
        longest, overlap = self.start.max_length, self.start.overlap
        for block in self._blocks:
            logits = score(network, block.text, block.features, max_length=longest, overlap=overlap)
            scores = to_scores(logits)
            constrain(scores, block.marks, UNITS)
            ends = decode(scores, block.codes, block.marks, steps)
            yield from join_words(block.codes, ends, block.marks.space, " ").split("\n")


def network_of(model: nn.Module) -> Network:
    """A model in PyTorch as tasks/neural.py asks for it, on the device where it is."""
    device = next(model.parameters()).device

    def run(batch: Batch) -> NDArray[np.float32]:
        tensors = {name: torch.from_numpy(values).to(device) for name, values in batch.items()}
        with torch.no_grad():
            logits: NDArray[np.float32] = model(**tensors).logits.cpu().numpy()
        return logits

    return run


def transitions_of(model: nn.Module) -> list[list[float]] | None:
    """What a CRF adds for each step from label to label, in nats; None for a model without one."""
    transitions = dict(model.named_parameters()).get("head.transitions")
    return None if transitions is None else transitions.detach().cpu().tolist()
