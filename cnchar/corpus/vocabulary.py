"""Builds a vocabulary from whole files, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from cnchar.corpus.raw_text import Reading, text_of
from cnchar.errors import BadInput
from cnchar.io.blocks import Block
from cnchar.io.files import STDIN, atomic_output, expand_inputs
from cnchar.io.parallel import ordered_map
from cnchar.io.stream import read_inputs
from cnchar.text.counts import CharacterCounts, Limits, VocabReport, choose, count_block

if TYPE_CHECKING:
    from cnchar.text.counts import BlockCounts

_LINES = Reading()


def count_files(inputs: Sequence[str], reading: Reading = _LINES, *, jobs: int = 1) -> CharacterCounts:
    """Counts the characters of the text in all inputs, line ends left out. Raises BadInput for what cannot be read."""
    counts = CharacterCounts()
    if reading.corpus:
        blocks, reading = _sentences(inputs, reading), _LINES
    else:
        blocks = read_inputs(inputs, encoding=reading.encoding, errors=reading.errors)
    with closing(ordered_map(partial(_count, reading=reading), blocks, jobs)) as results:
        for result in results:
            counts.add(result)
    return counts


def _sentences(inputs: Sequence[str], reading: Reading) -> Iterator[Block]:
    for path in expand_inputs(inputs):
        yield from map(Block, reading.open(path).blocks())


def _count(block: Block, reading: Reading) -> BlockCounts:
    return count_block(text_of(block, reading))


def build_vocab(
    inputs: Sequence[str],
    output: str | None,
    limits: Limits,
    reading: Reading = _LINES,
    *,
    force: bool = False,
    jobs: int = 1,
) -> VocabReport:
    """Writes the vocabulary of `inputs` to `output` (None or `-`: standard output) and returns what it covers.

    Raises BadInput when `output` exists and `force` is not set, before anything is read.
    """
    with atomic_output(None if output == STDIN else output, force) as out:
        vocab, report = choose(count_files(inputs, reading, jobs=jobs), limits)
        out.write(vocab.dumps().encode("utf-8"))
    return report


def limits_of(
    min_count: int = 1, max_size: int | None = None, coverage: float | None = None, special: str | None = None
) -> Limits:
    """The limits as options give them; `special` separates its symbols by commas. Raises BadInput."""
    try:
        if special is None:
            return Limits(min_count, max_size, coverage)
        return Limits(min_count, max_size, coverage, tuple(symbol.strip() for symbol in special.split(",")))
    except ValueError as error:
        raise BadInput(f"These limits cannot be: {error}; see cnchar build-vocab --help.") from None
