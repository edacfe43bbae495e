"""The one loop of every streaming command: blocks of lines in, text out, in order and in constant memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from cnchar.io.blocks import Block, read_blocks
from cnchar.io.decode import Errors, check_encoding
from cnchar.io.files import atomic_output, display_name, expand_inputs, open_input, plan_outputs
from cnchar.io.parallel import ordered_map
from cnchar.io.progress import progress

T = TypeVar("T")


@dataclass
class Stats:
    """What a run read."""

    files: int = 0
    lines: int = 0
    skipped: int = 0  # lines dropped for their invalid bytes, by errors="skip"

    def skip(self, lines: int) -> None:
        """Counts lines that were dropped."""
        self.skipped += lines


def run(
    inputs: Sequence[str],
    output: str | None,
    transform: Callable[[Any], T],
    *,
    emit: Callable[[T], str] | None = None,
    force: bool = False,
    encoding: str = "utf-8",
    **options: Any,
) -> Stats:
    """Reads `inputs`, gives each block to `transform` (in a worker when `jobs` > 1) and writes what `emit` makes of it.

    `emit` runs here, in the order of the input, so it may keep state; without it `transform` gives the text itself.
    That text is written as it stands, in UTF-8: line-for-line transforms end with `block.restore(...)`.
    Several inputs without `output` follow one another on standard output. `options` are those of `map_blocks`.
    Raises BadInput and CncharError.
    """
    check_encoding(encoding)
    plan = plan_outputs(inputs, output, force)
    paths, targets = [path for path, _ in plan], [target for _, target in plan]
    stats = Stats(files=len(plan))
    to_stdout = None in targets
    with map_blocks(
        paths, transform, stats, encoding=encoding, to_stdout=to_stdout, joined=to_stdout, **options
    ) as results:
        _write(results, targets, emit or str, force)
    return stats


@contextmanager
def map_blocks(
    paths: Sequence[str],
    transform: Callable[[Any], T],
    stats: Stats,
    *,
    prepare: Callable[[Block], object] | None = None,
    encoding: str = "utf-8",
    errors: Errors = "strict",
    jobs: int = 1,
    initializer: Callable[..., object] | None = None,
    initargs: tuple[Any, ...] = (),
    line_buffered: bool = False,
    quiet: bool = False,
    to_stdout: bool = True,
    joined: bool = False,
) -> Iterator[Iterator[tuple[int, list[T]]]]:
    """Yields pairs (index of the path, results of one block), in order; each input starts with (index, []).

    `prepare` runs here, in the order of the input, and so may keep state; `transform` gets what it makes of each block.
    `joined`: the inputs follow one another, so each but the last one ends in a newline. `stats` is counted up.
    """
    check_encoding(encoding)
    read = partial(_read, encoding=encoding, errors=errors, line_buffered=line_buffered, on_skip=stats.skip)
    with progress(paths, quiet=quiet, to_stdout=to_stdout) as on_read:
        items = _items(paths, partial(read, on_read=on_read), stats, prepare, joined=joined)
        with closing(ordered_map(partial(_work, transform), items, jobs, initializer, initargs)) as results:
            yield results
    if stats.skipped and not quiet:
        print(f"Lines with invalid bytes that were skipped: {stats.skipped}.", file=sys.stderr)


def read_inputs(
    inputs: Sequence[str], *, encoding: str = "utf-8", errors: Errors = "strict", **options: Any
) -> Iterator[Block]:
    """The blocks of all inputs, for what reads text and writes none. Options and errors as for `read_blocks`."""
    for path in expand_inputs(inputs):
        yield from _read(path, encoding=encoding, errors=errors, **options)


def _read(path: str, on_read: Callable[[int], object] | None = None, **options: Any) -> Iterator[Block]:
    with open_input(path, on_read) as stream:
        yield from read_blocks(stream, name=display_name(path), **options)


def _items(
    paths: Sequence[str],
    read: Callable[[str], Iterator[Block]],
    stats: Stats,
    prepare: Callable[[Block], object] | None,
    *,
    joined: bool,
) -> Iterator[tuple[int, object]]:
    """Pairs (index of the input, what was prepared of a block). Each input starts with (index, None).

    `joined`: the inputs follow one another, so a last line without a newline gets one when another input comes.
    """
    for index, path in enumerate(paths):
        yield index, None
        for block in read(path):
            stats.lines += block.text.count("\n") + 1
            if joined and index + 1 < len(paths):
                block = replace(block, complete=True)
            yield index, prepare(block) if prepare else block


def _work(transform: Callable[[Any], T], item: tuple[int, object]) -> tuple[int, list[T]]:
    index, prepared = item
    return index, [] if prepared is None else [transform(prepared)]


def _write(
    results: Iterable[tuple[int, list[T]]], targets: Sequence[str | None], emit: Callable[[T], str], force: bool
) -> None:
    for index, group in groupby(results, key=itemgetter(0)):
        target = targets[index]
        with atomic_output(target, force) as out:
            for _, done in group:
                for result in done:
                    out.write(emit(result).encode("utf-8", "replace"))
                    if target is None:
                        out.flush()  # blocks are large, or the input paused: somebody may be waiting for this one
