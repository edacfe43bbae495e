"""A segmented corpus file, of any known format, as a stream of lines whose words are separated by white space."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO, cast

from cnchar.corpus.formats import FORMATS
from cnchar.errors import BadInput
from cnchar.io.blocks import read_blocks
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
        with open_input(self.path) as stream:
            hashed = cast(BinaryIO, _HashedStream(stream, self._digest))
            lines = _lines(hashed, self.name, self.encoding, self.errors)
            if self.form == "text":
                yield from lines
            else:
                yield from map(" ".join, FORMATS[self.form].read(lines, self.name))


def read_word_list(path: str, encoding: str = "utf-8") -> Iterator[str]:
    """The words of a list, separated by any white space. Raises BadInput like SegmentedFile."""
    for line in SegmentedFile(path, encoding=encoding).lines():
        yield from line.split()


def _lines(stream: BinaryIO, name: str, encoding: str, errors: Errors) -> Iterable[str]:
    for block in read_blocks(stream, name=name, encoding=encoding, errors=errors):
        yield from block.lines()


class _HashedStream:
    """Passes reads on and hashes what they give, so that a pipe needs to be read only once."""

    def __init__(self, stream: BinaryIO, digest: hashlib._Hash) -> None:
        self._stream, self._digest = stream, digest

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._digest.update(data)
        return data
