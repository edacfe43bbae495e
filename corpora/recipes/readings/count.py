"""Count how characters are read: `python count.py RAW_DIR OUT.tsv` writes cnchar/pinyin/data/readings.tsv.

RAW_DIR holds the files of corpora/raw.toml. Each gives about CAP characters, chosen by the hash of the line, so that a
rerun counts the same text and every domain weighs alike; lines whose sha1 ends in `0` are held out, as everywhere, and
classical Chinese is left out, being another language. Words are cut by segment-fast and read by
cnchar.pinyin.pronounce. The characters of GB 2312 are all in the table, with the readings pypinyin lists, seen or not.
"""

from __future__ import annotations

import hashlib
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cnchar.pinyin.dictionary import listed_readings
from cnchar.pinyin.pronounce import pronounce
from cnchar.pinyin.styles import write
from cnchar.pinyin.syllables import NEUTRAL, NO_TONE, Syllable
from cnchar.runtime.segmenter import load_segmenter

CAP = 60_000  # characters a file
LEFT_OUT = ("classical__",)
RARE = 3  # a character outside GB 2312 that was seen less often is looked up when it is met
HEAD = """\
# How often each character is read how. Made by corpora/recipes/readings/count.py from a sample of corpora/raw.toml.
# character<TAB>reading count reading count ...; the most frequent character first; 0: known and not seen.
"""

Counts = Counter[tuple[str, Syllable]]


def draw(path: Path, cap: int) -> list[str]:
    """About `cap` characters of a file in whole lines."""
    with lzma.open(path, "rt", encoding="utf-8", newline="\n") as stream:
        lines = [line.rstrip("\n") for line in stream]
    share = cap / max(1, sum(map(len, lines)))
    return [line for line in lines if _is_drawn(hashlib.sha1(line.encode()).hexdigest(), share)]


def _is_drawn(digest: str, share: float) -> bool:
    return digest[-1] != "0" and int(digest[:8], 16) < share * 2**32


def texts(raw: Path) -> Iterator[list[str]]:
    """The lines drawn from each file."""
    for path in sorted(raw.glob("*__*.txt.xz")):
        if not path.name.startswith(LEFT_OUT):
            yield draw(path, CAP)


def count(raw: Path) -> Counts:
    """How often each character was read how."""
    segment = load_segmenter("fast")
    counts: Counts = Counter()
    for lines in texts(raw):
        for line in segment(lines):
            sounds = pronounce(line.words)
            counts.update((ch, sound) for ch, sound in zip(line.text, sounds, strict=True) if sound)
    return counts


def rows(counts: Counts) -> Iterator[str]:
    """The lines of the table."""
    seen: dict[str, Counter[Syllable]] = {character: Counter() for character in _GB2312}
    for (character, reading), times in counts.items():
        seen.setdefault(character, Counter())[reading] += times
    for character, readings in sorted(seen.items(), key=lambda item: (-item[1].total(), item[0])):
        if readings.total() >= RARE or character in _GB2312:
            known = dict.fromkeys(map(_toned, listed_readings(character)), 0) | readings
            best_first = sorted(known.items(), key=lambda item: -item[1])
            yield f"{character}\t" + " ".join(f"{write(each, 'number')} {times}" for each, times in best_first) + "\n"


def _toned(syllable: Syllable) -> Syllable:
    return Syllable(syllable.plain, syllable.tone if syllable.tone != NO_TONE else NEUTRAL)


def gb2312() -> Iterator[str]:
    """The 6,763 hanzi of GB 2312, the characters of daily use."""
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            yield from bytes([high, low]).decode("gb2312", "ignore")


_GB2312 = frozenset(gb2312())


def main(raw: Path, out: Path) -> None:
    counts = count(raw)
    with out.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(HEAD)
        stream.writelines(rows(counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
