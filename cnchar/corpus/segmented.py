"""A segmented corpus file, of any known format, as a stream of lines whose words are separated by white space."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, cast

from cnchar.corpus.formats import FORMATS, read_json_records
from cnchar.errors import BadInput
from cnchar.io.blocks import Block, read_blocks
from cnchar.io.decode import Errors
from cnchar.io.files import display_name, open_input


class SegmentedFile:
    """The lines of a file (`-`: standard input), read once and in constant memory; afterwards `sha256` is known.

    Raises BadInput for an unknown format, and while being read for what the file's format or encoding does not allow.
    """

    def __init__(self, path: str, form: str = "text", encoding: str = "utf-8", errors: Errors = "strict") -> None:
        if form not in FORMATS:
            raise BadInput(f"Unknown format '{form}': choose one of {', '.join(FORMATS)}.")
        self.path, self.form, self.encoding, self.errors = path, form, encoding, errors
        self.name = display_name(path)
        self.unit = "line" if form == "text" else "sentence"  # what a reader's count of sentences numbers
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of the bytes read so far: decompressed, not decoded. Hexadecimal."""
        return self._digest.hexdigest()

    def lines(self) -> Iterator[str]:
        """One sentence a line; with the format `text` the file's own lines, blank ones too."""
        return self._raw_lines() if self.form == "text" else map(" ".join, self.sentences())

    def sentences(self) -> Iterator[list[str]]:
        """The words of each sentence, blank ones left out."""
        return FORMATS[self.form].read(self._raw_lines(), self.name)

    def blocks(self) -> Iterator[Block]:
        """The file's own lines, many at a time, whatever its format."""
        with open_input(self.path) as stream:
            hashed = cast(BinaryIO, _HashedStream(stream, self._digest))
            yield from read_blocks(hashed, name=self.name, encoding=self.encoding, errors=self.errors)

    def labelled(self, fields: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The same, of JSON records: each sentence that is not blank, and the values of these fields of its record.

        `meta.domain` is a field within a field. Raises BadInput, which names the line, where there is no such field.
        """
        for number, words, record in read_json_records(self._raw_lines(), self.name):
            line = " ".join(words)
            if not line.isspace():
                yield line, tuple(label_of(record, field, f"{self.name} line {number}") for field in fields)

    def _raw_lines(self) -> Iterator[str]:
        for block in self.blocks():
            yield from block.lines()


def read_word_list(path: str, encoding: str = "utf-8") -> Iterator[str]:
    """The words of a list, separated by any white space. Raises BadInput like SegmentedFile."""
    for line in SegmentedFile(path, encoding=encoding).lines():
        yield from line.split()


def label_of(record: dict[str, Any], field: str, where: str) -> str:
    """The text or number at `field` of a JSON record; `a.b` is b within a. Raises BadInput, naming `where`."""
    value: Any = record
    for key in [field] if field in record else field.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return json.dumps(value)
    raise BadInput(f"{where}: the record has no text or number at '{field}'; see --slice.")


class _HashedStream:
    """Passes reads on and hashes what they give, so that a pipe needs to be read only once."""

    def __init__(self, stream: BinaryIO, digest: hashlib._Hash) -> None:
        self._stream, self._digest = stream, digest

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._digest.update(data)
        return data
