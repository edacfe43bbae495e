"""From code points to the small integers that tables are indexed by.

Every code point gets a *symbol* (which character it is to the model) and a *kind* (what sort of character it is). Width
and script are folded here, in the look-up only: full-width ASCII is read as ASCII, a traditional character as its
simplified twin. The text itself is never changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]  # code points of decoded text

SEPARATOR, UNKNOWN_HANZI, DIGIT, LETTER, UNKNOWN_OTHER = range(5)
FIRST_CHARACTER = 5
MAX_SYMBOLS = 6144
# The planes that hold hanzi; what lies above is read as UNKNOWN_OTHER.
TABLE_SIZE = 0x34000


class Kind(IntEnum):
    """What sort of character a code point is: eight values, so that five neighbours make a 15-bit index."""

    SEPARATOR = 0
    HANZI = 1
    DIGIT = 2
    LETTER = 3
    NUMERAL = 4
    UNIT = 5
    PUNCTUATION = 6
    OTHER = 7


NUMERALS = "〇零一二三四五六七八九十百千万亿两廿卅○"
UNITS = "年月日时分秒点号世纪"
HANZI_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x33479))
LETTER_RANGES = ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x370, 0x3FF), (0x400, 0x52F))
PUNCTUATION_RANGES = (
    (0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E), (0xA1, 0xBF), (0x2010, 0x2027), (0x2030, 0x205E),
    (0x3001, 0x3003), (0x3008, 0x3020), (0xFF61, 0xFF65),
)  # fmt: skip
# What ends a piece: nothing is looked up across it, and it is never inside a word (Unicode White_Space).
WHITE_SPACE = (*range(0x09, 0x0E), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029,
               0x202F, 0x205F, 0x3000)  # fmt: skip


def _kinds() -> NDArray[np.uint8]:
    kinds = np.full(TABLE_SIZE, Kind.OTHER, np.uint8)
    for ranges, kind in (
        (HANZI_RANGES, Kind.HANZI), (LETTER_RANGES, Kind.LETTER), (PUNCTUATION_RANGES, Kind.PUNCTUATION),
    ):  # fmt: skip
        for first, last in ranges:
            kinds[first : last + 1] = kind
    kinds[0x30:0x3A] = Kind.DIGIT
    kinds[[ord(c) for c in NUMERALS]] = Kind.NUMERAL
    kinds[[ord(c) for c in UNITS]] = Kind.UNIT
    kinds[0xFF01:0xFF5F] = kinds[0x21:0x7F]
    kinds[list(WHITE_SPACE)] = Kind.SEPARATOR
    return kinds


class SymbolTable:
    """Symbols and kinds of every code point, for one model's characters.

    Args:
        characters: the model's characters, most frequent first; the n-th gets symbol FIRST_CHARACTER + n.
        fold: characters read as another one (traditional to simplified), single characters on both sides.

    Raises:
        ValueError: more characters than MAX_SYMBOLS has room for.
    """

    def __init__(self, characters: Sequence[str], fold: Mapping[str, str]) -> None:
        if len(characters) > MAX_SYMBOLS - FIRST_CHARACTER:
            raise ValueError(f"{len(characters)} characters, at most {MAX_SYMBOLS - FIRST_CHARACTER} fit")
        self.kinds = _kinds()
        symbols = np.where(self.kinds == Kind.HANZI, UNKNOWN_HANZI, UNKNOWN_OTHER).astype(np.uint16)
        codes = np.array([ord(c) for c in characters], np.int64)
        symbols[codes] = np.arange(FIRST_CHARACTER, FIRST_CHARACTER + len(codes), dtype=np.uint16)
        # A character the model knows keeps its own symbol: 著 and 乾 stand in simplified text too.
        known = set(characters)
        pairs = [(ord(a), ord(b)) for a, b in fold.items() if a not in known]
        if pairs:
            source, target = np.array(pairs, np.int64).T
            symbols[source] = symbols[target]
            self.kinds[source] = self.kinds[target]  # 點 counts time as 点 does
        symbols[0xFF01:0xFF5F] = np.where(
            symbols[0xFF01:0xFF5F] >= FIRST_CHARACTER, symbols[0xFF01:0xFF5F], symbols[0x21:0x7F]
        )
        symbols[self.kinds == Kind.DIGIT] = DIGIT
        symbols[self.kinds == Kind.LETTER] = LETTER
        symbols[self.kinds == Kind.SEPARATOR] = SEPARATOR
        self.symbols = symbols

    def read(self, codes: Codes) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
        """Symbols (N,) and kinds (N,) of code points (N,)."""
        inside = np.minimum(codes, TABLE_SIZE - 1)
        return self.symbols.take(inside).astype(np.uint32), self.kinds.take(inside)
