"""The three forms of input and output of line-for-line commands: plain text, JSON Lines and tab-separated columns.

`read_records` finds the texts of a block; `rebuild` puts the answers where they belong. See the contract, "Records".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from cnchar.errors import BadInput
from cnchar.io.blocks import Block

Format = Literal["text", "jsonl", "tsv"]

_LONE = re.compile("[\ud800-\udfff]")  # half a character: JSON can spell it, UTF-8 cannot
_decoder = json.JSONDecoder(parse_int=float)  # numbers are only skipped here; int() refuses those with 4300 digits
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Records(Protocol):
    """The texts of a block, and the way back."""

    @property
    def texts(self) -> list[str]:
        """The text of each line. (n,); a text out of JSON may hold newlines and lone surrogates."""

    def rebuild(self, answers: Iterable[Any]) -> str:
        """The block's output for n answers: strings, or for jsonl whatever the task's key shall hold."""


def read_records(block: Block, form: Format, *, task: str, path: str = "text", column: int = 1) -> Records:
    """The records of a block. `path` is the field of a JSON record, `column` counts from 1, `task` names the new key.

    Raises BadInput, naming file and line, for malformed JSON and a missing field or column.
    """
    if form == "jsonl":
        return _read_json(block, task, path)
    if form == "tsv":
        return _read_columns(block, column)
    return TextRecords(block, block.lines())


def check_place(form: str, path: str = "text", column: int = 1) -> None:
    """Raises BadInput for a field or a column where the form has none: else whole lines would be taken for texts."""
    if path != "text" and form != "jsonl":
        raise BadInput(f"--field {path} names a field of JSON records: add --format jsonl, or leave it out.")
    if column != 1 and form != "tsv":
        raise BadInput(f"--column {column} is one of those of tab-separated text: add --format tsv, or leave it out.")


@dataclass(frozen=True)
class TextRecords:
    """Lines as they are."""

    block: Block
    texts: list[str]

    def rebuild(self, answers: Iterable[str]) -> str:
        """The answers as lines."""
        return self.block.restore("\n".join(answers))


@dataclass(frozen=True)
class ColumnRecords:
    """Tab-separated columns: the answer replaces the column that was read, the others stay."""

    block: Block
    rows: list[list[str]]
    column: int  # from 0

    @property
    def texts(self) -> list[str]:
        """The column of each row."""
        return [row[self.column] for row in self.rows]

    def rebuild(self, answers: Iterable[str]) -> str:
        """The rows with their answers."""
        at = self.column
        rows = ["\t".join([*row[:at], answer, *row[at + 1 :]]) for row, answer in zip(self.rows, answers, strict=True)]
        return self.block.restore("\n".join(rows))


@dataclass(frozen=True)
class JsonRecords:
    """One JSON object a line. The user's record stays as it was written, to the character; one key is added or set."""

    block: Block
    task: str
    texts: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # the records as written
    repeated: set[int] = field(default_factory=set)  # indices of records that have the task's key already

    def rebuild(self, answers: Iterable[Any]) -> str:
        """The records, each with its answer under the task's key. The answers must be what JSON can hold."""
        key = _encode(self.task)
        lines = []
        for index, (line, answer) in enumerate(zip(self.lines, answers, strict=True)):
            value = _encode(answer)
            if index in self.repeated:
                lines.append(_replace_member(line, self.task, value))
            else:
                lines.append(f"{line[:-1].rstrip()}, {key}: {value}}}")  # a record has its text, so it is not {}
        text = _LONE.sub(lambda half: f"\\u{ord(half[0]):04x}", "\n".join(lines))
        return self.block.restore(text)


def _read_columns(block: Block, column: int) -> ColumnRecords:
    rows = [line.split("\t") for line in block.lines()]
    for number, row in enumerate(rows, block.first_line):
        if len(row) < column:
            raise BadInput(f"{block.name}, line {number}: no column {column}, the line has {len(row)}; see --column.")
    return ColumnRecords(block, rows, column - 1)


def _read_json(block: Block, task: str, path: str) -> JsonRecords:
    records = JsonRecords(block, task)
    for index, written in enumerate(block.lines()):
        line = written.strip(" \t")
        blank = not line
        try:
            if line.startswith("{"):
                record = _decoder.decode(line)
            else:  # plain text
                line, record = f'{{"text": {_encode(written)}}}', {"text": written}
            records.texts.append(written if blank else _find(record, path))
        except (ValueError, RecursionError, KeyError, TypeError) as error:
            raise BadInput(f"{block.name}, line {block.first_line + index}: {_explain(error, path)}") from None
        if task in record:
            records.repeated.add(index)
        records.lines.append(line)
    return records


def _find(record: dict[str, Any], path: str) -> str:
    value: Any = record
    if path in record:
        value = record[path]
    else:
        for key in path.split("."):
            value = value[key]
    if not isinstance(value, str):
        raise TypeError
    return value


def _explain(error: Exception, path: str) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not a JSON record ({error.msg} at character {error.pos + 1})."
    if isinstance(error, KeyError):
        return f"the record has no field {path!r}; see --field."
    if isinstance(error, TypeError):
        return f"the field {path!r} is not a text; see --field."
    return "the JSON record is nested too deeply."


def _replace_member(line: str, key: str, value: str) -> str:
    """The record with every value of `key` at its top level replaced."""
    pieces, end = [], 0
    for name, start, stop in _members(line):
        if name == key:
            pieces += [line[end:start], value]
            end = stop
    return "".join([*pieces, line[end:]])


def _members(line: str) -> Iterator[tuple[str, int, int]]:
    """(key, start, stop) of each top-level member of a sound JSON object; start and stop enclose its value."""
    at = _skip(line, 1)
    while line[at] != "}":
        name, at = _decoder.raw_decode(line, at)
        start = _skip(line, _skip(line, at) + 1)  # past the colon
        _, at = _decoder.raw_decode(line, start)
        yield name, start, at
        at = _skip(line, at)
        if line[at] == ",":
            at = _skip(line, at + 1)


def _skip(line: str, at: int) -> int:
    while line[at] in " \t\r":
        at += 1
    return at
