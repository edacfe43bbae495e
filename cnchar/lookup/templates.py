"""What the look-up tagger sees at each character: the templates of its features, as table indices and hash keys.

*Direct* templates have few values and index a table of their own. *Hashed* templates have many and share one big table:
an n-gram is hashed once, and each template salts the hash, so that the same n-gram at another place is another feature.
Nothing is seen across a separator, so a piece of text scores the same alone and among others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

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
# Hashed templates: the n-gram each looks at and where it begins, seen from the character.
HASHED = {
    "c-2c-1": ("inner two", -2), "c-1c0": ("two", -1), "c0c+1": ("two", 0), "c+1c+2": ("inner two", 1),
    "c-1c+1": ("skip", -1), "c-2c0_3": ("three", -2), "c-1c+1_3": ("three", -1), "c0c+2_3": ("three", 0),
    "dictA-1,0": ("dictA", -1), "dictA0,1": ("dictA", 0),
    "dictAB": ("dictAB", 0), "dictAc0": ("dictAc", 0), "dictBc0": ("dictBc", 0),
    "register c-1": ("register one", -1), "register c+1": ("register one", 1),
    "register c-1c0": ("register two", -1), "register c0c+1": ("register two", 0),
}  # fmt: skip
_K = [np.uint32(k) for k in (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F, 0x165667B1)]
_CHECK = np.uint32(24)


def salt(name: str) -> int:
    """The 20 bits that make a hashed template's features its own (FNV-1a of its name)."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value >> 12


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
    here = (u != 0).astype(np.uint32)

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


class Hashed(NamedTuple):
    """A hashed template's features: slots before the salt (N,), check bytes in the upper 8 bits (N,), the salt."""

    name: str
    slots: Array32
    checks: Array32
    salt: int


def hashed_features(view: View, bits: int) -> Iterator[Hashed]:
    """Each hashed template for a table of 2**bits entries, bits <= 20, in the order of HASHED."""
    grams = {name: _hash(keys, bits) for name, keys in _grams(view)}
    for name, (gram, offset) in HASHED.items():
        slots, checks = grams[gram]
        place = slice(REACH + offset, REACH + offset + len(view))
        yield Hashed(name, slots[place], checks[place], salt(name) >> (20 - bits))


def _hash(keys: Array32, bits: int) -> tuple[Array32, Array32]:
    """Slots and check bytes: the keys are sums of products with odd constants, so both ends of them are well mixed."""
    return keys >> np.uint32(32 - bits), keys << _CHECK


def _grams(view: View) -> Iterator[tuple[str, Array32]]:
    """(name, keys) of the n-grams that begin at each place of the padded view; 0 where a separator lies inside one."""
    u = view.symbols
    here = (u != 0).astype(np.uint32)
    scaled = [u * k for k in _K[:3]]
    register = view.register * _K[4]
    two = scaled[0][:-1] + scaled[1][1:]
    three = (two[:-1] + scaled[2][2:]) * here[1:-1]
    yield "two", two
    yield "inner two", two * (here[:-1] * here[1:])
    yield "skip", scaled[1][:-2] + scaled[2][2:]
    yield "three", three
    a: Array32 = view.dict_a.astype(np.uint32)
    b: Array32 = view.dict_b.astype(np.uint32)
    yield "dictA", a[:-1] * _K[2] + a[1:] * _K[3]
    yield "dictAB", a * _K[2] + b * _K[4]
    yield "dictAc", a * _K[0] + scaled[1]
    yield "dictBc", b * _K[2] + scaled[0]
    yield "register one", u * _K[2] + register
    yield "register two", two + register[:-1]
