"""Files with one answer a line: a text or a label, alone, after its source and a TAB, or in a JSON record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cnchar.corpus.segmented import SegmentedFile, label_of
from cnchar.errors import BadInput
from cnchar.evaluate.aligned import Line, around_difference, pair_up
from cnchar.evaluate.pairs import Side

ANSWER_FORMATS = ("text", "jsonl")
Columns = Literal["last", "pair", "whole"]
_SOURCES = ("source", "text")  # where a JSON record may hold what the answer is about


@dataclass(frozen=True)
class Answer:
    """What a line says, and what it says it about: "" where that is not told."""

    number: int
    source: str
    text: str
    slices: Mapping[str, str] = field(default_factory=dict)


class AnswerFile:
    """The answers of a file (`-`: standard input), read once and in constant memory; afterwards `sha256` is known.

    As text, an answer is the last of the columns, and its source what stands before, if anything does; with `columns`
    "pair" there must be just these two, with "whole" the line is the answer. In a JSON record it is the text at the
    first of `fields` that there is, and its source the one at `source` or `text`. `slices` are fields of JSON records,
    for groups. While being read, raises BadInput that names the line.
    """

    def __init__(
        self,
        path: str,
        fields: Sequence[str],
        form: str = "text",
        encoding: str = "utf-8",
        *,
        columns: Columns = "last",
        slices: Sequence[str] = (),
    ) -> None:
        check_form(form, ANSWER_FORMATS)
        self._file = SegmentedFile(path, encoding=encoding)
        self._fields, self._form, self._columns, self._slices = fields, form, columns, slices
        self.name = self._file.name

    @property
    def sha256(self) -> str:
        """Of the bytes read so far: decompressed, not decoded. Hexadecimal."""
        return self._file.sha256

    def answers(self) -> Iterator[Answer]:
        """One a line; only JSON has lines that say nothing, blank ones."""
        if self._form == "jsonl":
            return (self._of_record(number, record) for number, record in read_records(self._file))
        return (self._of_text(number, line) for number, line in enumerate(self._file.lines(), 1))

    def _of_text(self, number: int, line: str) -> Answer:
        if self._columns == "whole":
            return Answer(number, "", line)
        source, tab, text = line.rpartition("\t")
        if self._columns == "pair" and (not tab or "\t" in source):
            raise BadInput(f"{self.name} line {number}: '{line[:40]}' is not a source, a TAB and a target.")
        return Answer(number, source, text)

    def _of_record(self, number: int, record: dict[str, Any]) -> Answer:
        where = f"{self.name} line {number}"
        text, source = first_text(record, self._fields), first_text(record, _SOURCES)
        if text is None or (self._columns == "pair" and source is None):
            wanted = " or ".join(self._fields) + (", and one at source or text" if self._columns == "pair" else "")
            raise BadInput(f"{where}: expected a JSON record with a text at {wanted}.")
        return Answer(number, source or "", text, slices_of(record, self._slices, where))


def pair_answers(
    gold: AnswerFile, pred: AnswerFile, *, same_source: bool = True, same_length: bool = False
) -> Iterator[Line]:
    """Both files line for line. Raises BadInput where they differ in their number of lines.

    Also, with `same_source`, where they differ in a source that both tell; with `same_length`, where a source and its
    two answers are not equally long.
    """
    for one, other in pair_up(gold.answers(), pred.answers(), (Side(gold.name), Side(pred.name))):
        if same_source and one.source and other.source and one.source != other.source:
            raise _unlike(gold.name, one, pred.name, other)
        if same_length:
            check_length(f"{gold.name} line {one.number}: the target", one.source, one.text)
            check_length(f"{pred.name} line {other.number}: the correction", one.source, other.text)
        yield Line(one.number, one.text, other.text, one.source or other.source, one.slices or other.slices)


def _unlike(gold: str, one: Answer, pred: str, other: Answer) -> BadInput:
    at, wanted, given = around_difference(one.source, other.source)
    return BadInput(
        f"{gold} line {one.number} and {pred} line {other.number} differ at character {at + 1} of the source: {wanted} "
        f"against {given}; both files must be about the same text."
    )


def check_length(what: str, source: str, text: str) -> None:
    """Raises BadInput where a source and `what`, a text made of it, are not equally long."""
    if len(source) != len(text):
        _, wanted, given = around_difference(source, text)
        raise BadInput(
            f"{what} has {len(text)} characters, its source {len(source)}: {given} against {wanted}; only corrections "
            "that keep the length are scored."
        )


def check_form(form: str, known: Sequence[str]) -> None:
    """Raises BadInput for a format that isn't known."""
    if form not in known:
        raise BadInput(f"Unknown format '{form}': choose one of {', '.join(known)}.")


def read_records(file: SegmentedFile) -> Iterator[tuple[int, dict[str, Any]]]:
    """The JSON object of each line that is not blank, and its number. Raises BadInput where there is none."""
    for number, line in enumerate(file.lines(), 1):
        if line and not line.isspace():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                record = None
            if not isinstance(record, dict):
                raise BadInput(f"{file.name} line {number}: expected a JSON record, but this is '{line[:40]}'.")
            yield number, record


def first_text(record: Mapping[str, Any], paths: Sequence[str]) -> str | None:
    """The first of these fields that holds a text: `correct.text` is a field within a field."""
    for path in paths:
        value: Any = record
        for key in path.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if isinstance(value, str):
            return value
    return None


def slices_of(record: dict[str, Any], fields: Sequence[str], where: str) -> dict[str, str]:
    """The group of the record in each of these fields. Raises BadInput, naming the place, where one is missing."""
    return {f"slice:{name}": label_of(record, name, where) for name in fields}
