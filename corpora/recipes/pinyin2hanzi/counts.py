"""Count what the tables are made of: `python counts.py WORK_DIR`, after cut.py.

Output, in WORK_DIR: lexicon.tsv, the words of the model in the order of their numbers (from FIRST on), with their
units and how often they occur; and three lots of n-grams, each as NAME.keys.npy (int64, ascending), NAME.counts.npy
(how often in all files) and NAME.weights.npy (the same, each file's share by weight_of):

    words    two words behind each other: 20 bits each
    triples  three characters behind each other: 13 bits each, numbered in characters.txt
    borders  the last two characters before a word, and the word: 13, 13 and 20 bits
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cut import BORDER, LATIN, NUMBER, OTHER, SPACE
from numpy.typing import NDArray

from cnchar.lookup.pinyin_words import LONGEST, ragged
from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.units import Units, units_of

RARE = 3  # a word that occurs less often in all text is none
FIRST = 4  # before the words and the characters: border, number, Latin word, other hanzi
CHARACTER_BITS, WORD_BITS = 13, 20
# How much a file counts: less where there is a lot of one kind, more where people talk.
DOMAINS = {"dialogue": 2.0, "news": 1.5, "literature": 1.3, "social": 1.3, "encyclopedic": 1.5, "tech": 0.8}
FILES = {
    "dialogue__smile_counselling": 0.3, "law__lawrefbook": 0.3, "literature__niutrans_modern_translations": 0.3,
    "literature__modern_poetry_sheepzh": 0.6, "news__cctv_xwlb_2012_2026": 0.6, "news__pfr199801": 2.5,
    "tech__cpp_docs_ms": 0.5, "social__weibo_hot_search_2020_2026": 0.7, "tech__lctt": 0.7,
}  # fmt: skip

Ids = NDArray[np.int64]


def weight_of(name: str) -> float:
    """How much a file's n-grams count."""
    return FILES.get(name, DOMAINS.get(name.split("__")[0], 1.0))


@dataclass(frozen=True)
class Lexicon:
    """What the numbers of cut.py mean: T of them.

    words: number in the model, below FIRST for symbols, -1 for white space. first units: (T + 1,) into units.
    """

    words: Ids  # (T,)
    bounds: Ids  # (T + 1,)
    characters: Ids  # (sum of lengths,) numbers of characters, -1 for white space


def character_numbers(units: Units) -> tuple[str, Ids]:
    """The distinct characters in the order of the units, and the number of each unit's."""
    distinct = "".join(dict.fromkeys(units.characters))
    numbers = {character: FIRST + at for at, character in enumerate(distinct)}
    return distinct, np.array([numbers[character] for character in units.characters], np.int64)


def read_lexicon(work: Path) -> Lexicon:
    """Choose the words, write lexicon.tsv and characters.txt."""
    rows = [line.split("\t") for line in (work / "words.tsv").read_text(encoding="utf-8").splitlines()]
    readings = [[int(each) for each in reading.split(" ")] for _, reading in rows]
    counts = sum(np.bincount(tokens, minlength=len(rows)) for _, tokens in texts(work))
    assert isinstance(counts, np.ndarray)
    symbols = {BORDER: 0, NUMBER: 1, LATIN: 2, OTHER: 3, SPACE: -1}
    words = np.array([symbols[reading[0]] if reading[0] < 0 else 3 for reading in readings], np.int64)
    is_word = np.array([
        min(reading) >= 0 and len(reading) <= LONGEST and count >= (1 if len(reading) == 1 else RARE)
        for reading, count in zip(readings, counts.tolist(), strict=True)
    ])  # fmt: skip
    chosen = np.flatnonzero(is_word)
    chosen = chosen[np.argsort(-counts[chosen], kind="stable")]
    words[chosen] = FIRST + np.arange(len(chosen))
    units = units_of(load_readings())
    distinct, numbers = character_numbers(units)
    (work / "characters.txt").write_text(distinct, encoding="utf-8")
    with (work / "lexicon.tsv").open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{rows[at][0]}\t{rows[at][1]}\t{counts[at]}\n" for at in chosen.tolist())
    flat = np.array([each for reading in readings for each in reading], np.int64)
    characters = np.where(flat >= 0, numbers[np.maximum(flat, 0)], 0)
    for symbol, number in symbols.items():
        characters[flat == symbol] = number
    bounds = np.append(0, np.cumsum([len(reading) for reading in readings]))
    return Lexicon(words, bounds, characters)


def texts(work: Path) -> Iterator[tuple[str, NDArray[np.int32]]]:
    """The cut files."""
    for path in sorted((work / "text").glob("*.npy")):
        yield path.stem, np.load(path)


def merged(ids: Ids) -> NDArray[np.bool_]:
    """Which to keep so that no two equal symbols stand together."""
    kept = np.ones(len(ids), bool)
    kept[1:] = (ids[1:] != ids[:-1]) | (ids[1:] >= FIRST - 1)
    return kept


def word_pairs(tokens: NDArray[np.int32], lexicon: Lexicon) -> Ids:
    """The keys of all bigrams of words."""
    words = lexicon.words[tokens]
    words = words[words >= 0]
    words = words[merged(words)]
    return words[:-1] << WORD_BITS | words[1:]


def character_triples(tokens: NDArray[np.int32], lexicon: Lexicon) -> Ids:
    """The keys of all trigrams of characters. White space between hanzi is a border; nothing is known across one."""
    owners, rank = ragged(np.diff(lexicon.bounds)[tokens])
    found = lexicon.characters[lexicon.bounds[tokens[owners]] + rank]
    space = np.flatnonzero(found < 0)
    beside = np.minimum(found[np.maximum(space - 1, 0)], found[np.minimum(space + 1, len(found) - 1)])
    found[space] = np.where(beside >= FIRST, 0, -1)
    found = found[found >= 0]
    found = found[merged(found)]
    first, second, third = found[:-2], found[1:-1], found[2:]
    return (np.where(second == 0, 0, first) << CHARACTER_BITS | second) << CHARACTER_BITS | third


def word_borders(tokens: NDArray[np.int32], lexicon: Lexicon) -> Ids:
    """The keys of all words with the two characters before them."""
    words = lexicon.words[tokens]
    tokens, words = tokens[words >= 0], words[words >= 0]
    kept = merged(words)
    tokens, words = tokens[kept], words[kept]
    last = lexicon.characters[lexicon.bounds[tokens + 1] - 1]
    long = np.diff(lexicon.bounds)[tokens] > 1
    before = np.where(long, lexicon.characters[np.maximum(lexicon.bounds[tokens + 1] - 2, 0)], np.append(0, last[:-1]))
    before = np.where(last == 0, 0, before)
    return (before[:-1] << CHARACTER_BITS | last[:-1]) << WORD_BITS | words[1:]


def count(work: Path, name: str, keys_of: Callable[[NDArray[np.int32]], Ids]) -> None:
    """Count one lot of n-grams over all files and write it down."""
    keys, counts, weights = [], [], []
    for file, tokens in texts(work):
        found, times = np.unique(keys_of(tokens), return_counts=True)
        keys.append(found)
        counts.append(times.astype(np.float32))
        weights.append(times.astype(np.float32) * np.float32(weight_of(file)))
    write(work, name, *added_up(np.concatenate(keys), np.concatenate(counts), np.concatenate(weights)))


def added_up(keys: Ids, *columns: NDArray[np.float32]) -> tuple[NDArray[np.generic], ...]:
    """Distinct keys, ascending, and the sums of the columns for each."""
    order = np.argsort(keys)
    keys = keys[order]
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    return (keys[starts], *(np.add.reduceat(column[order], starts) for column in columns))


def write(work: Path, name: str, *arrays: NDArray[np.generic]) -> None:
    for kind, array in zip(("keys", "counts", "weights"), arrays, strict=True):
        np.save(work / f"{name}.{kind}.npy", array)


def main(work: Path) -> None:
    lexicon = read_lexicon(work)
    count(work, "words", lambda tokens: word_pairs(tokens, lexicon))
    count(work, "triples", lambda tokens: character_triples(tokens, lexicon))
    count(work, "borders", lambda tokens: word_borders(tokens, lexicon))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
