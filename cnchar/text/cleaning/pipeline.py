"""Applies a list of rules to batches of lines: what needs no memory first (in any process), the rest in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, islice
from operator import ne
from typing import Any

from cnchar.text.cleaning.grammar import parse_rules
from cnchar.text.cleaning.report import Counts, Report
from cnchar.text.cleaning.rule import Kind, Step

BATCH = 1000


@dataclass(frozen=True)
class Batch:
    """Lines on their way through the rules, each with the index of the input line that it came from."""

    lines: list[str]
    owners: Sequence[int]  # ascending, as long as `lines`


@dataclass(frozen=True)
class Done:
    """A batch after the rules without memory: what a worker hands back."""

    before: Sequence[str]
    batch: Batch
    counts: list[Counts] = field(default_factory=list)


@dataclass(frozen=True)
class Stage:
    """Consecutive steps. Can be sent to another process before its first run."""

    steps: tuple[Step, ...]

    def run(self, batch: Batch) -> tuple[Batch, list[Counts]]:
        """The batch after all steps, and what each of them did."""
        counts = []
        for step, function in zip(self.steps, self._functions, strict=True):
            after, did = _RUN[step.rule.kind](function, batch)
            removed = sum(map(len, batch.lines)) - sum(map(len, after.lines))
            counts.append(Counts(step.written, len(batch.lines), **did, characters_removed=removed))
            batch = after
        return batch, counts

    @cached_property
    def _functions(self) -> list[Any]:
        """The bound functions; of stateful rules, the `keep` of an object made here, which remembers from now on."""
        return [step.bind()().keep if step.rule.kind is Kind.STATEFUL else step.bind() for step in self.steps]


class Cleaner:
    """Cleans lines by rules written as in `--rules`, and counts what each rule does in `report`.

    `more` are steps after those that are written, of rules that are not in the registry.
    A cleaner with `dedup` or `neardup` remembers the lines it saw, so each text needs its own.
    Raises BadInput for rules that it cannot read, MissingExtra at first use of one whose library is not installed.
    """

    def __init__(self, rules: str | Sequence[str] = "default", more: Sequence[Step] = ()) -> None:
        self.steps = (*parse_rules(rules), *more)
        kinds = [step.rule.kind for step in self.steps]
        cut = kinds.index(Kind.STATEFUL) if Kind.STATEFUL in kinds else len(kinds)
        self.first = Stage(self.steps[:cut])
        self._rest = Stage(self.steps[cut:])
        self.report = Report([Counts(step.written) for step in self.steps])

    def clean_line(self, line: str) -> list[str]:
        """What becomes of a line: no, one or several lines."""
        return self.finish(start(self.first, [line])).lines

    def clean(self, lines: Iterable[str]) -> Iterator[str]:
        """The cleaned lines of a text, in order, read a thousand at a time."""
        source = iter(lines)
        while batch := list(islice(source, BATCH)):
            yield from self.finish(start(self.first, batch)).lines

    def finish(self, done: Done) -> Batch:
        """The rules with memory and those after them, for batches in order; counts the batch in `report`."""
        batch, counts = self._rest.run(done.batch)
        self.report.add([*done.counts, *counts], done.before, batch.lines)
        return batch


def start(stage: Stage, lines: Sequence[str]) -> Done:
    """The rules without memory, `Cleaner.first`, in whatever process."""
    return Done(lines, *stage.run(Batch(list(lines), range(len(lines)))))


def _map(function: Any, batch: Batch) -> tuple[Batch, dict[str, int]]:
    lines = list(map(function, batch.lines))
    return Batch(lines, batch.owners), {"changed": sum(map(ne, batch.lines, lines))}


def _filter(function: Any, batch: Batch) -> tuple[Batch, dict[str, int]]:
    return _select(batch, list(map(function, batch.lines)))


def _recall(keep: Any, batch: Batch) -> tuple[Batch, dict[str, int]]:
    return _select(batch, keep(batch.lines))


def _select(batch: Batch, keep: list[bool]) -> tuple[Batch, dict[str, int]]:
    dropped = keep.count(False)
    if dropped:
        batch = Batch(list(compress(batch.lines, keep)), list(compress(batch.owners, keep)))
    return batch, {"dropped": dropped}


def _split(function: Any, batch: Batch) -> tuple[Batch, dict[str, int]]:
    pieces = list(map(function, batch.lines))
    owners = [owner for owner, group in zip(batch.owners, pieces, strict=True) for _ in group]
    several = sum(len(group) > 1 for group in pieces)
    changed = sum(group != [line] for line, group in zip(batch.lines, pieces, strict=True)) - several
    return Batch([piece for group in pieces for piece in group], owners), {"changed": changed, "split": several}


_RUN = {Kind.MAP: _map, Kind.FILTER: _filter, Kind.STATEFUL: _recall, Kind.SPLIT: _split}
