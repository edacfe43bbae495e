"""Choose the weight of the network beside the tables: `python weigh.py TABLES NETWORK DEV.tsv ...`.

Each file has lines of pinyin, a TAB and hanzi, held out of all training, and counts the same. Printed are the
accuracies of the tables alone, of both with each weight, and of the network alone.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from cnchar.bundle import open_bundle
from cnchar.decode.pinyin_lattice import PinyinLattice
from cnchar.pinyin.syllables import NUMBERS
from cnchar.runtime.unit_network import open_unit_network
from cnchar.tasks.pinyin2hanzi import TASK
from cnchar.tasks.pinyin_decoder import PinyinDecoder, PinyinTables
from cnchar.tasks.pinyin_tables import ARCHITECTURES, read_tables
from cnchar.tasks.tables import NEURAL
from cnchar.tasks.unit_scores import UnitScores

WEIGHTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
ALONE = 1000.0  # a weight beside which the tables say nothing
Pairs = list[tuple[PinyinLattice, str]]


def read_pairs(path: Path) -> Pairs:
    """The lines whose pinyin is one syllable a hanzi; tones are dropped."""
    rows = (line.split("\t")[:2] for line in path.read_text(encoding="utf-8").splitlines())
    syllables = ((pinyin.translate(_NO_TONES).split(" "), hanzi) for pinyin, hanzi in rows)
    return [
        (_one_way(words), hanzi)
        for words, hanzi in syllables
        if len(words) == len(hanzi) and set(words) <= set(NUMBERS)
    ]


_NO_TONES = dict.fromkeys(map(ord, "12345"))


def _one_way(words: list[str]) -> PinyinLattice:
    size, places = len(words), np.arange(len(words), dtype=np.int32)
    numbers, none = np.array([NUMBERS[word] for word in words], np.int16), np.zeros(size, np.int32)
    return PinyinLattice(size, places, places + 1, numbers, none.astype(np.int8), none.astype(np.float32), none)


def accuracy(tables: PinyinTables, pairs: Pairs, scores: list[UnitScores] | None) -> float:
    """The share of characters that are right."""
    paths = PinyinDecoder(tables).decode([lattice for lattice, _ in pairs], scores)
    right = sum(
        a == b for (_, gold), (path,) in zip(pairs, paths, strict=True) for a, b in zip(gold, path.text, strict=True)
    )
    return right / sum(len(gold) for _, gold in pairs)


def main(tables_folder: Path, network_folder: Path, files: list[Path]) -> None:
    tables = read_tables(open_bundle(tables_folder, TASK, ARCHITECTURES))
    network = open_unit_network(open_bundle(network_folder, TASK, (NEURAL, *ARCHITECTURES)), "cpu", 1)
    assert network is not None
    sets = {path.name: read_pairs(path) for path in files}
    scores = {name: network([lattice for lattice, _ in pairs]) for name, pairs in sets.items()}

    def show(name: str, weight: float | None) -> None:
        weighted = tables if weight is None else replace(tables, network=weight)
        shares = [accuracy(weighted, pairs, None if weight is None else scores[each]) for each, pairs in sets.items()]
        rest = " ".join(f"{each} {share:.2%}" for each, share in zip(sets, shares, strict=True))
        print(f"{name:>8} {np.mean(shares):.3%} {rest}", flush=True)

    show("tables", None)
    for weight in WEIGHTS:
        show(str(weight), weight)
    show("network", ALONE)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), list(map(Path, sys.argv[3:])))
