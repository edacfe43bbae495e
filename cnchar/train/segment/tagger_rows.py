"""Which features a look-up tagger may have: every hashed feature gets a row, and rows compete for the table's slots.

A hashed feature is known by 28 bits of its hash, the 20 that choose the slot and the 8 of the check byte: just what the
packed table can tell apart. Training on these identities means that what is trained is what will run.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cnchar.lookup.templates import DIRECT_SIZES, HASHED, View, direct_features, hashed_features

SLOT_BITS = 20  # of the largest table; a smaller one takes the upper bits
IDENTITIES = 1 << SLOT_BITS + 8
CHUNK = 1 << 20
DIRECT_OFFSETS = dict(zip(DIRECT_SIZES, np.cumsum([0, *DIRECT_SIZES.values()]), strict=False))
DIRECT_ROWS = sum(DIRECT_SIZES.values())


def identities(view: View) -> Iterator[NDArray[np.uint32]]:
    """The 28-bit identities (N,) of each hashed template's feature."""
    for feature in hashed_features(view, SLOT_BITS):
        slots = feature.slots ^ np.uint32(feature.salt)
        yield slots << np.uint32(8) | feature.checks >> np.uint32(24)


def chunks(view: View) -> Iterator[tuple[slice, View]]:
    for start in range(0, len(view), CHUNK):
        stop = min(start + CHUNK, len(view))
        yield slice(start, stop), view.chunk(start, stop)


def count_identities(view: View) -> NDArray[np.uint32]:
    """How often each identity occurs, (IDENTITIES,)."""
    counts = np.zeros(IDENTITIES, np.uint32)
    for _, part in chunks(view):
        for ids in identities(part):
            unique, times = np.unique(ids, return_counts=True)
            counts[unique] += times.astype(np.uint32)
    return counts


def number_rows(kept: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Row of each identity (IDENTITIES,): direct rows come first, row DIRECT_ROWS stands for all that are not kept."""
    rows = np.full(IDENTITIES, DIRECT_ROWS, np.int32)
    chosen = np.flatnonzero(kept)
    rows[chosen] = np.arange(DIRECT_ROWS + 1, DIRECT_ROWS + 1 + len(chosen), dtype=np.int32)
    return rows


def feature_rows(view: View, rows: NDArray[np.int32], out: NDArray[np.int32]) -> None:
    """Write the rows of every character's features, (N, templates), into `out`."""
    for where, part in chunks(view):
        for column, (name, index) in enumerate(direct_features(part)):
            out[where, column] = index.astype(np.int32) + np.int32(DIRECT_OFFSETS[name])
        for column, ids in enumerate(identities(part), len(DIRECT_SIZES)):
            out[where, column] = rows[ids]


TEMPLATES = len(DIRECT_SIZES) + len(HASHED)
