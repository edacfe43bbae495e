"""Raw text as numbers in files: read once, in constant memory, and mapped into memory from then on.

A folder has for each source its symbols, one number a character and one for each line's beginning; perhaps where its
words begin, or how it is read; and, as text, the lines that are held out (corpus/held_out.py). vocab.txt says which
character each number is, manifest.json what each file is and was.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import sha256
from cnchar.corpus.held_out import is_held_out
from cnchar.corpus.raw_text import RawText, Reading
from cnchar.errors import BadInput
from cnchar.io.files import STDIN, atomic_output, expand_inputs
from cnchar.tasks.language import VOCABULARY
from cnchar.tasks.packed_lines import BEGIN, UNKNOWN, Alphabet
from cnchar.text.vocab import Vocab
from cnchar.train.segment.data import line_blocks

MANIFEST = "manifest.json"
_VERSION = 1
_LINES = Reading()

Marks = Callable[[Sequence[str]], NDArray[Any]]  # of packed lines, (N,)
View = Callable[[str], str]
MARKS = {  # where words begin; how it is read (text/sounds.py); which symbol was typed for it (text/pairs.py)
    "words": np.dtype(np.bool_),
    "units": np.dtype("<u2"),
    "typed": np.dtype("<u4"),
}


@dataclass(frozen=True)
class Shard:
    """One source: where it came from, what was in it, and the files that hold it.

    sha256: of the source, decompressed. lines, characters: to learn from; unknown: characters not in the vocabulary.
    files: name and sha256 of each file in the folder; "symbols", "held_out" and perhaps those of MARKS.
    """

    source: str
    sha256: str
    lines: int
    characters: int
    unknown: int
    held_out_lines: int
    files: dict[str, tuple[str, str]]

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Shard:
        """The inverse of dataclasses.asdict, after a way through JSON."""
        return cls(**{**values, "files": {kind: (name, digest) for kind, (name, digest) in values["files"].items()}})

    @property
    def symbols(self) -> int:
        """How many there are: characters, and the beginnings of lines."""
        return self.lines + self.characters


MakeShard = Callable[[Path, str], Shard]  # into a folder, with names that begin so


@dataclass(frozen=True)
class TextShards:
    """All sources of a folder. dtype: of a symbol, uint16 or uint32."""

    folder: Path
    alphabet: Alphabet
    dtype: np.dtype[np.generic]
    shards: tuple[Shard, ...]

    def symbols(self, shard: Shard) -> NDArray[Any]:
        """The symbols of a source, (N,), mapped anew: pages read long ago do not count as this process's memory."""
        return np.memmap(self.folder / shard.files["symbols"][0], self.dtype, mode="r")

    def marks(self, shard: Shard, kind: str) -> NDArray[Any] | None:
        """What is known of each symbol of a source besides, (N,), `kind` of MARKS; None where nobody asked."""
        if kind not in shard.files:
            return None
        return np.memmap(self.folder / shard.files[kind][0], MARKS[kind], mode="r")

    def held_out_of(self, shard: Shard) -> Iterator[str]:
        """The lines of a source that are never learned from."""
        return _LINES.open(str(self.folder / shard.files["held_out"][0])).lines()

    def held_out(self) -> Iterator[str]:
        """Those of all sources, one after the other."""
        return chain.from_iterable(map(self.held_out_of, self.shards))

    def some_held_out(self, most: int) -> list[str]:
        """At most so many of the lines that are never learned from, spread evenly over all sources."""
        count = sum(shard.held_out_lines for shard in self.shards)
        return list(islice(self.held_out(), 0, None, -(-count // most)))

    @property
    def made_from(self) -> list[str]:
        """The sources as a model card names them."""
        return [f"{Path(path).name} (sha256 {digest[:8]})" for path, digest in self.digests.items()]

    @property
    def digests(self) -> dict[str, str]:
        """sha256 of each source by its path."""
        return {shard.source: shard.sha256 for shard in self.shards}


def prepare_text(
    paths: Sequence[str],
    alphabet: Alphabet,
    folder: Path,
    *,
    reading: Reading = _LINES,
    marks: Mapping[str, Marks] = MappingProxyType({}),
    view: View | None = None,
    more: Sequence[MakeShard] = (),
) -> TextShards:
    """Read text files of any supported kind into a new folder, as a whole or not at all.

    Args:
        reading: how text is found in the files.
        marks: what else to note of each symbol, by a name of MARKS.
        view: what a line is rewritten to before it is learned from; those held out stay as they are.
        more: makers of further sources, which are put behind these.
    Raises:
        BadInput: a file that cannot be read, or has no text; standard input. CncharError: the disk is full.
    """
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    dtype = np.dtype("<u2" if len(alphabet) <= 1 << 16 else "<u4")
    try:
        shards = [
            _Source(reading.open(path), part, f"{number:04}", view).write(alphabet, dtype, marks)
            for number, path in enumerate(text_files(paths))
        ]
        shards += [make(part, f"{number:04}") for number, make in enumerate(more, len(shards))]
        if not any(shard.held_out_lines for shard in shards):
            raise BadInput("Too little text to hold some out to choose by: give more; one line in 16 is held out.")
        vocabulary = alphabet.vocab.dumps().encode()
        with atomic_output(str(part / VOCABULARY)) as out:
            out.write(vocabulary)
        manifest = {
            "version": _VERSION,
            "dtype": dtype.name,
            "vocabulary": hashlib.sha256(vocabulary).hexdigest(),
            "shards": [asdict(shard) for shard in shards],
        }
        with atomic_output(str(part / MANIFEST)) as out:
            out.write((json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return TextShards(folder, alphabet, dtype, tuple(shards))


def open_text(folder: Path) -> TextShards:
    """What prepare_text wrote. Raises BadInput where something of it is missing or altered."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        shards = [Shard.from_dict(shard) for shard in manifest["shards"]]
        dtype = np.dtype({"uint16": "<u2", "uint32": "<u4"}[manifest["dtype"]])
        files = [(VOCABULARY, manifest["vocabulary"]), *(file for shard in shards for file in shard.files.values())]
        sound = manifest["version"] == _VERSION and all(sha256(folder / name) == digest for name, digest in files)
    except (OSError, ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise BadInput(f"{folder}: the prepared text is missing or altered: start a new run.")
    return TextShards(folder, Alphabet(Vocab.load(folder / VOCABULARY)), dtype, tuple(shards))


def text_files(paths: Sequence[str]) -> list[str]:
    """The paths of all sources, globs and folders unfolded. Raises BadInput for standard input and missing files."""
    if not paths or STDIN in paths:
        raise BadInput("Pretraining text is read more than once, so it cannot be standard input: name files.")
    return [str(Path(path).absolute()) for path in expand_inputs(paths, folders=True)]


class _Source:
    """A source on its way into the folder."""

    def __init__(self, file: RawText, folder: Path, stem: str, view: View | None) -> None:
        self._file, self._view = file, view or str
        self._folder, self._stem = folder, stem
        self._held = self._lines = self._characters = self._unknown = 0

    def write(self, alphabet: Alphabet, dtype: np.dtype[Any], marks: Mapping[str, Marks]) -> Shard:
        names = {"symbols": f"{self._stem}.symbols", "held_out": f"{self._stem}.held-out.txt"}
        with self._out(names["symbols"]) as out, self._out(names["held_out"]) as held:
            self._write_symbols(alphabet, dtype, out, held)
        if not self._lines:
            raise BadInput(f"{self._file.path} has no line with text to learn from: leave it out.")
        for kind, mark in marks.items():
            names[kind] = f"{self._stem}.{kind}"
            with self._out(names[kind]) as out:
                for block in line_blocks(self._learned()):
                    out.write(mark(block).astype(MARKS[kind]).tobytes())
        files = {kind: (name, sha256(self._folder / name)) for kind, name in names.items()}
        counts = self._lines, self._characters, self._unknown, self._held
        return Shard(self._file.path, self._file.sha256, *counts, files)

    def _out(self, name: str) -> Any:
        return atomic_output(str(self._folder / name))

    def _write_symbols(self, alphabet: Alphabet, dtype: np.dtype[Any], out: BinaryIO, held: BinaryIO) -> None:
        for block in line_blocks(self._split(held)):
            symbols = alphabet.read(block)
            begins = int(np.count_nonzero(symbols == BEGIN))
            self._lines += begins
            self._characters += len(symbols) - begins
            self._unknown += int(np.count_nonzero(symbols == UNKNOWN))
            out.write(symbols.astype(dtype).tobytes())

    def _split(self, held: BinaryIO) -> Iterator[str]:
        """The lines to learn from; those held out are written."""
        for line in self._file.lines():
            if not line or line.isspace():
                continue
            if is_held_out(line):
                self._held += 1
                held.write(f"{line}\n".encode())
            else:
                yield self._view(line)

    def _learned(self) -> Iterator[str]:
        """The same lines, read anew."""
        again = self._file.reading.open(self._file.path)
        lines = (line for line in again.lines() if line and not line.isspace() and not is_held_out(line))
        return map(self._view, lines)


__all__ = ["MANIFEST", "MARKS", "MakeShard", "Marks", "Shard", "TextShards", "open_text", "prepare_text", "text_files"]
