"""The training texts as arrays: views, gold tags, the teachers' tags, and which domain each piece came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sample import HALF_WIDTH

from cnchar.lookup.lexicon import MAX_LENGTH, Lexicon, spans_code
from cnchar.lookup.symbols import SymbolTable
from cnchar.lookup.templates import REACH, View, pad
from cnchar.tasks.segment import to_codes

UNKNOWN = 4  # no tag: a newline, or a teacher that altered the text
STEP = 1 << 22
_NUMBER = np.full(256, UNKNOWN, np.uint8)
_NUMBER[list(b"BMES")] = range(4)

Tags = NDArray[np.uint8]


@dataclass(frozen=True)
class Reader:
    """Reads texts with one model's symbols and words."""

    symbols: SymbolTable
    lexicon: Lexicon

    def view(self, text: str) -> View:
        """The view of a text, all of it FORMAL for now; dictionary words are found in steps to bound the memory."""
        symbols, kinds = self.symbols.read(to_codes(text))
        dict_a, dict_b = np.zeros(len(symbols), np.uint16), np.zeros(len(symbols), np.uint16)
        for start in range(0, len(symbols), STEP):
            low, high = max(0, start - MAX_LENGTH), min(len(symbols), start + STEP + MAX_LENGTH)
            stop = min(len(symbols), start + STEP)
            for out, found in zip((dict_a, dict_b), self.lexicon.matches(symbols[low:high], 2), strict=True):
                out[start:stop] = spans_code(found, high - low)[start - low : stop - low]
        register = np.zeros(len(symbols), np.uint8)
        return View(pad(symbols), pad(kinds), pad(dict_a), pad(dict_b), pad(register))


def with_register(view: View, register: NDArray[np.uint8]) -> View:
    return replace(view, register=pad(register))


def symbols_of(view: View) -> NDArray[np.uint32]:
    """The symbols without the padding, (N,)."""
    return view.symbols[REACH:-REACH]


def line_starts(symbols: NDArray[np.uint32]) -> NDArray[np.intp]:
    """Where pieces begin; every piece ends with a separator, the newline."""
    return np.concatenate([[0], np.flatnonzero(symbols == 0)[:-1] + 1])


def gold_words(path: Path) -> Iterator[list[str]]:
    """The words of each line that has any, letters and digits half-width as everywhere in training."""
    for line in path.read_text(encoding="utf-8").split("\n"):
        if words := line.translate(HALF_WIDTH).split():
            yield words


def plain(words: Iterable[list[str]]) -> str:
    """The text of segmented lines, one a line."""
    return "".join("".join(line) + "\n" for line in words)


def gold_tags(words: Iterable[list[str]]) -> Tags:
    """One tag a character and UNKNOWN for each newline, aligned with `plain`."""
    letters = "".join(
        "".join("S" if len(w) == 1 else "B" + "M" * (len(w) - 2) + "E" for w in line) + "\n" for line in words
    )
    return _NUMBER[np.frombuffer(letters.encode("ascii"), np.uint8)]


def teacher_tags(path: Path) -> Tags:
    """A teacher's tags, one a character and UNKNOWN for each newline."""
    return _NUMBER[np.frombuffer(path.read_bytes(), np.uint8)]
