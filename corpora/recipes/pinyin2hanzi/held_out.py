"""Write lines to choose with: `python held_out.py RAW_DIR OUT_DIR [AISHELL_DEV]`.

OUT_DIR gets DOMAIN.a.tsv and DOMAIN.b.tsv of `pinyin<TAB>hanzi` lines, as the tests have them: stretches of hanzi
between other writing, from the held-out lines of the files of corpora/raw.toml; of a domain's files big ones give more.
"""

from __future__ import annotations

import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import rjieba
from cut import text_of

from cnchar.corpus.held_out import is_held_out
from cnchar.pinyin.pronounce import pronounce
from cnchar.pinyin.tokens import HANZI

SIZE = 800  # stretches a file
SHORTEST, LONGEST = 3, 40
JOINED = dict.fromkeys(("encyclopedic", "reference", "life"), "academic") | {"gov": "law"}
_STRETCH = re.compile(f"[{HANZI}]+")

Pair = tuple[str, str]


def pairs(path: Path) -> Iterator[Pair]:
    """(pinyin, hanzi) of the stretches of the held-out lines of a file."""
    for line in text_of(path).split("\n"):
        if line and is_held_out(line):
            sounds = pronounce(rjieba.cut(line, False))
            for found in _STRETCH.finditer(line):
                read = [sound.plain for sound in sounds[found.start() : found.end()] if sound]
                if SHORTEST <= len(found[0]) <= LONGEST and len(read) == len(found[0]):
                    yield " ".join(read), found[0]


def draw(files: list[list[Pair]]) -> list[Pair]:
    """Twice SIZE stretches of the files of a domain, by the root of their sizes."""
    roots = [len(found) ** 0.5 for found in files]
    drawn = []
    for found, root in zip(files, roots, strict=True):
        drawn += found[: int(2 * SIZE * root / sum(roots)) + 1]
    random.Random(1).shuffle(drawn)
    return drawn[: 2 * SIZE]


def main(raw: Path, out: Path, aishell: Path | None = None) -> None:
    out.mkdir(parents=True, exist_ok=True)
    domains: dict[str, list[list[Pair]]] = defaultdict(list)
    for path in sorted(raw.glob("*__*.txt*")):
        domain = path.name.split("__")[0]
        if domain != "classical":
            found = list(pairs(path))
            random.Random(path.name.split(".")[0]).shuffle(found)
            domains[JOINED.get(domain, domain)].append(found)
    drawn = {domain: draw(files) for domain, files in domains.items()}
    if aishell is not None:
        lines = [line.split("\t") for line in aishell.read_text(encoding="utf-8").splitlines()]
        random.Random(1).shuffle(lines)
        drawn["aishell"] = [(re.sub("[0-9]", "", pinyin), hanzi) for pinyin, hanzi in lines[: 2 * SIZE]]
    for domain, found in drawn.items():
        for part, start in (("a", 0), ("b", SIZE)):
            rows = "".join(f"{pinyin}\t{hanzi}\n" for pinyin, hanzi in found[start : start + SIZE])
            (out / f"{domain}.{part}.tsv").write_text(rows, encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
