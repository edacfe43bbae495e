"""`correct` for a block of lines: what of it is text, and what is written instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

from cnchar.io.blocks import Block
from cnchar.io.records import ColumnRecords, read_records
from cnchar.runtime.allocator import keep_freed_memory
from cnchar.runtime.correct_reports import BOLD, GREEN, PLAIN, RED, Found
from cnchar.runtime.corrector import Corrector, load_corrector, text_spans
from cnchar.runtime.known_findings import Baseline
from cnchar.tasks.correct_parts import TASK
from cnchar.tasks.edits import Correction, Edit
from cnchar.text.markup import Kind, Reader, kind_of, open_reader
from cnchar.text.terms import Span

Form = Literal["text", "tsv", "jsonl", "diff", "sarif", "github"]
Markup = Kind | Literal["auto"]
LINES = ("text", "tsv", "jsonl")  # forms with one line for each line


@dataclass(frozen=True)
class Look:
    """What is read and what the output shall look like. `color`: it goes to a terminal."""

    form: Form = "text"
    field: str = "text"
    column: int = 1
    markup: Markup = "auto"
    color: bool = False


@dataclass(frozen=True)
class Read:
    """A block and, where it has any, what is code or markup in each of its lines that are plain text."""

    block: Block
    spans: Sequence[Sequence[Span]] | None = None


@dataclass
class MarkupReader:
    """Reads the markup of files whose blocks come in order."""

    look: Look
    name: str = ""
    reader: Reader | None = None

    def __call__(self, block: Block) -> Read:
        kind = kind_of(block.name) if self.look.markup == "auto" else self.look.markup
        if kind == "none" or self.look.form == "tsv":
            return Read(block)
        if self.reader is None or block.first_line == 1 or block.name != self.name:
            self.reader, self.name = open_reader(kind), block.name
        spans = self.reader.spans
        return Read(block, [() if _has_own(self.look, line) else spans(line) for line in block.lines()])


def _has_own(look: Look, line: str) -> bool:
    """Whether a line holds a text of its own, not a line of the file's."""
    return look.form == "tsv" or (look.form == "jsonl" and line.lstrip(" \t").startswith("{"))


@dataclass(frozen=True)
class BlockCorrector:
    """Corrects a block of lines. Sent to worker processes as its options; each loads the model for itself."""

    model: dict[str, Any]
    look: Look
    baseline: Baseline

    @cached_property
    def corrector(self) -> Corrector:
        """The model, loaded when first needed."""
        keep_freed_memory()
        return load_corrector(**self.model, markup="none" if self.look.markup == "auto" else self.look.markup)

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model, "look": self.look, "baseline": self.baseline}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __call__(self, read: Read) -> Found:
        block, look = read.block, self.look
        lines = block.lines()
        spans = read.spans or [()] * len(lines)
        if look.form in ("tsv", "jsonl"):
            return self._records(block, spans)
        found = self._news(block, self.corrector.correct(lines, spans))
        text = ""
        if look.form == "text":
            text = block.restore("\n".join(_painted(each) if look.color else each.text for each in found))
        return Found(block, _with_edits(found), text)

    def _records(self, block: Block, spans: Sequence[Sequence[Span]]) -> Found:
        look = self.look
        records = read_records(
            block, "jsonl" if look.form == "jsonl" else "tsv", task=TASK, path=look.field, column=look.column
        )
        rows = zip(block.lines(), records.texts, spans, strict=True)
        protected = [
            text_spans(text, self.corrector.markup) if _has_own(look, line) else own for line, text, own in rows
        ]
        found = self.corrector.correct(records.texts, protected)
        if isinstance(records, ColumnRecords):
            starts = [sum(len(cell) + 1 for cell in row[: look.column - 1]) for row in records.rows]
            rows_of = zip(map("\t".join, records.rows), found, starts, strict=True)
            lines = self._news(block, [_moved(row, each, start) for row, each, start in rows_of])
            cells = zip(records.texts, lines, starts, strict=True)
            texts = (_moved(cell, each, -start).text for cell, each, start in cells)
            return Found(block, _with_edits(lines), records.rebuild(texts))
        found = self._news(block, found)
        return Found(block, _with_edits(found), records.rebuild(map(as_dict, found)))

    def _news(self, block: Block, found: Sequence[Correction]) -> list[Correction]:
        return [self.baseline.without(block.name, each) for each in found]


def as_dict(correction: Correction) -> dict[str, Any]:
    """The value of a record's "correct"."""
    return {"text": correction.text, "edits": [edit.as_dict() for edit in correction.edits]}


def _with_edits(found: Sequence[Correction]) -> list[tuple[int, Correction]]:
    return [(index, correction) for index, correction in enumerate(found) if correction.edits]


def _moved(text: str, correction: Correction, by: int) -> Correction:
    """A correction as that of another text, in which what it is about stands `by` characters later."""
    edits = (replace(edit, start=edit.start + by, end=edit.end + by) for edit in correction.edits)
    return Correction(text, tuple(edits))


def _painted(correction: Correction) -> str:
    def paint(edit: Edit) -> str:
        return f"{GREEN if edit.target != edit.source else RED}{BOLD}{edit.target}{PLAIN}"

    return "".join(correction.pieces(paint))
