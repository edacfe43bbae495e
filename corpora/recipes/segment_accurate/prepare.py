"""Everything the network learns from, as one file: `python prepare.py WORK_DIR DATA_DIR FAST_BUNDLE`.

WORK_DIR holds what segment_fast/build.py left: raw text and its soft labels in both standards (labelled.*.npy). Written
are WORK_DIR/accurate.records and accurate.{starts,lengths}.npy: for each character what the fast model's tables say of
it (the prior and the lexicon's flags) beside its labels.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path.append(str(Path(__file__).parent.parent / "segment_fast"))

from build import GOLD
from texts import gold_tags, gold_words, plain

from cnchar.bundle import open_bundle
from cnchar.lookup.tagger import LookupTagger
from cnchar.tasks.neural import cut_windows, read_features, read_view
from cnchar.tasks.segment import TASK, to_codes, to_text
from cnchar.tasks.tables import LOOKUP, read_tagger
from cnchar.train.segment.character_store import StoreWriter
from cnchar.train.segment.start import MAX_LENGTH

RECORD = np.dtype(
    [("symbol", "<u2"), ("flags", "<u2", (4,)), ("prior", "<f2", (4,)), ("soft", "u1", (4,)), ("weight", "u1")]
)
UD_SHARE = 0.1  # of raw lines that teach the second standard
GOLD_WEIGHT = (32, 64)  # in sixteenths; raw text has 16
# The tables know the gold text by heart, and the network would learn to trust them blindly: it sees them for one half.
GOLD_BLIND = 2
BLOCK = 1 << 20
NEWLINE = 10
STORE = "accurate"
STANDARDS = ("pku", "ud")  # by the number that the network knows each by
Labels = NDArray[np.uint8]


def raw_blocks(work: Path) -> Iterator[tuple[NDArray[np.uint32], Labels, Labels]]:
    """Runs of whole lines: code points (N,), soft labels (N, 2, 4), weights (N, 2)."""
    codes, soft, weights = (
        np.load(work / f"labelled.{name}.npy", mmap_mode="r", allow_pickle=False)
        for name in ("codes", "soft", "weights")
    )
    start = 0
    while start < len(codes):
        part = codes[start : start + BLOCK]
        stop = start + int(np.flatnonzero(part == NEWLINE)[-1]) + 1
        yield np.array(codes[start:stop]), soft[start:stop], weights[start:stop]
        start = stop


def line_numbers(codes: NDArray[np.uint32]) -> NDArray[np.intp]:
    """The number of each character's line, (N,)."""
    return np.cumsum(codes == NEWLINE) - (codes == NEWLINE)


def write(
    out: StoreWriter,
    tagger: LookupTagger,
    standard: int,
    codes: NDArray[np.uint32],
    soft: Labels,
    weight: Labels,
    blind: int = 0,
) -> None:
    """Add a block of lines: labels (N, 4) and weights (N,) of one standard; every `blind`-th line without a prior."""
    view = read_view(tagger, tagger.symbols, codes)
    features = read_features(view, tagger, standard)
    records = np.zeros(len(codes), RECORD)
    records["symbol"], records["flags"] = features.symbols, features.flags
    if features.prior is not None:
        records["prior"] = features.prior - features.prior.max(1, keepdims=True)
    if blind:
        records["prior"][line_numbers(codes) % blind == 0] = 0
    records["soft"], records["weight"] = soft, weight
    cut = cut_windows(to_text(codes), features.symbols, MAX_LENGTH, 0)
    out.add(records, cut.starts, cut.stops - cut.starts)


def write_raw(out: StoreWriter, taggers: list[LookupTagger], work: Path) -> None:
    """Add raw lines, each in one of the standards."""
    random = np.random.default_rng(1)
    for codes, soft, weights in raw_blocks(work):
        lines = line_numbers(codes)
        second = (random.random(int(lines[-1]) + 1) < UD_SHARE)[lines]
        for standard, tagger in enumerate(taggers):
            here = second == bool(standard)
            write(out, tagger, standard, codes[here], soft[here, standard], weights[here, standard])


def write_gold(out: StoreWriter, taggers: list[LookupTagger], data: Path) -> None:
    """Add the gold texts."""
    for standard, (name, tagger) in enumerate(zip(GOLD, taggers, strict=True)):
        words = list(gold_words(data / "cws" / f"{name}.txt"))
        tags = gold_tags(words)
        soft = (np.arange(4) == tags[:, None]).astype(np.uint8) * 255
        weight = np.where(tags < 4, GOLD_WEIGHT[standard], 0).astype(np.uint8)
        write(out, tagger, standard, to_codes(plain(words)), soft, weight, GOLD_BLIND)


def main(work: Path, data: Path, fast: Path) -> None:
    bundle = open_bundle(fast, TASK, (LOOKUP,))
    taggers = [read_tagger(bundle, name) for name in STANDARDS]
    out = StoreWriter(work / f"{STORE}.records", RECORD)
    write_raw(out, taggers, work)
    write_gold(out, taggers, data)
    store = out.close()
    np.save(work / f"{STORE}.starts.npy", store.starts, allow_pickle=False)
    np.save(work / f"{STORE}.lengths.npy", store.lengths, allow_pickle=False)
    print(f"{int(store.lengths.sum())} characters in {len(store.starts)} pieces", file=sys.stderr)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
