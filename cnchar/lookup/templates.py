"""What the look-up tagger sees at each character: the templates of its features, as table indices and hash keys.

*Direct* templates have few values and index a table of their own. *Hashed* templates have many and share one big table;
each has an odd multiplier of its own, so that the same n-gram at another place is another feature. Nothing is seen
across a separator, so a piece of text scores the same alone and among others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from cnchar.lookup.symbols import MAX_SYMBOLS

Array32 = NDArray[np.uint32]
T = TypeVar("T", bound=np.generic)

REACH = 2  # characters seen on each side
SPAN_CODES = 343  # values of lexicon.spans_code
REGISTERS = 4  # kinds of writing that a line may be guessed to be
_UNIGRAM = MAX_SYMBOLS
DIRECT_SIZES = {
    "c-2": _UNIGRAM, "c-1": _UNIGRAM, "c0": _UNIGRAM, "c+1": _UNIGRAM, "c+2": _UNIGRAM,
    "kinds": 1 << 15, "repeats": 1 << 8, "dictA": SPAN_CODES * REGISTERS, "dictB": SPAN_CODES * REGISTERS,
    "register c0": _UNIGRAM * REGISTERS,
}  # fmt: skip
HASHED = (
    "c-2c-1", "c-1c0", "c0c+1", "c+1c+2", "c-1c+1", "c-2c0", "c0c+2",
    "c-2c0_3", "c-1c+1_3", "c0c+2_3", "c-2c+1_4", "c-1c+2_4",
    "dictA-1,0", "dictA0,1", "dictB-1,0", "dictB0,1", "dictAB", "dictAc0", "dictBc0",
    "register c-2", "register c-1", "register c+1", "register c-1c0", "register c0c+1", "register c-1c+1_3",
)  # fmt: skip
_K = [np.uint32(k) for k in (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1)]


def multiplier(name: str) -> int:
    """The odd number that makes a hashed template's features its own (FNV-1a of its name)."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value | 1


@dataclass(frozen=True)
class View:
    """A run of text as arrays with REACH zeros on both sides: symbols, kinds, and what two dictionaries say."""

    symbols: Array32  # (N + 2 * REACH,)
    kinds: NDArray[np.uint8]
    dict_a: NDArray[np.uint16]
    dict_b: NDArray[np.uint16]
    register: NDArray[np.uint8]

    def chunk(self, start: int, stop: int) -> View:
        """The view of characters start..stop with their true neighbours."""
        cut = slice(start, stop + 2 * REACH)
        return View(self.symbols[cut], self.kinds[cut], self.dict_a[cut], self.dict_b[cut], self.register[cut])

    def __len__(self) -> int:
        return len(self.symbols) - 2 * REACH


def pad(values: NDArray[T]) -> NDArray[T]:
    """Values (N,) with REACH zeros on both sides."""
    return np.concatenate([values[:0], np.zeros(REACH, values.dtype), values, np.zeros(REACH, values.dtype)])


def unpad(values: NDArray[T]) -> NDArray[T]:
    """The inverse of pad."""
    return values[REACH:-REACH]


def direct_features(view: View) -> Iterator[tuple[str, NDArray[np.integer]]]:
    """(name, indices (N,)) of each direct template."""
    n, u, kinds = len(view), view.symbols, view.kinds
    here = u != 0

    def at(values: NDArray[Any], offset: int) -> NDArray[Any]:
        return values[REACH + offset : REACH + offset + n]

    yield "c-2", at(u, -2) * at(here, -1)
    yield "c-1", at(u, -1)
    yield "c0", at(u, 0)
    yield "c+1", at(u, 1)
    yield "c+2", at(u, 2) * at(here, 1)
    window = at(kinds, -1).astype(np.uint32)
    for offset in (0, 1):
        window = window << 3 | at(kinds, offset)
    window = window << 3 | at(kinds, -2) * at(here, -1)
    yield "kinds", window << 3 | at(kinds, 2) * at(here, 1)
    same1, same2 = (u[1:] == u[:-1]).view(np.uint8), (u[2:] == u[:-2]).view(np.uint8)
    repeats = at(same1, 0) | at(same1, -1) << 1 | at(same2, 0) * at(here, 1) << 2 | at(same2, -1) << 3
    repeats |= at(same2, -2) * at(here, -1) << 4
    yield "repeats", repeats | at(kinds, 0) << 5
    register = at(view.register, 0).astype(np.uint32)
    yield "dictA", at(view.dict_a, 0) * REGISTERS + register
    yield "dictB", at(view.dict_b, 0) * REGISTERS + register
    yield "register c0", at(u, 0) * REGISTERS + register


def hashed_features(view: View) -> Iterator[tuple[str, Array32]]:
    """(name, keys (N,)) of each hashed template, in the order of HASHED."""
    n, u = len(view), view.symbols
    here = (u != 0).astype(np.uint32)

    def at(values: NDArray[Any], offset: int) -> Any:
        return values[REACH + offset : REACH + offset + n]

    scaled = [u * k for k in _K[:4]]
    two = scaled[0][:-1] + scaled[1][1:]
    yield "c-2c-1", at(two, -2) * at(here, -1)
    yield "c-1c0", at(two, -1)
    yield "c0c+1", at(two, 0)
    yield "c+1c+2", at(two, 1) * at(here, 1)
    skip = scaled[0][:-2] + scaled[2][2:]
    yield "c-1c+1", at(skip, -1)
    yield "c-2c0", at(skip, -2) * at(here, -1)
    yield "c0c+2", at(skip, 0) * at(here, 1)
    three = (two[:-1] + scaled[2][2:]) * here[1:-1]
    yield "c-2c0_3", at(three, -2)
    yield "c-1c+1_3", at(three, -1)
    yield "c0c+2_3", at(three, 0)
    four = (three[:-1] + scaled[3][3:]) * (here[1:-2] * here[2:-1])
    yield "c-2c+1_4", at(four, -2)
    yield "c-1c+2_4", at(four, -1)
    a: Array32 = view.dict_a.astype(np.uint32)
    b: Array32 = view.dict_b.astype(np.uint32)
    for name, spans in (("dictA", a), ("dictB", b)):
        yield f"{name}-1,0", at(spans, -1) * _K[0] + at(spans, 0) * _K[1]
        yield f"{name}0,1", at(spans, 0) * _K[0] + at(spans, 1) * _K[1]
    yield "dictAB", at(a, 0) * _K[0] + at(b, 0) * _K[1]
    yield "dictAc0", at(a, 0) * _K[0] + at(u, 0) * _K[3]
    yield "dictBc0", at(b, 0) * _K[0] + at(u, 0) * _K[3]
    register = at(view.register, 0) * _K[4]
    yield "register c-2", at(u, -2) * at(here, -1) * _K[0] + register
    yield "register c-1", at(u, -1) * _K[0] + register
    yield "register c+1", at(u, 1) * _K[0] + register
    yield "register c-1c0", at(two, -1) + register
    yield "register c0c+1", at(two, 0) + register
    yield "register c-1c+1_3", at(three, -1) + register
