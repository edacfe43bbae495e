"""Segmented text as training data: symbols and tags of every character, in a file, and batches of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnchar.corpus.segmented import SegmentedFile
from cnchar.decode.viterbi import B, E, M, S
from cnchar.errors import BadInput
from cnchar.evaluate.blocks import SegmentedBlock
from cnchar.io.files import STDIN
from cnchar.lookup.symbols import Codes
from cnchar.nn.heads import UNLABELLED
from cnchar.tasks.neural import Features, cut_windows
from cnchar.tasks.segment import to_text
from cnchar.text.batches import together
from cnchar.train.segment.character_store import Batch, CharacterStore, Records, StoreWriter, tensor

HELD_OUT = 20  # one line in so many
MOST_HELD_OUT = 5000  # lines: enough to choose by, and quickly scored
_BLOCK_CHARS = 1 << 18

Featurise = Callable[[Codes], Features]
Lines = Iterable[str]


class Source:
    """Segmented files of one format, read once, one after the other; afterwards `digests` are known.

    Raises BadInput for standard input, which could not be read again, and for an unknown format.
    """

    def __init__(self, paths: Iterable[str], form: str = "text", encoding: str = "utf-8") -> None:
        self.files = [SegmentedFile(path, form, encoding) for path in paths]
        if any(file.path == STDIN for file in self.files):
            raise BadInput("Training text is read more than once, so it cannot be standard input: name a file.")

    def lines(self) -> Iterator[str]:
        """The lines that are not blank. Raises BadInput where nothing is, or where no line has two words."""
        words = 0
        for file in self.files:
            count = 0
            for line in file.lines():
                if not line or line.isspace():
                    continue
                count += 1
                words = max(words, len(line.split(maxsplit=2)))
                yield line
            if not count:
                raise BadInput(f"{file.name} has no {file.unit} with text: training needs segmented text.")
        if words < 2:
            raise BadInput(
                f"{self.files[0].name}: no {self.files[0].unit} has two words; words should be separated by white "
                "space, or say with --format which form the file has."
            )

    @property
    def digests(self) -> dict[str, str]:
        """The sha256 of each file that was read, by its whole path."""
        return {str(Path(file.path).absolute()): file.sha256 for file in self.files}


def hold_out(lines: Lines, kept: list[str]) -> Iterator[str]:
    """The lines but one in HELD_OUT, chosen by the hash of its text, so that equal sentences stay on one side.

    Those held out are added to `kept`, at most MOST_HELD_OUT.
    """
    for line in lines:
        text = "".join(line.split()).encode("utf-8", "surrogatepass")
        chosen = int.from_bytes(hashlib.sha1(text).digest()[:4]) % HELD_OUT == 0
        if chosen and len(kept) < MOST_HELD_OUT:
            kept.append(line)
        else:
            yield line


def record_type(flags: int, prior: bool) -> np.dtype[np.void]:
    """What is kept of a character: 3 bytes, 2 for each flag, 8 for a prior."""
    fields: list[tuple[str, str] | tuple[str, str, tuple[int]]] = [("symbol", "<u2"), ("tag", "u1")]
    if flags:
        fields.append(("flags", "<u2", (flags,)))
    if prior:
        fields.append(("prior", "<f2", (4,)))
    return np.dtype(fields)


def tags_of(block: SegmentedBlock) -> NDArray[np.uint8]:
    """B, M, E or S of each character of the block, (N,); S for newlines."""
    last = np.append(block.starts[1:], True)
    return np.where(block.starts, np.where(last, S, B), np.where(last, E, M)).astype(np.uint8)


def write_store(lines: Lines, featurise: Featurise, max_length: int, path: Path) -> CharacterStore:
    """Read segmented lines and write their characters to a file."""
    writer: StoreWriter | None = None
    for block in line_blocks(lines):
        words = SegmentedBlock.of_lines(block)
        features = featurise(words.characters)
        records = _records(features, tags_of(words))
        writer = writer or StoreWriter(path, records.dtype)
        # A line's pieces are not to overlap: each character is learned once an epoch.
        cut = cut_windows(to_text(words.characters), features.symbols, max_length, 0)
        writer.add(records, cut.starts, cut.stops - cut.starts)
    if writer is None:
        raise BadInput("There is no line to train on.")
    return writer.close()


def line_blocks(lines: Lines) -> Iterator[list[str]]:
    """Lines of about _BLOCK_CHARS characters together."""
    return together(lines, len, _BLOCK_CHARS)


def _records(features: Features, tags: NDArray[np.uint8]) -> Records:
    flags = 0 if features.flags is None else features.flags.shape[1]
    records = np.empty(len(tags), record_type(flags, features.prior is not None))
    records["symbol"], records["tag"] = features.symbols, tags
    if features.flags is not None:
        records["flags"] = features.flags
    if features.prior is not None:
        records["prior"] = features.prior
    return records


def collate(records: Records, mask: NDArray[np.bool_]) -> Batch:
    """A batch of padded records (B, T): chars, targets, and flags and prior where the records have them."""
    batch = {
        "chars": tensor(records["symbol"], np.int64, mask),
        "targets": tensor(records["tag"], np.int64, mask, UNLABELLED),
    }
    names = records.dtype.names or ()
    if "flags" in names:
        batch["flags"] = tensor(records["flags"], np.int64, mask)
    if "prior" in names:
        batch["prior"] = tensor(records["prior"], np.float32, mask)
    return batch
