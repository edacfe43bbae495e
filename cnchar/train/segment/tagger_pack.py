"""From trained rows to the packed tables that ship: who gets a slot, and rounding to int8."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnchar.lookup.packed import NEUTRAL, pack
from cnchar.train.segment.tagger_rows import SLOT_BITS


def slots(identities: NDArray[np.int64], bits: int) -> NDArray[np.int64]:
    """The slot of each 28-bit identity in a table of 2**bits entries, bits <= 20."""
    return identities >> 8 >> (SLOT_BITS - bits)


def winners(identities: NDArray[np.int64], importance: NDArray[np.float32], bits: int) -> NDArray[np.bool_]:
    """Which features keep their slot: the most important of each, the earlier of equals; none of importance 0."""
    order = np.lexsort((np.arange(len(identities)), -importance, slots(identities, bits)))
    where = slots(identities, bits)[order]
    first = np.ones(len(order), bool)
    first[1:] = where[1:] != where[:-1]
    kept = np.zeros(len(identities), bool)
    kept[order[first]] = True
    return kept & (importance > 0)


def importance(weights: NDArray[np.float32], counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """How much scores would change without each feature, over all its occurrences: (R,) from weights (R, 3)."""
    spread = np.maximum(weights.max(1), 0) - np.minimum(weights.min(1), 0)  # the fourth label's weight is 0
    worth: NDArray[np.float32] = (spread * np.sqrt(counts)).astype(np.float32)
    return worth


def hashed_table(
    identities: NDArray[np.int64], weights: NDArray[np.float32], bits: int, scale: float
) -> NDArray[np.uint32]:
    """The packed table of the winners' weights (R, 3); empty slots hold entries without weight."""
    table = np.full(1 << bits, NEUTRAL, np.uint32)
    check = (identities & 0xFF).astype(np.uint32) << np.uint32(24)
    table[slots(identities, bits)] = pack(weights, scale) | check
    return table
