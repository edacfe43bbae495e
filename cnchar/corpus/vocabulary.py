"""Builds a vocabulary from whole files, in constant memory."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from cnchar.errors import BadInput
from cnchar.io.blocks import Block
from cnchar.io.decode import Errors
from cnchar.io.files import atomic_output
from cnchar.io.parallel import ordered_map
from cnchar.io.stream import read_inputs
from cnchar.text.counts import CharacterCounts, Limits, VocabReport, choose, count_block

if TYPE_CHECKING:
    from cnchar.text.counts import BlockCounts


def count_files(
    inputs: Sequence[str], *, encoding: str = "utf-8", errors: Errors = "strict", jobs: int = 1
) -> CharacterCounts:
    """Counts the characters of all inputs, line ends left out. Raises BadInput for what cannot be read."""
    counts = CharacterCounts()
    blocks = read_inputs(inputs, encoding=encoding, errors=errors)
    with closing(ordered_map(_count, blocks, jobs)) as results:
        for result in results:
            counts.add(result)
    return counts


def _count(block: Block) -> BlockCounts:
    return count_block(block.text)


def build_vocab(
    inputs: Sequence[str],
    output: str | None,
    limits: Limits,
    *,
    force: bool = False,
    encoding: str = "utf-8",
    errors: Errors = "strict",
    jobs: int = 1,
) -> VocabReport:
    """Writes the vocabulary of `inputs` to `output` (None: standard output) and returns what it covers.

    Raises BadInput when `output` exists and `force` is not set, before anything is read.
    """
    with atomic_output(output, force) as out:
        vocab, report = choose(count_files(inputs, encoding=encoding, errors=errors, jobs=jobs), limits)
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
