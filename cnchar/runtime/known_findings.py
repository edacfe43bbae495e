"""Findings that are known, and so are no news: a file of them, by what stands around each place."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

from cnchar.errors import BadInput
from cnchar.io.files import STDIN_NAME, atomic_output, open_input
from cnchar.tasks.edits import Correction, Edit

VERSION = 1
_AROUND = 8  # characters on each side, so that a finding is known again when its line moves, or changes elsewhere


class Place(NamedTuple):
    """A finding, whatever number its line has and whatever is proposed for it."""

    file: str
    before: str
    source: str
    after: str


def place_of(file: str, correction: Correction, edit: Edit) -> Place:
    """Where an edit is."""
    text = correction.source
    before, after = text[max(0, edit.start - _AROUND) : edit.start], text[edit.end : edit.end + _AROUND]
    return Place(shown_path(file), before, edit.source, after)


def shown_path(file: str) -> str:
    """The path of a file with slashes, as reports have it; `-` is standard input."""
    return "-" if file == STDIN_NAME else PurePath(file).as_posix()


@dataclass(frozen=True)
class Baseline:
    """The findings of an earlier run."""

    places: frozenset[Place] = frozenset()

    def without(self, file: str, correction: Correction) -> Correction:
        """A correction without the edits that are known."""
        if not self.places:
            return correction
        news = tuple(edit for edit in correction.edits if place_of(file, correction, edit) not in self.places)
        return Correction(correction.source, news)


def read_baseline(path: str) -> Baseline:
    """Read a file of write_baseline. Raises BadInput for anything else."""
    with open_input(path) as stream:
        data = stream.read()
    try:
        whole = json.loads(data)
        if whole["version"] != VERSION:
            raise ValueError
        rows = [[str(each[key]) for key in Place._fields] for each in whole["findings"]]
    except (ValueError, RecursionError, KeyError, TypeError):
        raise BadInput(f"{path}: not a file of known findings; write one with --write-baseline.") from None
    return Baseline(frozenset(Place(*row) for row in rows))


def write_baseline(path: str, places: Iterable[Place]) -> None:
    """Write the findings, sorted. A file of an earlier run is replaced."""
    found = sorted(set(places))
    rows = ",\n".join("    " + json.dumps(place._asdict(), ensure_ascii=False) for place in found)
    whole = f'{{\n  "version": {VERSION},\n  "findings": [\n{rows}\n  ]\n}}\n'
    with atomic_output(path, force=True) as stream:
        stream.write(whole.encode("utf-8", "backslashreplace"))
