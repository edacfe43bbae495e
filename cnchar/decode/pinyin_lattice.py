"""What a decoder of pinyin searches and what it finds: plain arrays that know nothing of tables or of typing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KEPT = -1  # stands in `syllables` for text that is no pinyin


@dataclass(frozen=True)
class PinyinLattice:
    """A line as edges between places 0 to `size`, sorted by start; every edge lies on a way from 0 to `size`.

    Text that is no pinyin is an edge for each hanzi, mark of punctuation, word or number: the code point of its first
    character stands in `kept`, and no other edge goes past it.
    """

    size: int
    starts: NDArray[np.int32]  # (E,)
    stops: NDArray[np.int32]  # (E,)
    syllables: NDArray[np.int16]  # (E,) numbers of syllables, or what stands for several, or KEPT
    tones: NDArray[np.int8]  # (E,) 0 where none is given
    penalties: NDArray[np.float32]  # (E,) nats
    kept: NDArray[np.int32]  # (E,) 0 for pinyin

    def __len__(self) -> int:
        return len(self.starts)

    def restrict(self, edges: NDArray[np.integer]) -> PinyinLattice:
        """The lattice of some of the edges, by ascending number, that make whole ways."""
        return PinyinLattice(
            self.size,
            self.starts[edges],
            self.stops[edges],
            self.syllables[edges],
            self.tones[edges],
            self.penalties[edges],
            self.kept[edges],
        )


@dataclass(frozen=True)
class Path:
    """A way through a lattice and the text it gives.

    For each edge its character, "" where text is kept, and its syllable: an abbreviation's is the one it was taken for.
    """

    score: float  # nats
    edges: tuple[int, ...]
    text: tuple[str, ...]
    syllables: tuple[int, ...]
