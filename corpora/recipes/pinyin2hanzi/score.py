"""How well look-ups alone convert: `python score.py BUNDLE FILE...` prints accuracy, exact share and speed of each.

The files have lines of `pinyin<TAB>hanzi`, as held_out.py writes them. Speed counts the CPU time of decoding alone.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from cnchar.bundle import open_bundle
from cnchar.decode.pinyin_lattice import PinyinLattice
from cnchar.tasks.pinyin_decoder import PinyinDecoder
from cnchar.tasks.pinyin_line import read_line
from cnchar.tasks.pinyin_tables import ARCHITECTURES, open_decoder

_TOGETHER = 512


def convert(decoder: PinyinDecoder, lines: list[str]) -> list[str]:
    """The hanzi of lines of pinyin without anything else."""
    out = []
    for start in range(0, len(lines), _TOGETHER):
        found = decoder.decode([lattice_of(line) for line in lines[start : start + _TOGETHER]])
        out += ["".join(paths[0].text) for paths in found]
    return out


def lattice_of(line: str) -> PinyinLattice:
    ((lattice, _),) = read_line(line, all_pinyin=True).lattices()
    return lattice


def main(bundle: Path, *files: Path) -> None:
    decoder = open_decoder(open_bundle(bundle, "pinyin2hanzi", ARCHITECTURES))
    for file in files:
        rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
        order = sorted(rows, key=lambda row: len(row[-1]))
        start = time.process_time()
        texts = convert(decoder, [row[0] for row in order])
        taken = time.process_time() - start
        pairs = [(row[-1], text) for row, text in zip(order, texts, strict=True)]
        size = sum(len(gold) for gold, _ in pairs)
        wrong = sum(a != b for gold, text in pairs for a, b in zip(gold, text, strict=True))
        exact = sum(gold == text for gold, text in pairs) / len(pairs)
        print(f"{file.stem}\t{1 - wrong / size:.4f}\t{exact:.3f}\t{size / taken:.0f} characters/s", flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
