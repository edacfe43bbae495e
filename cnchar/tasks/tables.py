"""Look-up tables and characters of a bundle, opened and checked: for what runs a model and for what learns from one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnchar.bundle import Bundle
from cnchar.errors import BadBundle, BadInput
from cnchar.lookup.lexicon import Lexicon
from cnchar.lookup.packed import NEUTRAL
from cnchar.lookup.register import PAIR_BITS, RegisterGuess
from cnchar.lookup.symbols import MAX_SYMBOLS, SEPARATOR, SymbolTable
from cnchar.lookup.tagger import LookupTagger, Weights
from cnchar.lookup.templates import DIRECT_SIZES, HASHED

LOOKUP, NEURAL = "lookup-tagger", "character-model"  # architectures of bundles
MAX_BITS = 20  # of a hashed table


def read_tagger(bundle: Bundle, standard: str | None = None) -> LookupTagger:
    """The tagger of one standard of a look-up model, the bundle's own choice if None.

    Raises:
        BadInput: a standard the model does not have. BadBundle: tables or config values that do not fit together.
    """
    standards = bundle.get("standards", dict)
    if standard is None and bundle.get("standard", str) not in standards:
        raise BadBundle(f"{bundle.folder}: the config's standard is not one of its standards.")
    standard = standard or bundle.get("standard", str)
    if standard not in standards:
        raise BadInput(f"no standard {standard!r} in the model {bundle.name}; it has {', '.join(standards)}.")
    return read_tables(bundle, standard, standards[standard])


def read_tables(bundle: Bundle, standard: str, entry: Mapping[str, Any]) -> LookupTagger:
    """The tagger whose tables are named after a standard; `entry` is what the config says of them.

    Raises:
        BadBundle: tables or config values that do not fit together.
    """
    try:
        weights = Weights(
            bundle.array(f"{standard}.direct.npy", "uint32"),
            bundle.array(f"{standard}.hashed.npy", "uint32"),
            float(entry["scale"]),
            frozenset(entry["without"]),
        )
        lexicon = Lexicon(bundle.array("lexicon.npy", "uint16"), bundle.array("gate.npy", "uint16"))
        register = RegisterGuess(bundle.array("register.npy", "uint32"), int(entry["register_margin"]))
        _check_fit(weights, lexicon, register)
        return LookupTagger(read_symbols(bundle), lexicon, register, weights)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise BadBundle(f"{bundle.folder}: the config or a table does not fit together ({error}).") from None


def read_symbols(bundle: Bundle) -> SymbolTable:
    """The model's characters. Raises BadBundle where vocabulary and fold make no table."""
    try:
        fold = dict(line.split("\t") for line in bundle.lines("fold.tsv") if line)
        return SymbolTable(bundle.lines("vocab.txt"), fold)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise BadBundle(f"{bundle.folder}: vocab.txt and fold.tsv do not fit together ({error}).") from None


def _check_fit(weights: Weights, lexicon: Lexicon, register: RegisterGuess) -> None:
    """Raises ValueError for what would only fail, or silently give nonsense, once text comes."""
    whole = 1 <= weights.bits <= MAX_BITS and len(weights.hashed) == 1 << weights.bits
    if not whole or len(weights.direct) != sum(DIRECT_SIZES.values()):
        raise ValueError(f"weights for {len(weights.direct)} and {len(weights.hashed)} features")
    if not 1 <= weights.scale <= 1000:
        raise ValueError(f"a scale of {weights.scale}")
    if unknown := weights.without - {*DIRECT_SIZES, *HASHED}:
        raise ValueError(f"unknown features {', '.join(map(repr, sorted(map(str, unknown))))[:100]}")
    if len(register.table) != MAX_SYMBOLS + (1 << PAIR_BITS) or not 0 <= register.margin < 1 << 31:
        raise ValueError(f"a table of {len(register.table)} for the register with a margin of {register.margin:g}")
    if register.table[SEPARATOR] != NEUTRAL:
        raise ValueError("a register in which separators have weight")
    if not len(lexicon.cells):
        raise ValueError("an empty lexicon")


__all__ = ["LOOKUP", "NEURAL", "read_symbols", "read_tables", "read_tagger"]
