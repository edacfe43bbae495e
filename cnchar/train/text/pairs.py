"""Lines as they were typed and as they should be, among the prepared text (train/text/shards.py)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from cnchar.bundle import sha256
from cnchar.corpus.rivals import Pairs
from cnchar.corpus.segmented import SegmentedFile
from cnchar.errors import BadInput
from cnchar.io.files import atomic_output
from cnchar.tasks.packed_lines import BEGIN, FIRST_CHARACTER, UNKNOWN, Alphabet
from cnchar.text.normalise import is_hanzi
from cnchar.train.text.shards import MARKS, MakeShard, Marks, Shard, TextShards

HELD = 10  # one pair in so many is never learned from: those whose number, from 0, this divides
_HELD_PAIRS = "held_pairs"

Pair = tuple[str, str]  # as typed, as it should be


def read_pairs(file: SegmentedFile) -> Iterator[Pair]:
    """The pairs of a file. Raises BadInput, which names the line, for one that has not two texts of one length."""
    for number, line in enumerate(file.lines(), 1):
        if not line:
            continue
        typed, tab, right = line.partition("\t")
        if not tab or "\t" in right or len(typed) != len(right) or not typed:
            raise BadInput(f"{file.name} line {number}: expected what was typed, a TAB, and the same length corrected.")
        yield typed, right


def split_pairs(path: str, encoding: str = "utf-8") -> tuple[list[Pair], list[Pair], str]:
    """What to learn from, what to choose by, and the sha256 of the file."""
    file = SegmentedFile(path, encoding=encoding)
    pairs = list(read_pairs(file))
    return [p for n, p in enumerate(pairs) if n % HELD], pairs[::HELD], file.sha256


def pair_source(path: str, alphabet: Alphabet, encoding: str, marks: Mapping[str, Marks]) -> MakeShard:
    """What makes a source of a file of pairs: its symbols are the right ones, the mark `typed` has those typed."""

    def make(folder: Path, stem: str) -> Shard:
        learned, held, digest = split_pairs(path, encoding)
        if not learned:
            raise BadInput(f"{path} has too few pairs to learn from: give two or more.")
        right = [pair[1] for pair in learned]
        symbols = alphabet.read(right)
        arrays = {
            "symbols": symbols.astype("<u2" if len(alphabet) <= 1 << 16 else "<u4"),
            "typed": alphabet.read([pair[0] for pair in learned]).astype(MARKS["typed"]),
            **{kind: mark(right).astype(MARKS[kind]) for kind, mark in marks.items()},
        }
        data = {kind: array.tobytes() for kind, array in arrays.items()}
        data |= {"held_out": b"", _HELD_PAIRS: "".join(f"{a}\t{b}\n" for a, b in held).encode()}
        files = {}
        for kind, content in data.items():
            name = f"{stem}.{kind.replace('_', '-')}"
            with atomic_output(str(folder / name)) as out:
                out.write(content)
            files[kind] = (name, sha256(folder / name))
        unknown = int(np.count_nonzero(symbols == UNKNOWN))
        lines = int(np.count_nonzero(symbols == BEGIN))
        return Shard(path, digest, lines, len(symbols) - lines, unknown, 0, files)

    return make


def held_pairs(text: TextShards) -> list[Pair]:
    """The pairs that are never learned from, source by source."""
    found: list[Pair] = []
    for shard in text.shards:
        if _HELD_PAIRS in shard.files:
            found += read_pairs(SegmentedFile(str(text.folder / shard.files[_HELD_PAIRS][0])))
    return found


def error_counts(text: TextShards) -> Pairs:
    """(right, wrong): how often each hanzi was typed for which, in the pairs that are learned from."""
    characters = text.alphabet.vocab.characters
    counts: Counter[tuple[str, str]] = Counter()
    for shard in text.shards:
        if (typed := text.marks(shard, "typed")) is None:
            continue
        right = np.asarray(text.symbols(shard), np.int64)
        wrong = (right != typed) & (right >= FIRST_CHARACTER) & (typed >= FIRST_CHARACTER)
        for one, other in zip(right[wrong].tolist(), typed[wrong].tolist(), strict=True):
            counts[characters[one - FIRST_CHARACTER], characters[other - FIRST_CHARACTER]] += 1
    return {pair: count for pair, count in counts.items() if all(map(is_hanzi, pair))}
