"""A corrector in numpy that can be worked out by hand: its parts, and a network that sees the next places. No files."""

from __future__ import annotations

import numpy as np

from cnchar.nn.config import ModelConfig
from cnchar.tasks.correct_parts import FEATURES, FLAGS, Parts
from cnchar.tasks.looks import Scores
from cnchar.tasks.neural import Batch
from cnchar.tasks.packed_lines import Alphabet
from cnchar.text.vocab import Vocab

VOCAB = Vocab("高心兴新背京北我们很的了，。a1")
WEIGHTS = {"always": -4.0, "gain": 1.0, "syllable": 1.0}
BATCH = 64


def parts(max_length: int = 20, overlap: int = 4) -> Parts:
    config = ModelConfig(len(VOCAB), len(VOCAB), flags=FLAGS, head="symbols")
    weights = np.array([WEIGHTS.get(name, 0.0) for name in FEATURES])
    return Parts(config, Alphabet(VOCAB), weights, 0.5, max_length, overlap)


def network(batch: Batch) -> Scores:
    """After 高 comes 兴, after that 的, before 京 comes 北; else what stands is likely. It sees the next places."""
    chars = batch["chars"].astype(np.int64)
    assert batch["flags"].shape == (*chars.shape, 1)
    logits = np.zeros((*chars.shape, len(VOCAB)), np.float32)
    np.put_along_axis(logits, chars[..., None], 6.0, axis=-1)
    high, capital = VOCAB.encode("高")[0], VOCAB.encode("京")[0]
    logits[:, 1:, VOCAB.encode("兴")[0]] += 12.0 * (chars[:, :-1] == high)
    logits[:, :-1, VOCAB.encode("北")[0]] += 12.0 * (chars[:, 1:] == capital)
    logits[:, 1:, VOCAB.encode("的")[0]] += 12.0 * (chars[:, :-1] == VOCAB.encode("兴")[0])
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    targets = np.argsort(-logs, axis=-1, kind="stable")[..., :4]
    typed = np.take_along_axis(logs, chars[..., None], -1)[..., 0]
    return Scores(typed, np.take_along_axis(logs, targets, -1), targets)
