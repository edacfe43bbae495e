"""Cleans whole files: the rules of text/cleaning over the streams and records of io/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from cnchar.errors import BadInput
from cnchar.io.blocks import Block
from cnchar.io.records import ColumnRecords, Format, JsonRecords, Records, check_place, read_records
from cnchar.io.stream import run
from cnchar.text.cleaning import Batch, Cleaner, Done, Report, Stage, start
from cnchar.text.cleaning.rule import Step

TASK = "clean"


@dataclass(frozen=True)
class _Started:
    """A block after the rules that need no memory."""

    records: Records
    block: Block
    done: Done


def clean_files(
    inputs: Sequence[str],
    output: str | None = None,
    *,
    rules: str | Sequence[str] = "default",
    more: Sequence[Step] = (),
    check: bool = False,
    form: Format = "text",
    path: str = "text",
    column: int = 1,
    **options: Any,
) -> Report:
    """Cleans `inputs` into `output` (see io.stream.run, which takes the `options`) and returns what each rule did.

    `more` are steps after the rules, such as one that only a model can take.

    A dropped line drops its record, a split one repeats it: not line for line. jsonl keeps the record and adds
    `"clean": {"text": ...}`; tsv replaces the column. With `check` nothing is written. Raises BadInput.
    """
    check_place(form, path, column)
    if check and output is not None:
        raise BadInput("--check writes no text: leave out -o, or leave out --check.")
    cleaner = Cleaner(rules, more)

    def finish(started: _Started) -> str:
        batch = cleaner.finish(started.done)
        return "" if check else _render(started, batch)

    transform = partial(_start, cleaner.first, form, path, column)
    run(inputs, output, transform, emit=finish, **options)
    return cleaner.report


def _start(stage: Stage, form: Format, path: str, column: int, block: Block) -> _Started:
    records = read_records(block, form, task=TASK, path=path, column=column)
    return _Started(records, block, start(stage, records.texts))


def _render(started: _Started, batch: Batch) -> str:
    if not batch.lines:
        return ""
    records, owners = started.records, batch.owners
    block = _block_of(started.block, owners, len(started.done.before))
    if isinstance(records, JsonRecords):
        again = {place for place, owner in enumerate(owners) if owner in records.repeated}
        lines = [records.lines[owner] for owner in owners]
        return replace(records, block=block, lines=lines, repeated=again).rebuild([{"text": t} for t in batch.lines])
    if isinstance(records, ColumnRecords):
        return replace(records, block=block, rows=[records.rows[owner] for owner in owners]).rebuild(batch.lines)
    return block.restore("\n".join(batch.lines))


def _block_of(block: Block, owners: Sequence[int], lines: int) -> Block:
    """The line ends of the lines that are left: each has its owner's, and only the file's last may lack a newline."""
    complete = block.complete or owners[-1] != lines - 1
    returns = set(block.returns)
    return Block("", complete=complete, returns=[place for place, owner in enumerate(owners) if owner in returns])
