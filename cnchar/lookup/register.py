"""A guess at what kind of writing a line is: news and documents, stories, or talk.

Segmentation standards agree on most words, but annotators of different kinds of text settle the rest differently, and
the same characters make other words in a report and in a chat. A bag of characters and pairs says which it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cnchar.lookup.packed import BIAS, LANES, LOW, Array32
from cnchar.lookup.symbols import MAX_SYMBOLS, SEPARATOR

FORMAL, NARRATIVE, TALK, UNSURE = range(4)
PAIR_BITS = 15
_K = (np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B))


def pair_index(symbols: Array32) -> Array32:
    """Where each symbol and its right neighbour stand in the table, (N,); 0, a separator's own place, at separators."""
    following = np.zeros_like(symbols)
    following[:-1] = symbols[1:]
    index: Array32 = symbols * _K[0] + following * _K[1]
    index >>= np.uint32(32 - PAIR_BITS)
    index += np.uint32(MAX_SYMBOLS)
    index *= symbols != SEPARATOR  # the pair there reaches into the next line
    return index


class RegisterGuess:
    """Scores of FORMAL, NARRATIVE and TALK summed over a line.

    Args:
        table: packed weights, (MAX_SYMBOLS + 2**PAIR_BITS,) uint32: characters first, then hashed pairs. The first
            entry, the separator's, has no weight.
        margin: by how much the best must lead, in the table's units, for a line not to be UNSURE. FORMAL needs no lead.
    """

    def __init__(self, table: Array32, margin: int) -> None:
        self.table, self.margin = table, margin

    def of_lines(self, symbols: Array32, starts: NDArray[np.intp]) -> NDArray[np.uint8]:
        """The register of each line; `starts` says where the lines begin, ascending, the first at 0."""
        if not len(symbols):
            return np.zeros(len(starts), np.uint8)
        totals = np.stack([np.add.reduceat(w, starts) for w in self._weights(symbols)], axis=1)
        best = totals.argmax(axis=1).astype(np.uint8)
        ordered = np.sort(totals, axis=1)
        unsure = (best != FORMAL) & (ordered[:, 2] - ordered[:, 1] < self.margin)
        return np.where(unsure, UNSURE, best).astype(np.uint8)

    def _weights(self, symbols: Array32) -> Iterator[NDArray[np.int32]]:
        """Each label's weight at each character, (N,): its own and that of the pair it begins."""
        one, two = self.table.take(symbols), self.table.take(pair_index(symbols))
        even = (one & LANES) + (two & LANES)
        odd = ((one >> np.uint32(8)) & LANES) + ((two >> np.uint32(8)) & LANES)
        for sums in (even & LOW, odd & LOW, even >> np.uint32(16)):
            yield sums.view(np.int32) - 2 * BIAS
