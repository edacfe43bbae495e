"""What a network says of pinyin: for each syllable of a line, how likely each of its units is, given all the others.

The network reads a line as symbols: a syllable is one, kept text is that of its character. A word of other writing is
one letter, a number is one digit. It gives a vector for each place, and a unit's score is its row of the output table
times that vector: only the units of the syllable that stands there are scored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import CONFIG, Bundle, array_bytes
from cnchar.errors import BadBundle, BadInput
from cnchar.nn.config import LONGEST, ModelConfig
from cnchar.pinyin.syllables import SYLLABLES
from cnchar.pinyin.tokens import HANZI
from cnchar.pinyin.units import Units, read_units
from cnchar.tasks.neural import BATCH, Batch, alike
from cnchar.tasks.packed_lines import BEGIN, Alphabet
from cnchar.text.vocab import Vocab

UNITS, VOCABULARY = "units.tsv", "context.txt"  # files of a bundle: the units, and what is known of kept text
OUTPUT, OUTPUT_ROWS = "output.npy", "output_rows.npy"  # (U, H) int8; (U, 2): the scale of each row, and its bias
MAX_LENGTH, OVERLAP = 256, 32
_FLUSH = 1 << 13  # places scored together: their vectors are kept until then
_LETTER, _DIGIT = "a", "0"
_SPACE, _NUMBER, _WORD = re.compile(r"\s+"), re.compile(r"\d+"), re.compile(rf"(?:(?![{HANZI}])[^\W\d_])+")

Index = NDArray[np.intp]
Floats = NDArray[np.float32]
Network = Callable[[Batch], Floats]  # from symbols (B, T), 0 behind the ends, to vectors (B, T, H)


class UnitScores(NamedTuple):
    """The units of place i of a line, in order, have log-probabilities values[offsets[i] : offsets[i + 1]].

    Kept text has none. offsets: (N + 1,); values: float32, in nats.
    """

    offsets: Index
    values: Floats


class OneWay(Protocol):
    """A lattice that is one way (decode.pinyin_lattice): `syllables` (N,) numbers, below 0 where `kept` is text."""

    @property
    def syllables(self) -> NDArray[np.int16]: ...

    @property
    def kept(self) -> NDArray[np.int32]: ...


def as_context(line: str) -> str:
    """Text as the network sees it: a letter for each word of other writing, a digit for each number, no white space."""
    return _NUMBER.sub(_DIGIT, _WORD.sub(_LETTER, _SPACE.sub("", line)))


@dataclass(frozen=True)
class Parts:
    """All of a network for pinyin but its graph. table: (U, H), bias: (U,) of the output layer."""

    config: ModelConfig
    units: Units
    alphabet: Alphabet
    table: Floats
    bias: Floats
    max_length: int = MAX_LENGTH
    overlap: int = OVERLAP

    @cached_property
    def typed(self) -> NDArray[np.int64]:
        """The symbol of each syllable, (S,)."""
        return syllable_symbols(self.alphabet)

    @cached_property
    def border(self) -> int:
        """How many [BOS] stand on each side of a line: a recurrent network knows its ends by them alone."""
        return int(is_recurrent(self.config))

    def symbols(self, way: OneWay) -> NDArray[np.int64]:
        """What the network reads of a line, (N,) with its borders."""
        kept = "".join(map(chr, way.kept[way.syllables < 0].tolist()))
        symbols = self.typed[np.maximum(way.syllables, 0)]
        symbols[way.syllables < 0] = context_symbols(self.alphabet, kept)
        return np.pad(symbols, self.border, constant_values=BEGIN)


def is_recurrent(config: ModelConfig) -> bool:
    """Whether a network reads on over the ends of lines that are packed one behind the other."""
    return config.backbone in ("rnn", "lstm", "gru")


def syllable_symbols(alphabet: Alphabet) -> NDArray[np.int64]:
    """The symbol of each syllable, (S,): they come after those of kept text."""
    return np.arange(len(SYLLABLES), dtype=np.int64) + len(alphabet)


def context_symbols(alphabet: Alphabet, characters: str) -> NDArray[np.int64]:
    """The symbols of kept pieces (N,), each given by its first character."""
    folded = "".join(as_context(character) or "\n" for character in characters)
    return alphabet.read([folded])[1:].astype(np.int64)


def score_ways(network: Network, parts: Parts, ways: Sequence[OneWay], batch_chars: int = BATCH) -> list[UnitScores]:
    """The scores of the units of each place of each line, which may have any length."""
    border = parts.border
    sizes = np.array([len(way.syllables) + 2 * border for way in ways], np.intp)
    symbols = np.concatenate([np.empty(0, np.int64), *(parts.symbols(way) for way in ways)])
    padded = (np.pad(way.syllables, border, constant_values=-1) for way in ways)
    syllables = np.concatenate([np.empty(0, np.int16), *padded])
    counts = np.where(syllables < 0, 0, parts.units.sizes[np.maximum(syllables, 0)])
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.intp)
    values = np.empty(offsets[-1], np.float32)
    for places, vectors in _vectors(network, parts, symbols, sizes, batch_chars):
        spoken = syllables[places] >= 0
        score_units(parts, syllables[places[spoken]], vectors[spoken], offsets[places[spoken]], values)
    ends = np.concatenate([[0], np.cumsum(sizes)])
    lines = [(start + border, stop - border) for start, stop in pairwise(ends.tolist())]
    return [
        UnitScores(offsets[start : stop + 1] - offsets[start], values[offsets[start] : offsets[stop]])
        for start, stop in lines
    ]


def score_units(parts: Parts, syllables: NDArray[np.int16], vectors: Floats, offsets: Index, values: Floats) -> None:
    """Put the log-probabilities of the units of syllables (N,), from vectors (N, H), into `values` from offsets on."""
    order = np.argsort(syllables, kind="stable")
    cuts = np.flatnonzero(np.diff(syllables[order], prepend=-1, append=-1))
    for at, stop in pairwise(cuts.tolist()):
        group = order[at:stop]
        syllable = syllables[group[0]]
        first, last = parts.units.firsts[syllable : syllable + 2]
        scores = vectors[group] @ parts.table[first:last].T + parts.bias[first:last]
        scores -= scores.max(1, keepdims=True, initial=-np.inf)
        scores -= np.log(np.exp(scores).sum(1, keepdims=True))
        values[offsets[group, None] + np.arange(last - first)] = scores


def _vectors(
    network: Network, parts: Parts, symbols: NDArray[np.int64], sizes: Index, batch_chars: int
) -> Iterator[tuple[Index, Floats]]:
    """The vectors (N, H) of places (N,), some thousands at a time, each place once."""
    starts, stops, keeps, ends = _windows(sizes, parts.max_length, parts.overlap)
    found: list[tuple[Index, Floats]] = []
    for rows in alike(stops - starts, batch_chars):
        places = starts[rows, None] + np.arange((stops - starts)[rows].max())  # (B, T)
        inside = places < stops[rows, None]
        answer = network({"chars": np.where(inside, symbols.take(places, mode="clip"), 0)})
        kept = inside & (places >= keeps[rows, None]) & (places < ends[rows, None])
        found.append((places[kept], answer[kept]))
        if sum(len(each) for each, _ in found) >= _FLUSH:
            yield np.concatenate([each for each, _ in found]), np.concatenate([each for _, each in found])
            found.clear()
    if found:
        yield np.concatenate([each for each, _ in found]), np.concatenate([each for _, each in found])


def _windows(sizes: Index, longest: int, overlap: int) -> tuple[Index, Index, Index, Index]:
    """Runs (starts, stops) of at most `longest` places of lines packed one behind the other, and what is kept of each.

    A line that fits is one run; of the runs of a longer one, each sees `overlap` places on both sides of what is kept.
    """
    ends = np.cumsum(sizes)
    begins, step = ends - sizes, longest - 2 * overlap
    counts = np.where(sizes <= longest, np.minimum(sizes, 1), -(-sizes // step))
    lines = np.repeat(np.arange(len(sizes)), counts)
    nth = np.arange(len(lines)) - np.repeat(np.cumsum(counts) - counts, counts)
    whole = sizes[lines] <= longest
    keeps = begins[lines] + nth * step
    stops = np.where(whole, ends[lines], np.minimum(keeps + step, ends[lines]))
    return (
        np.maximum(keeps - overlap, begins[lines]), np.minimum(stops + overlap, ends[lines]), keeps, stops
    )  # fmt: skip


def read_parts(bundle: Bundle) -> Parts:
    """All of a bundle's network for pinyin but its graph. Raises BadBundle for files that do not fit together."""
    try:
        config = ModelConfig.from_dict(bundle.get("model", dict))
        units = read_units(bundle.lines(UNITS), str(bundle.path(UNITS)))
        alphabet = Alphabet(Vocab.load(bundle.path(VOCABULARY)))
    except BadInput as error:
        raise BadBundle(f"{bundle.folder}: the model does not fit together: {error}") from None
    rounded, rows = bundle.array(OUTPUT, "int8", 2), bundle.array(OUTPUT_ROWS, "float32", 2)
    sizes = tuple(units.sizes[units.sizes > 0].tolist())
    symbols = len(alphabet) + len(SYLLABLES)
    if config.groups != sizes or config.symbols != symbols or config.flags:
        raise BadBundle(
            f"{bundle.folder / CONFIG}: its network is not one of {len(units)} units and {symbols} symbols."
        )
    if rounded.shape != (len(units), config.hidden) or rows.shape != (len(units), 2) or not np.isfinite(rows).all():
        raise BadBundle(
            f"{bundle.folder / OUTPUT}: not the rows of {len(units)} units; fetch or train the model again."
        )
    max_length, overlap = bundle.get("max_length", int), bundle.get("overlap", int)
    if not 0 <= 2 * overlap < max_length <= LONGEST:
        raise BadBundle(
            f"{bundle.folder / CONFIG}: 'max_length' should be at most {LONGEST}, 'overlap' less than half."
        )
    return Parts(config, units, alphabet, rounded * rows[:, :1], rows[:, 1].copy(), max_length, overlap)


def output_files(table: Floats, bias: Floats) -> dict[str, bytes]:
    """The files of a bundle that hold an output layer, its rows (U, H) rounded to int8."""
    scale = np.maximum(np.abs(table).max(1), 1e-12) / 127
    rounded = np.rint(table / scale[:, None]).astype(np.int8)
    rows = np.stack([scale, bias], 1).astype(np.float32)
    return {OUTPUT: array_bytes(rounded), OUTPUT_ROWS: array_bytes(rows)}


__all__ = [
    "MAX_LENGTH", "OUTPUT", "OUTPUT_ROWS", "OVERLAP", "UNITS", "VOCABULARY", "Network", "OneWay", "Parts", "UnitScores",
    "as_context", "context_symbols", "is_recurrent", "output_files", "read_parts", "score_units", "score_ways",
    "syllable_symbols",
]  # fmt: skip
