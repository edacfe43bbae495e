"""A small look-up model with random weights, written as any bundle is: what a test may break without harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from cnchar.bundle import array_bytes, write_bundle
from cnchar.lookup.lexicon import Lexicon
from cnchar.lookup.packed import pack
from cnchar.lookup.register import PAIR_BITS
from cnchar.lookup.symbols import MAX_SYMBOLS, SymbolTable
from cnchar.lookup.templates import DIRECT_SIZES

CHARACTERS = "的一是在了人我他来到网易杭研大厦中国北京说漢"
WORDS = ("来到", "网易", "大厦", "中国", "北京", "中国人")
CONFIG: dict[str, Any] = {
    "name": "toy", "version": 7, "task": "segment", "architecture": "lookup-tagger",
    "normalisation": "fold-width-script", "labels": "BMES", "standard": "pku",
    "standards": {"pku": {"scale": 20.0, "without": [], "register_margin": 10}},
    "licence": "Apache-2.0", "sources": ["random numbers"], "scores": [],
}  # fmt: skip


def toy_files(seed: int = 1) -> dict[str, bytes]:
    """The files of the model but config and card."""
    numbers = np.random.default_rng(seed)
    not_separator = (np.arange(MAX_SYMBOLS + (1 << PAIR_BITS)) > 0)[:, None]
    fold = {"來": "来", "國": "国", "說": "说"}
    symbols = SymbolTable(list(CHARACTERS), fold)
    codes = [tuple(int(symbols.symbols[ord(c)]) for c in word) for word in WORDS]
    lexicon = Lexicon.build(dict.fromkeys(codes, 1))
    arrays: dict[str, np.ndarray[Any, Any]] = {
        "pku.direct.npy": pack(numbers.normal(size=(sum(DIRECT_SIZES.values()), 3)), 20.0),
        "pku.hashed.npy": pack(numbers.normal(size=(1 << 10, 3)), 20.0),
        "register.npy": pack(numbers.normal(size=(MAX_SYMBOLS + (1 << PAIR_BITS), 3)) * not_separator, 20.0),
        "lexicon.npy": lexicon.cells,
        "gate.npy": lexicon.gate,
    }
    texts = {"vocab.txt": "\n".join(CHARACTERS) + "\n", "fold.tsv": "".join(f"{a}\t{b}\n" for a, b in fold.items())}
    return {name: array_bytes(array) for name, array in arrays.items()} | {n: t.encode() for n, t in texts.items()}


def write_toy(folder: Path, files: dict[str, bytes] | None = None, **config: Any) -> Path:
    """Write the model, with some files or keys of the config replaced; checksums are right all the same."""
    write_bundle(folder, CONFIG | config, toy_files() | (files or {}), "# toy\n")
    return folder
