"""Lines that came before: exactly (8 bytes a line), or nearly (MinHash in an index of bounded size)."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cnchar.errors import MissingExtra

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

PERMUTATIONS = 128
SHINGLE = 3  # characters


class ExactDuplicates:
    """Remembers every line as a 64-bit hash; among 10^8 different lines one is wrongly dropped once in 3,700 runs.

    The hashes stand in sorted arrays, each at least twice as long as the next: few to search, and 8 bytes a line but
    for the moment of a merge.
    """

    def __init__(self) -> None:
        self._runs: list[Hashes] = []

    def keep(self, lines: Sequence[str]) -> list[bool]:
        """For each line: is this the first time? (n,) -> (n,)"""
        import numpy as np

        hashes = np.frombuffer(b"".join(map(_hash, lines)), dtype="<u8")
        fresh, first = np.unique(hashes, return_index=True)
        for run in self._runs:
            new = ~_contains(run, fresh)
            fresh, first = fresh[new], first[new]
        self._add(fresh)
        keep = np.zeros(len(lines), dtype=bool)
        keep[first] = True
        answer: list[bool] = keep.tolist()
        return answer

    def _add(self, run: Hashes) -> None:
        import numpy as np

        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.concatenate([self._runs.pop(), run])
            run.sort()
        if len(run):
            self._runs.append(run)


def _hash(line: str) -> bytes:
    return hashlib.blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _contains(run: Hashes, hashes: Hashes) -> NDArray[np.bool_]:
    """Which hashes stand in the sorted run. (m,), (n,) -> (n,)"""
    places = run.searchsorted(hashes)
    places[places == len(run)] = 0
    found: NDArray[np.bool_] = run[places] == hashes
    return found


class NearDuplicates:
    """Drops a line whose character 3-grams agree with those of an earlier line to `threshold` or more (Jaccard).

    Estimated with MinHash (Broder 1997) and looked up by locality-sensitive hashing, both datasketch's. The last `max`
    lines that were kept are remembered, about 5 KB each. Raises MissingExtra without datasketch.
    """

    def __init__(self, *, threshold: float = 0.8, max: int = 50_000) -> None:
        try:
            from datasketch import MinHash, MinHashLSH
        except ImportError:
            raise MissingExtra("The rule neardup", "dedup") from None
        self._threshold = threshold
        self._most = max
        self._template = MinHash(num_perm=PERMUTATIONS, hashfunc=_hash32)
        self._index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
        self._sketches: OrderedDict[int, Any] = OrderedDict()
        self._next = 0

    def keep(self, lines: Sequence[str]) -> list[bool]:
        """For each line: is none of the remembered ones like it? (n,) -> (n,)"""
        return [self._keep(line) for line in lines]

    def _keep(self, line: str) -> bool:
        sketch = self._template.copy()
        sketch.update_batch(shingles(line))
        near = (self._sketches[key].jaccard(sketch) for key in self._index.query(sketch))
        if any(likeness >= self._threshold for likeness in near):
            return False
        self._remember(sketch)
        return True

    def _remember(self, sketch: Any) -> None:
        if len(self._sketches) >= self._most:
            oldest, _ = self._sketches.popitem(last=False)
            self._index.remove(oldest)
        self._index.insert(self._next, sketch, check_duplication=False)
        self._sketches[self._next] = sketch
        self._next += 1


def shingles(line: str) -> list[bytes]:
    """The different runs of 3 characters in the line, blanks left out; a shorter line is one shingle."""
    text = "".join(line.split())
    runs = {text[start : start + SHINGLE] for start in range(max(1, len(text) - SHINGLE + 1))}
    return [run.encode("utf-8", "surrogatepass") for run in runs]


def _hash32(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=4).digest(), "little")
