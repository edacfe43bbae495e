"""What is certain about text before any model looks: what is never parted, and what always stands alone.

Never parted are URLs, e-mail addresses, numbers with points, and the parts of one emoji or accented letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from cnchar.lookup.symbols import TABLE_SIZE, Codes, Kind

# Always words of their own.
HARD = "，。！？；：、（）《》〈〉【】「」『』“”"
_TOGETHER = re.compile(
    r"""
    (?i:https?|ftp)://[!#-;=?-\[\]_a-z~]*[\w/#=&]  # URL
    | (?i:www)\.[!#-;=?-\[\]_a-z~]*[A-Za-z0-9/#=&]
    | (?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)+    # e-mail
    | (?<![0-9０-９])[0-9０-９]++(?:[.,．，][0-9０-９]++)+[%％]?  # 3.14  1,000  192.168.0.1
    | [\U0001F1E6-\U0001F1FF]{2}               # flag
    | [^\s\u200d](?:[\u0300-\u036F\u20E3\uFE0E\uFE0F\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F]
        |\u200d[^\s\u200d])+                    # marks, joined emoji, letters of a flag
    """,
    re.VERBOSE | re.ASCII,
)
# Flags of code points. A hint is what can only matter to _TOGETHER and makes a look at its line worth while.
_IS_HARD, _IS_HINT, _IS_POINT = np.uint8(1), np.uint8(2), np.uint8(4)
_FLAGS = np.zeros(TABLE_SIZE, np.uint8)
_FLAGS[[ord(c) for c in HARD]] |= _IS_HARD
_FLAGS[[*b"@/", 0x20E3, 0x200D, 0xFE0E, 0xFE0F, *range(0x300, 0x370), *range(0x1F1E6, 0x1F400)]] |= _IS_HINT
_FLAGS[[ord(c) for c in ".,．，"]] |= _IS_POINT
_WALLS = np.isin(np.arange(len(Kind)), (Kind.HANZI, Kind.NUMERAL, Kind.UNIT, Kind.SEPARATOR))


def is_hard(codes: Codes) -> NDArray[np.bool_]:
    """Where punctuation stands that is always a word of its own, (N,)."""
    return (_flags(codes) & _IS_HARD).astype(bool)


def unbroken_spans(text: str, codes: Codes, kinds: NDArray[np.uint8]) -> Iterator[tuple[int, int]]:
    """Half-open spans of the text (N characters, with its code points and kinds) that must not be parted."""
    for start, stop in _windows(_hints(codes, kinds), kinds):
        for found in _TOGETHER.finditer(text, start, stop):
            yield found.span()


def _flags(codes: Codes) -> NDArray[np.uint8]:
    return _FLAGS.take(codes, mode="clip")


def _hints(codes: Codes, kinds: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Characters that may belong to a URL, an address, a number with points, or an emoji of several parts."""
    flags = _flags(codes)
    points = np.flatnonzero(flags[:-1] & _IS_POINT)
    points = points[points > 0]
    number = (kinds[points - 1] == Kind.DIGIT) & (kinds[points + 1] == Kind.DIGIT)
    www = codes[points - 1] | 0x20 == ord("w")
    return np.sort(np.concatenate([np.flatnonzero(flags & _IS_HINT), points[number | www]]))


def _windows(hints: NDArray[np.intp], kinds: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Spans around the hints, each once, that end before hanzi and white space: no pattern goes on over these.

    The one before is in the window, for a hanzi may carry a mark.
    """
    if not len(hints):
        return []
    walls = np.flatnonzero(_WALLS.take(kinds))
    after = np.searchsorted(walls, hints)
    bounds = np.concatenate([[0], walls, [len(kinds)]])
    return sorted(set(zip(bounds[after].tolist(), bounds[after + 1].tolist(), strict=True)))
