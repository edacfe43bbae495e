"""All the ways a run of typed letters can be cut into syllables: `xian` is xian or xi an.

The lattice is what a decoder searches; `best_path` is the plainest such search, which looks at the syllables alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.pinyin.letters import Letters, read_letters
from cnchar.pinyin.spellings import EXACT, Typing, spellings
from cnchar.pinyin.syllables import ALONE, SYLLABLES

# A syllable that begins with a vowel should have an apostrophe before it (GB/T 16159): fangan is fan gan, not fang an.
VOWEL_INSIDE = 4.0
_VOWELS = frozenset(number for number, syllable in enumerate(SYLLABLES) if syllable[0] in "aeoê")


@dataclass(frozen=True)
class Lattice:
    """Edges between the n + 1 places around n letters, sorted by start; every one lies on a way from 0 to n.

    Letter i stands at `begins[i]` to `ends[i]` of the text, so an edge covers begins[start] to ends[stop - 1].
    """

    begins: NDArray[np.int32]  # (n,)
    ends: NDArray[np.int32]  # (n,)
    breaks: NDArray[np.bool_]  # (n + 1,) where a syllable must end: spaces, apostrophes, tone digits
    starts: NDArray[np.int32]  # (E,)
    stops: NDArray[np.int32]  # (E,)
    syllables: NDArray[np.int16]  # (E,) numbers of syllables, or of what stands for several: spellings.syllables_of
    tones: NDArray[np.int8]  # (E,) 0 where none is given
    penalties: NDArray[np.float32]  # (E,) nats; 0 as it should be typed

    def span(self, edge: int) -> tuple[int, int]:
        """Where an edge stands in the text, half-open, with its tone mark or digit."""
        return int(self.begins[self.starts[edge]]), int(self.ends[self.stops[edge] - 1])


def split(text: str, typing: Typing = EXACT) -> Lattice | None:
    """The lattice of a run of letters, or None where it cannot be cut into syllables. Linear in its length."""
    return lattice_of(read_letters(text), typing)


def lattice_of(run: Letters, typing: Typing = EXACT) -> Lattice | None:
    """The lattice of letters that were read already."""
    starts, stops, syllables, tones, penalties = _edges(run, typing)
    alive = bytearray(len(run) + 1)
    alive[-1] = 1
    for start, stop in zip(reversed(starts), reversed(stops), strict=True):
        alive[start] |= alive[stop]
    if not len(run) or not alive[0]:
        return None
    kept = np.flatnonzero(np.frombuffer(alive, np.uint8)[np.array(stops, np.int32)])
    return Lattice(
        np.array(run.starts, np.int32),
        np.array(run.stops, np.int32),
        np.array(run.breaks, bool),
        np.array(starts, np.int32)[kept],
        np.array(stops, np.int32)[kept],
        np.array(syllables, np.int16)[kept],
        np.array(tones, np.int8)[kept],
        np.array(penalties, np.float32)[kept],
    )


Columns = tuple[list[int], list[int], list[int], list[int], list[float]]


def _edges(run: Letters, typing: Typing, *, everywhere: bool = False) -> Columns:
    """Starts, stops, syllables, tones and penalties of all edges that can be reached from the left, or of all."""
    table, letters, breaks = spellings(typing), run.letters, run.breaks
    longest = max(map(len, table))
    reached = bytearray([everywhere]) * (len(run) + 1)
    reached[0] = 1
    # Columns, not rows: a megabyte of letters has a million edges.
    edges: Columns = ([], [], [], [], [])
    starts, stops, syllables, tones, penalties = edges
    for start in range(len(run)):
        if not reached[start]:
            continue
        for stop in range(start + 1, min(start + longest, len(run)) + 1):
            ways = table.get(letters[start:stop])
            tone = run.tone(start, stop) if ways else None
            if ways and tone is not None:
                for syllable, penalty in ways:
                    if syllable not in ALONE or (breaks[start] and breaks[stop]):
                        reached[stop] = 1
                        starts.append(start)
                        stops.append(stop)
                        syllables.append(syllable)
                        tones.append(tone)
                        penalties.append(penalty)
            if breaks[stop]:
                break
    return edges


def slips(text: str, typing: Typing = EXACT) -> list[tuple[int, int]]:
    """The fewest letters of a run that must be taken out so that what is left between them can be cut, as stretches.

    Half-open places in the text, the earliest letters of those that would do. Linear in its length.
    """
    run = read_letters(text)
    starts, stops, *_ = _edges(run, typing, everywhere=True)
    ways: list[list[int]] = [[] for _ in range(len(run) + 1)]  # where the syllables from each letter end
    for start, stop in zip(starts, stops, strict=True):
        ways[start].append(stop)
    lost, after = [0] * (len(run) + 1), [0] * (len(run) + 1)  # from each letter to the end
    for start in reversed(range(len(run))):
        after[start] = min(ways[start], key=lost.__getitem__, default=start)
        if after[start] == start or lost[start + 1] + 1 <= lost[after[start]]:
            after[start], lost[start] = start, lost[start + 1] + 1
        else:
            lost[start] = lost[after[start]]
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(run):
        if after[place] == place:
            if found and found[-1][1] == run.starts[place]:
                found[-1] = (found[-1][0], run.stops[place])
            else:
                found.append((run.starts[place], run.stops[place]))
        place = max(after[place], place + 1)
    return found


def best_path(lattice: Lattice, costs: Sequence[float]) -> list[int]:
    """The edges of the cheapest way: penalties, `costs` in nats by syllable number, and VOWEL_INSIDE where it applies.

    An abbreviation costs its penalty alone.
    """
    size = len(lattice.begins)
    total, came = [float("inf")] * (size + 1), [-1] * (size + 1)
    total[0] = 0.0
    breaks = lattice.breaks.tolist()
    columns = (lattice.starts, lattice.stops, lattice.syllables, lattice.penalties)
    for edge, (start, stop, syllable, penalty) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        cost = total[start] + penalty + (costs[syllable] if syllable < len(costs) else 0.0)
        if syllable in _VOWELS and not breaks[start]:
            cost += VOWEL_INSIDE
        if cost < total[stop]:
            total[stop], came[stop] = cost, edge
    path, place = [], size
    while place:
        path.append(came[place])
        place = int(lattice.starts[came[place]])
    return path[::-1]
