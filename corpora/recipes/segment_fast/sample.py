"""Draw the mixed raw text that the teachers label: `python sample.py RAW_DIR WORK_DIR`.

RAW_DIR holds the unpacked or `.xz` files of corpora/raw.toml. Each file gives at most `cap` characters, chosen by the
hash of the line, so that a rerun draws the same text; lines whose sha1 ends in `0` are held out, as everywhere.
Output: pieces.txt, one piece a line, no white space inside, at most 200 characters, letters and digits half-width; and
domains.tsv, how many pieces each file gave.
"""

from __future__ import annotations

import hashlib
import lzma
import re
import sys
from collections.abc import Iterator
from pathlib import Path

CAP = 700_000  # characters a file
CAPS = {  # more of stories, talk and news; classical Chinese is another language
    "classical__niutrans_classical_aligned": 0,
    "dialogue__smile_counselling": 300_000,
    "dialogue__dgk_subtitles": 3_000_000,
    "literature__niutrans_modern_translations": 5_000_000,
    "literature__pd_modern_authors": 4_000_000,
    "literature__lancopku_essays": 1_400_000,
    "literature__cmrc2017_stories": 1_000_000,
    "news__cctv_xwlb_2012_2026": 4_000_000,
    "news__peoplesdaily_ner": 2_200_000,
    "qa__zhihu_hot_hub_2021_2026": 3_000_000,
    "qa__zhihu_hot_questions_2020_2025": 1_500_000,
    "review__uer_weibo_reviews": 3_400_000,
    "review__sophonplus_hotel_waimai_shopping": 1_500_000,
    "social__weibo_hot_search_2020_2026": 1_500_000,
}
HALF_WIDTH = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
LONGEST = 200


def read_lines(path: Path) -> Iterator[str]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8", newline="\n") as stream:
            yield from (line.rstrip("\n") for line in stream)
    else:
        with path.open(encoding="utf-8", newline="\n") as stream:
            yield from (line.rstrip("\n") for line in stream)


def pieces(line: str) -> Iterator[str]:
    """Runs without white space, cut after sentence ends where longer than LONGEST characters."""
    for run in line.translate(HALF_WIDTH).split():
        start = 0
        while len(run) - start > LONGEST:
            cut = max(run.rfind(mark, start, start + LONGEST) for mark in "。！？；，")
            end = cut + 1 if cut > start else start + LONGEST
            yield run[start:end]
            start = end
        yield run[start:]


def draw(path: Path, cap: int) -> Iterator[str]:
    size = sum(len(line) for line in read_lines(path))
    share = cap / max(1, size)
    for line in read_lines(path):
        digest = hashlib.sha1(line.encode()).hexdigest()
        if digest[-1] != "0" and int(digest[:8], 16) < share * 2**32:
            yield from (p for p in pieces(line) if re.search("[\u4e00-\u9fff]", p) and len(p) > 1)


def main(raw: str, out: str) -> None:
    files = sorted({p.name.split(".")[0]: p for p in Path(raw).glob("*__*.txt*")}.items())
    with (
        Path(out, "pieces.txt").open("w", encoding="utf-8", newline="\n") as stream,
        Path(out, "domains.tsv").open("w", encoding="utf-8", newline="\n") as domains,
    ):
        for name, path in files:
            count = 0
            for piece in draw(path, CAPS.get(name, CAP)):
                stream.write(piece + "\n")
                count += 1
            domains.write(f"{name}\t{count}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
