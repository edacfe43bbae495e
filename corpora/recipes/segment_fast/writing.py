"""Teaches the model to tell kinds of writing apart: a bag of characters and pairs, softmax over three registers."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from texts import line_starts
from torch.nn.functional import cross_entropy, embedding_bag

from cnchar.lookup.packed import pack
from cnchar.lookup.register import FORMAL, NARRATIVE, PAIR_BITS, TALK, RegisterGuess, pair_index
from cnchar.lookup.symbols import MAX_SYMBOLS

FORMAL_DOMAINS = {"news", "gov", "law", "encyclopedic", "academic", "reference", "tech", "life"}
SCALE = 24.0
MARGIN = round(0.4 * SCALE)  # a lead of 0.4 nats: odds of three to two
GOLD_REPEATS = 4  # PFR is news, yet its reportage reads like stories: show it more often
SHORTEST = 6  # shorter pieces say nothing
BATCH = 2048


def register_of(domain: str) -> int:
    """What a domain of corpora/raw.toml is written like."""
    return FORMAL if domain in FORMAL_DOMAINS else NARRATIVE if domain == "literature" else TALK


def train_register(symbols: NDArray[np.uint32], labels: NDArray[np.int64]) -> RegisterGuess:
    """Learn from pieces (symbols with a separator after each) and the register of each piece."""
    torch.manual_seed(0)
    starts = line_starts(symbols)
    lengths = np.diff(starts, append=len(symbols)) - 1
    features = symbols.astype(np.int64), pair_index(symbols).astype(np.int64)
    weights = torch.zeros(MAX_SYMBOLS + (1 << PAIR_BITS), 3, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.02)
    share = np.bincount(labels) / len(labels)
    balance = torch.from_numpy(1 / (3 * share)).float()
    order = np.random.default_rng(0).permutation(np.flatnonzero(lengths >= SHORTEST))
    for i in range(0, len(order), BATCH):
        part = order[i : i + BATCH]
        loss = cross_entropy(
            _scores(weights, features, starts[part], lengths[part]), torch.from_numpy(labels[part]), balance
        )
        optimizer.zero_grad()
        (loss + 1e-7 * weights.square().sum()).backward()
        optimizer.param_groups[0]["lr"] = 0.02 * (1 - i / len(order)) + 1e-4
        optimizer.step()
    table = weights.detach().numpy()
    return RegisterGuess(pack(table - table.mean(1, keepdims=True), SCALE), MARGIN)


def _scores(
    weights: torch.Tensor,
    features: tuple[NDArray[np.int64], NDArray[np.int64]],
    starts: NDArray[np.intp],
    lengths: NDArray[np.intp],
) -> torch.Tensor:
    """(B, 3) sums over the characters and pairs of each piece."""
    index = np.concatenate([np.arange(a, a + n) for a, n in zip(starts.tolist(), lengths.tolist(), strict=True)])
    offsets = torch.from_numpy(np.concatenate([[0], np.cumsum(lengths)[:-1]]))
    one, two = (embedding_bag(torch.from_numpy(f[index]), weights, offsets, mode="sum") for f in features)
    return one + two


__all__ = ["TALK", "register_of", "train_register"]
