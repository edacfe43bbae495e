"""Lines as a language model learns them: symbols, packed one behind the other, and what is to be foreseen of each.

A line c1 ... cn is read as [BOS] c1 ... cn, and what follows each is c1 ... cn [EOS]. So every line has n + 1 symbols
to foresee, its end among them, and [BOS] is all that stands between two lines that are packed one behind the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.errors import BadInput
from cnchar.text.vocab import SPECIALS, Vocab

PADDING, UNKNOWN, MASK, BEGIN, END = range(len(SPECIALS))
FIRST_CHARACTER = len(SPECIALS)

_CODE_POINTS = 0x110000

Symbols = NDArray[np.uint32]
Index = NDArray[np.int64]


class Alphabet:
    """From text to symbols and back, for one vocabulary. Raises BadInput where its special symbols are not SPECIALS."""

    def __init__(self, vocab: Vocab) -> None:
        if vocab.specials != SPECIALS:
            raise BadInput(
                f"The vocabulary begins with {', '.join(vocab.specials)}, but a language model needs "
                f"{', '.join(SPECIALS)}: build it with cnchar build-vocab without --special."
            )
        self.vocab = vocab
        self._table = np.full(_CODE_POINTS, UNKNOWN, np.uint32)
        codes = np.array([ord(c) for c in vocab.characters], np.int64)
        self._table[codes] = np.arange(FIRST_CHARACTER, len(vocab))
        self._table[ord("\n")] = BEGIN

    def __len__(self) -> int:
        return len(self.vocab)

    @property
    def characters(self) -> tuple[str, ...]:
        """The character of each symbol; names for the special ones."""
        return (*self.vocab.specials, *self.vocab.characters)

    def read(self, lines: Sequence[str]) -> Symbols:
        """The symbols of some lines packed one behind the other, each after its [BOS]."""
        text = "".join(f"\n{line}" for line in lines)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        return self._table.take(codes)


def following(symbols: Symbols, after: int = BEGIN) -> Symbols:
    """What follows each of some packed symbols (N,); `after` is the one behind the last.

    A line ends where the next one begins.
    """
    out = np.append(symbols[1:], np.uint32(after))
    out[out == BEGIN] = END
    return out


@dataclass(frozen=True)
class Pieces:
    """Lines cut into what a model sees at once: (N,) symbols and what follows each, (P,) pieces and whose they are."""

    symbols: Symbols
    targets: Symbols
    starts: Index
    lengths: Index
    lines: Index  # the number of each piece's line, from 0

    def batches(self, most: int) -> Iterator[Index]:
        """Pieces of like lengths together, at most `most` symbols with padding (but one), longest first; (B,) each."""
        order, at = np.argsort(-self.lengths, kind="stable"), 0
        while at < len(order):
            rows = order[at : at + max(1, most // int(self.lengths[order[at]]))]
            yield rows
            at += len(rows)

    def rows(self, pieces: Index) -> tuple[Index, Index]:
        """Symbols and what follows them, (B, T) each; PADDING behind the ends in both."""
        steps = np.arange(self.lengths[pieces].max(initial=0))
        inside = steps < self.lengths[pieces][:, None]
        places = np.where(inside, self.starts[pieces][:, None] + steps, 0)
        symbols, targets = (np.where(inside, each[places], PADDING) for each in (self.symbols, self.targets))
        return symbols.astype(np.int64), targets.astype(np.int64)


def cut_lines(alphabet: Alphabet, lines: Sequence[str], length: int) -> Pieces:
    """Cut lines into pieces of at most `length` symbols; of a long line, the pieces after the first have no [BOS]."""
    symbols = alphabet.read(lines)
    begins = np.flatnonzero(symbols == BEGIN)
    sizes = np.diff(begins, append=len(symbols))
    counts = -(-sizes // length)
    owners = np.repeat(np.arange(len(begins)), counts)
    nth = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    starts = begins[owners] + nth * length
    lengths = np.minimum(length, sizes[owners] - nth * length)
    return Pieces(symbols, following(symbols), starts, lengths, owners)
