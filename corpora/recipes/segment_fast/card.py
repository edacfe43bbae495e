"""Writes the bundle and its model card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import array_bytes, write_bundle
from cnchar.lookup.lexicon import Lexicon
from cnchar.lookup.packed import pack
from cnchar.lookup.register import RegisterGuess
from cnchar.tasks.segment import LABELS, TASK
from cnchar.tasks.tables import LOOKUP
from cnchar.train.segment.tagger_pack import hashed_table
from cnchar.train.segment.tagger_rows import DIRECT_ROWS

SCALE = 20.0  # steps of 0.05 nats, up to 6.4
SOURCES = [
    "PFR People's Daily 1998-01 (Peking University; research; corpora/pfr199801.toml)",
    "UD Chinese GSDSimp (CC BY-SA 4.0; corpora/ud_gsdsimp.toml)",
    "raw text of 79 sources (corpora/raw.toml), labelled by wapic 0.1.0 (MIT), pkuseg 0.0.25, "
    "MiNLP-Tokenizer 3.2.2 (Apache-2.0) and rjieba 0.2.2 (MIT)",
    "words: jieba dict.txt (MIT), wordfreq zh large (CC BY-SA 4.0), THUOCL (MIT)",
    "OpenCC character map (Apache-2.0)",
]


def write_model(
    out: Path,
    version: int,
    standards: dict[str, int],
    characters: list[str],
    fold: dict[str, str],
    lexicon: Lexicon,
    register: RegisterGuess,
    weights: NDArray[np.float32],
    identities: NDArray[np.int64],
) -> None:
    """Pack the trained weights and write the whole folder. score.py adds the scores, by running the real command."""
    files = {
        "vocab.txt": _lines(characters),
        "fold.tsv": _lines(f"{a}\t{b}" for a, b in fold.items()),
        "lexicon.npy": array_bytes(lexicon.cells),
        "gate.npy": array_bytes(lexicon.gate),
        "register.npy": array_bytes(register.table),
    }
    for head, (name, bits) in enumerate(standards.items()):
        mine = weights[:, 4 * head : 4 * head + 3]
        hashed = mine[DIRECT_ROWS + 1 :]
        used = np.abs(hashed).max(1) > 0
        files[f"{name}.direct.npy"] = array_bytes(pack(mine[:DIRECT_ROWS], SCALE))
        files[f"{name}.hashed.npy"] = array_bytes(hashed_table(identities[used], hashed[used], bits, SCALE))
    write_bundle(out, _config(version, standards, register.margin), files, _card())


def _lines(lines: Any) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _config(version: int, standards: dict[str, int], margin: int) -> dict[str, Any]:
    entry = {"scale": SCALE, "without": [], "register_margin": margin}
    return {
        "name": "segment-fast",
        "version": version,
        "task": TASK,
        "architecture": LOOKUP,
        "normalisation": "fold-width-script",
        "labels": LABELS,
        "standard": next(iter(standards)),
        "standards": dict.fromkeys(standards, entry),
        "licence": "CC-BY-SA-4.0",
        "sources": SOURCES,
        "scores": [],
    }


def _card() -> str:
    return (Path(__file__).parent / "CARD.md").read_text(encoding="utf-8")
