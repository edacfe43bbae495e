"""The text a segmenter learns from and is chosen by, read from its files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cnchar.errors import BadInput
from cnchar.train.segment.character_store import CharacterStore
from cnchar.train.segment.characters import of_text
from cnchar.train.segment.data import Source, hold_out, write_store
from cnchar.train.segment.development import Development
from cnchar.train.segment.options import SegmenterOptions
from cnchar.train.segment.start import Start, fresh


@dataclass(frozen=True)
class SegmenterText:
    """Text that was read.

    start: what the model begins with, its characters now known. digests: sha256 of each file by path, and of the model
    that training begins with as "--from".
    """

    start: Start
    store: CharacterStore
    development: Development
    digests: dict[str, str]


@contextmanager
def read_text(options: SegmenterOptions, start: Start | None, folder: Path) -> Iterator[SegmenterText]:
    """Read all text; what is learned from lies in a file below `folder` within this block.

    Raises BadInput for text that cannot be read or learned from, CncharError where the disk is full.
    """
    digests: dict[str, str] = {}
    dev = _read_dev(options, digests)
    if start is None:
        start = fresh(of_text(_training_lines(options, digests, None if dev else [])), options.standard)
    elif start.digest:
        digests["--from"] = start.digest
    held_out: list[str] = []
    with _place_for_data(folder) as place:
        lines = _training_lines(options, digests, None if dev else held_out)
        store = write_store(lines, start.features, start.max_length, place / "characters")
        if not (dev or held_out):
            raise BadInput("Too little text to hold some out to choose by: give more, or name some with --dev.")
        yield SegmenterText(start, store, Development(dev or held_out, start), digests)


def _read_dev(options: SegmenterOptions, digests: dict[str, str]) -> list[str]:
    if not options.dev:
        return []
    source = Source(options.dev, options.form, options.encoding)
    lines = list(source.lines())
    digests.update(source.digests)
    return lines


def _training_lines(options: SegmenterOptions, digests: dict[str, str], kept: list[str] | None) -> Iterator[str]:
    """The lines to learn from, read anew; where `kept` is a list, some are held out and put there."""
    source = Source(options.train, options.form, options.encoding)
    lines = source.lines()
    yield from lines if kept is None else hold_out(lines, kept)
    digests.update(source.digests)


@contextmanager
def _place_for_data(folder: Path) -> Iterator[Path]:
    """A folder below the run's own, not in /tmp, which may lie in memory. One that a killed run left is cleared."""
    place = folder / f".data-{os.environ.get('RANK', '0')}"  # torchrun's processes have one each
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
