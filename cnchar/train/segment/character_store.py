"""Any amount of text as records in a file, one a character, and batches of pieces of it in constant memory.

What is known of a character lies in one place, so that a piece of text is one read. Knows no task: what the records
hold and how a batch is made of them is for the caller to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from cnchar.errors import CncharError
from cnchar.io.files import FULL

Records = NDArray[np.void]
Index = NDArray[np.int64]
Batch = dict[str, torch.Tensor]
Collate = Callable[[Records, NDArray[np.bool_]], Batch]

_NOISE = 0.2  # pieces of like length come together, but not always the same ones


def gather(records: Records, starts: Index, lengths: Index) -> tuple[Records, NDArray[np.bool_]]:
    """The records of some pieces, padded at their ends, and which of them are no padding: (B, T), (B, T)."""
    steps = np.arange(lengths.max(initial=0))
    places = np.minimum(starts[:, None] + steps, len(records) - 1)  # (B, T)
    return records[places], steps < lengths[:, None]


@dataclass(frozen=True)
class CharacterStore:
    """Records in a file, and the pieces of text that lie in it.

    starts, lengths: (P,), where the pieces begin and how many characters they have.
    """

    path: Path
    dtype: np.dtype[np.void]
    starts: Index
    lengths: Index

    def gather(self, pieces: Index) -> tuple[Records, NDArray[np.bool_]]:
        """The records of these pieces (B,), padded, and which are no padding: (B, T), (B, T)."""
        # Mapped anew for every batch: pages that were read long ago do not count as this process's memory.
        records = np.memmap(self.path, self.dtype, mode="r")
        return gather(records, self.starts[pieces], self.lengths[pieces])


class StoreWriter:
    """Writes a CharacterStore, as much text at a time as one likes. Raises CncharError where the disk is full."""

    def __init__(self, path: Path, dtype: np.dtype[np.void]) -> None:
        self.path, self.dtype = path, dtype
        self._stream = path.open("wb")
        self._size = 0
        self._pieces: list[tuple[Index, NDArray[np.int32]]] = []

    def add(self, records: Records, starts: Index, lengths: Index) -> None:
        """Append records (N,) and the pieces (P,), (P,) among them; records in no piece are kept and not used."""
        try:
            self._stream.write(records.tobytes())
        except OSError as error:
            raise self._told(error) from None
        self._pieces.append((starts + self._size, lengths.astype(np.int32)))
        self._size += len(records)

    def close(self) -> CharacterStore:
        """The whole store."""
        try:
            self._stream.close()
        except OSError as error:
            raise self._told(error) from None
        starts = np.concatenate([np.empty(0, np.int64), *(starts for starts, _ in self._pieces)])
        lengths = np.concatenate([np.empty(0, np.int32), *(lengths for _, lengths in self._pieces)])
        return CharacterStore(self.path, self.dtype, starts, lengths)

    def _told(self, error: OSError) -> Exception:
        if error.errno not in FULL:
            return error
        needed = f"the training data needs about {self.dtype.itemsize} bytes a character there"
        return CncharError(f"No space left to write {self.path}; {needed}: free some space first.")


@dataclass(frozen=True)
class PieceBatches:
    """Batches of pieces of like length, `batch_chars` characters or a little more or less, in an order of chance.

    The order depends on the seed and the epoch's number alone. Memory: some 60 bytes a piece, and a batch.
    """

    store: CharacterStore
    collate: Collate
    batch_chars: int
    seed: int

    @property
    def characters_per_epoch(self) -> int:
        """How many characters one epoch has."""
        return int(self.store.lengths.sum(dtype=np.int64))

    def epoch(self, number: int, start: int = 0, step: int = 1) -> Iterator[Batch]:
        """Every piece once; or the batches from `start` on, every `step`-th, and only those are read."""
        cut = self._cut(np.random.default_rng([self.seed, number]))
        for pieces in islice(cut, start, None, step):
            yield self.collate(*self.store.gather(pieces))

    def characters(self, batch: Batch) -> int:
        """How many characters of a batch are no padding."""
        return int(torch.count_nonzero(batch["chars"]))

    def _cut(self, chance: np.random.Generator) -> Iterator[Index]:
        """The pieces of each batch, (B,)."""
        lengths = self.store.lengths
        noise = chance.random(len(lengths), np.float32) * np.float32(_NOISE) + np.float32(1)
        order = np.argsort(lengths * noise, kind="stable")
        ends = np.cumsum(lengths[order], dtype=np.int64)
        count = max(1, round(int(ends[-1]) / self.batch_chars))  # all of one size, none small at the end
        batch_of = (ends - 1) * count // ends[-1]
        cuts = np.flatnonzero(np.diff(batch_of, prepend=-1, append=count))
        for at in chance.permutation(len(cuts) - 1).tolist():
            yield order[cuts[at] : cuts[at + 1]]


def tensor(values: NDArray[Any], kind: type[np.generic], mask: NDArray[np.bool_], padding: int = 0) -> torch.Tensor:
    """Values (B, T, ...) as a tensor of another type, with `padding` where the mask (B, T) says so."""
    out = values.astype(kind)
    out[~mask] = padding
    return torch.from_numpy(out)
