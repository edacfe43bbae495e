"""Raw text out of files of several kinds: lines, JSON records, columns, or the joined words of a segmented corpus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Literal, get_args

from cnchar.corpus.segmented import SegmentedFile
from cnchar.errors import BadInput
from cnchar.io.blocks import Block
from cnchar.io.decode import Errors
from cnchar.io.records import Format, read_records

Corpus = Literal["icwb2", "conllu", "conll", "pfr"]  # of words: their text is what these make together
Kind = Format | Corpus
KINDS: tuple[Kind, ...] = (*get_args(Format), *get_args(Corpus))
_TOGETHER = 1000  # sentences of a corpus


@dataclass(frozen=True)
class Reading:
    """How text is found in a file: its kind, the `field` of a JSON record, the `column` (from 1) of a tsv file.

    Raises BadInput for a kind that there is not.
    """

    form: Kind = "text"
    field: str = "text"
    column: int = 1
    encoding: str = "utf-8"
    errors: Errors = "strict"

    def __post_init__(self) -> None:
        if self.form not in KINDS:
            raise BadInput(f"Unknown format '{self.form}': choose one of {', '.join(KINDS)}.")

    @property
    def corpus(self) -> bool:
        """Whether a file is a corpus of words, whose sentences may have many lines."""
        return self.form in get_args(Corpus)

    def open(self, path: str) -> RawText:
        """The text of a file."""
        return RawText(path, self)


class RawText:
    """The lines of text in a file, in constant memory; a text with several lines gives several.

    Raises BadInput while being read for what the file's kind or encoding does not allow.
    """

    def __init__(self, path: str, reading: Reading) -> None:
        form = reading.form if reading.corpus else "text"
        self._file = SegmentedFile(path, form, reading.encoding, reading.errors)
        self.path, self.reading = path, reading

    @property
    def sha256(self) -> str:
        """Of the bytes read so far: decompressed, not decoded. Hexadecimal."""
        return self._file.sha256

    def lines(self) -> Iterator[str]:
        """The lines, blank ones too."""
        for text in self.blocks():
            yield from text.split("\n")

    def blocks(self) -> Iterator[str]:
        """The same, many at a time: joined with newlines."""
        if not self.reading.corpus:
            yield from map(partial(text_of, reading=self.reading), self._file.blocks())
            return
        sentences = map("".join, self._file.sentences())
        while some := list(islice(sentences, _TOGETHER)):
            yield "\n".join(some)


def text_of(block: Block, reading: Reading) -> str:
    """The text of a block of lines, records or columns. Raises BadInput, which names the line, where there is none."""
    if reading.form == "text":
        return block.text
    form: Format = "jsonl" if reading.form == "jsonl" else "tsv"
    texts = read_records(block, form, task="", path=reading.field, column=reading.column).texts
    return _whole("\n".join(texts).replace("\r\n", "\n"))


def _whole(text: str) -> str:
    """The text with U+FFFD for halves of characters, which JSON can spell and files cannot hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
