"""Cut raw text into words with readings: `python cut.py RAW_DIR WORK_DIR`.

RAW_DIR holds the unpacked or `.xz` files of corpora/raw.toml, WORK_DIR/more what newspaper.py wrote; classical Chinese
is another language and left out, and so are the lines that are held out. Words are those of rjieba (MIT), by maximum
probability over its dictionary and without its model of unknown words; each is read by itself, by
cnchar.pinyin.pronounce.

Output, in WORK_DIR: text/NAME.npy, the numbers of the words of each file in running text, and words.tsv, for each
number the word and its units (cnchar.pinyin.units), or one of the symbols below where it is no word of hanzi.
"""

from __future__ import annotations

import lzma
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import rjieba

from cnchar.corpus.held_out import is_held_out
from cnchar.pinyin.pronounce import pronounce
from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.syllables import NUMBERS
from cnchar.pinyin.tokens import HANZI
from cnchar.pinyin.units import NO_UNIT, Units, units_of

LEFT_OUT = ("classical__",)
MORE = "more"
BORDER, NUMBER, LATIN, OTHER, SPACE = (-number for number in range(1, 6))  # what is no unit
_HANZI = re.compile(f"[{HANZI}]")
_HALF = {c: c - 0xFEE0 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_LINES = 2000  # cut at a time


def read_lines(path: Path) -> Iterator[str]:
    """The lines that may be learned from, letters and digits half-width."""
    for line in text_of(path).split("\n"):
        if line and not is_held_out(line):
            yield line.translate(_HALF)


def text_of(path: Path) -> str:
    """A file's text, as it is or unpacked."""
    data = path.read_bytes()
    return (lzma.decompress(data) if path.suffix == ".xz" else data).decode("utf-8")


class Words(dict[str, int]):
    """Numbers words as they come and reads each once."""

    def __init__(self) -> None:
        super().__init__()
        self.units: Units = units_of(load_readings())
        self._commonest = _commonest()
        self.readings: list[list[int]] = []

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        self.readings.append(self._read(word))
        return number

    def _read(self, word: str) -> list[int]:
        if _HANZI.match(word):
            sounds = pronounce([word])
            return [self._unit(c, s and NUMBERS[s.plain]) for c, s in zip(word, sounds, strict=True)]
        if word.isspace():
            return [BORDER if "\n" in word else SPACE]
        return [NUMBER if word[0].isdigit() else LATIN if word[0].isalpha() else BORDER]

    def _unit(self, character: str, syllable: int | None) -> int:
        """The unit of a character read so, or as it mostly is."""
        for each in (syllable, self._commonest.get(character)):
            if each is not None:
                unit = int(self.units.find(np.array([each]), np.array([ord(character)]))[0])
                if unit != NO_UNIT:
                    return unit
        return OTHER if _HANZI.match(character) else BORDER


def _commonest() -> dict[str, int]:
    """For each character the syllable that it is mostly read as, whatever the tone."""
    shares: dict[str, Counter[int]] = {}
    readings = load_readings()
    for owner, syllable, count in zip(readings.owners, readings.syllables, readings.counts, strict=True):
        shares.setdefault(readings.characters[owner], Counter())[int(syllable)] += int(count)
    return {character: found.most_common(1)[0][0] for character, found in shares.items()}


def cut(lines: list[str], words: Words) -> Iterator[np.ndarray]:
    """The numbers of the words of running text, each line followed by that of a line's end."""
    for start in range(0, len(lines), _LINES):
        text = "\n".join(lines[start : start + _LINES]) + "\n"
        yield np.array([words[word] for word in rjieba.cut(text, False)], np.int32)


def main(raw: Path, work: Path) -> None:
    (work / "text").mkdir(parents=True, exist_ok=True)
    words = Words()
    paths = (*raw.glob("*__*.txt*"), *(work / MORE).glob("*__*.txt"))
    files = {path.name.split(".")[0]: path for path in sorted(paths, key=lambda path: path.name)}
    for name, path in files.items():
        if not name.startswith(LEFT_OUT):
            np.save(work / "text" / f"{name}.npy", np.concatenate(list(cut(list(read_lines(path)), words))))
    with (work / "words.tsv").open("w", encoding="utf-8", newline="\n") as stream:
        for word, reading in zip(words, words.readings, strict=True):
            stream.write(f"{word if reading[0] >= 0 else ''}\t{' '.join(map(str, reading))}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
