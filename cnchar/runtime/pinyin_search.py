"""How look-up tables and a network find the best paths through pinyin lattices together.

The tables alone find the likeliest way to cut each line into syllables, or some where several candidates are wanted.
The network reads each of them as a whole, and the last search goes over them with the scores of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from cnchar.bundle import open_bundle, resolve
from cnchar.decode.pinyin_lattice import Path, PinyinLattice
from cnchar.errors import BadInput
from cnchar.pinyin.syllables import SYLLABLES, Syllable
from cnchar.runtime.unit_network import open_unit_network
from cnchar.tasks.pinyin2hanzi import TASK
from cnchar.tasks.pinyin_tables import ARCHITECTURES, open_decoder

if TYPE_CHECKING:
    from cnchar.runtime.neural import Device
    from cnchar.runtime.unit_network import UnitNetwork
    from cnchar.tasks.unit_scores import UnitScores

BATCH_EDGES = 1 << 13  # of lattices that are searched together
_MARGIN = 8.0  # nats: ways that are further behind are not scored


class Decoder(Protocol):
    """What finds the best paths through lattices."""

    @property
    def silent(self) -> frozenset[int]:
        """Syllables, by number, that it has no character for: no lattice may hold them."""

    def decode(
        self, lattices: Sequence[PinyinLattice], unary: Sequence[UnitScores | None] | None = None, nbest: int = 1
    ) -> list[list[Path]]:
        """The `nbest` best paths of each, with the scores of a network for the lattices that are one way."""

    def with_words(self, words: Sequence[tuple[str, tuple[Syllable, ...], int]]) -> Decoder:
        """One that knows further words: text, readings (tone 0 is any tone), how often among a million words."""


@dataclass(frozen=True)
class PinyinModel:
    """The tables of a bundle and, unless it has none or it was left out, its network. Thread-safe."""

    decoder: Decoder
    network: UnitNetwork | None = None
    name: str = ""
    version: str = ""

    def search(self, lattices: Sequence[PinyinLattice], nbest: int = 1) -> list[list[Path]]:
        """The best paths through each lattice, best first; with a network up to `nbest` for each way it scored."""
        return [paths for some in _batches(lattices) for paths in self._search(some, nbest)]

    def _search(self, lattices: Sequence[PinyinLattice], nbest: int) -> list[list[Path]]:
        if self.network is None:
            return self.decoder.decode(lattices, None, nbest)
        ways = list(_likely_ways(self.decoder, lattices, nbest))
        single = [way.lattice for way in ways]
        found: list[list[Path]] = [[] for _ in lattices]
        for way, paths in zip(ways, self.decoder.decode(single, self.network(single), nbest), strict=True):
            found[way.at] += [replace(path, edges=way.numbers(path.edges)) for path in paths]
        return [sorted(paths, key=lambda path: -path.score) for paths in found]


def open_pinyin_model(
    model: str, *, fast: bool = False, device: Device = "auto", threads: int | None = None
) -> PinyinModel:
    """Open a shipped model or a folder; `fast` without its network. Raises CncharError for what cannot be read."""
    bundle = open_bundle(resolve(model, TASK), TASK, ARCHITECTURES)
    network = None if fast else open_unit_network(bundle, device, threads)
    if device == "cuda" and network is None:
        raise BadInput(f"--device cuda is for networks, and {bundle.name} is used without one; leave the option out.")
    return PinyinModel(open_decoder(bundle), network, bundle.name, str(bundle.version))


def _batches(lattices: Sequence[PinyinLattice]) -> Iterator[Sequence[PinyinLattice]]:
    """All of them, some at a time, so that a line of any length needs no more memory than many short ones."""
    start = size = 0
    for at, lattice in enumerate(lattices):
        if size and size + len(lattice) > BATCH_EDGES:
            yield lattices[start:at]
            start, size = at, 0
        size += len(lattice)
    if size:
        yield lattices[start:]


@dataclass(frozen=True)
class _Way:
    """One way through the lattice at place `at` of a batch, and the numbers its edges have there."""

    at: int
    lattice: PinyinLattice
    edges: Sequence[int]

    def numbers(self, edges: Iterable[int]) -> tuple[int, ...]:
        return tuple(self.edges[edge] for edge in edges)


def _likely_ways(decoder: Decoder, lattices: Sequence[PinyinLattice], nbest: int) -> Iterator[_Way]:
    """The likeliest ways to cut each lattice into syllables: those of the decoder's own `nbest` best paths."""
    several = [at for at, lattice in enumerate(lattices) if not _is_one_way(lattice)]
    found = decoder.decode([lattices[at] for at in several], None, nbest) if several else []
    paths = dict(zip(several, found, strict=True))
    for at, lattice in enumerate(lattices):
        if at not in paths:
            yield _Way(at, lattice, range(len(lattice)))
            continue
        best = paths[at][0].score
        near = dict.fromkeys((p.edges, p.syllables) for p in paths[at] if p.score > best - _MARGIN)
        for edges, syllables in near:
            way = lattice.restrict(np.array(edges, np.intp))
            yield _Way(at, replace(way, syllables=np.array(syllables, np.int16)), edges)


def _is_one_way(lattice: PinyinLattice) -> bool:
    return len(lattice) == lattice.size and int(lattice.syllables.max()) < len(SYLLABLES)
