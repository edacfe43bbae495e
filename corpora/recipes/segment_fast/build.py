"""Build the model: `python build.py WORK_DIR DATA_DIR OUT_DIR [VERSION]`.

WORK_DIR holds what build.sh left there: pieces.txt, domains.tsv, and NAME.TEACHER.tags for pieces and gold texts.
DATA_DIR is laid out as ../shared/data. Everything here is deterministic: the same input makes the same bytes.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from card import write_model
from conventions import dates, parted
from names import more_names
from numpy.typing import NDArray
from teach import STACKED, VOTERS, Labels, gold_targets, train_stack, vote
from texts import Reader, Tags, gold_tags, gold_words, line_starts, plain, symbols_of, teacher_tags, with_register
from words import build_lexicon, characters, traditional_fold
from writing import GOLD_REPEATS, register_of, train_register

from cnchar.decode.viterbi import B, E, M, S
from cnchar.lookup.register import FORMAL, RegisterGuess
from cnchar.lookup.symbols import SymbolTable
from cnchar.lookup.templates import REACH, View
from cnchar.tasks.segment import to_codes
from cnchar.train.segment.sparse_softmax import Examples, Schedule, SparseSoftmax
from cnchar.train.segment.tagger_pack import importance, winners
from cnchar.train.segment.tagger_rows import DIRECT_ROWS, TEMPLATES, count_identities, feature_rows, number_rows

GOLD = ("pfr199801.train", "ud_gsdsimp.train")
STANDARDS = {"pku": 20, "ud": 18}  # log2 of each standard's hashed table
# Weights in sixteenths: raw text 1, PFR 2, but 1 where it does not read like news; the small UD set 8.
RAW_WEIGHT, PFR_WEIGHT, PFR_OTHER_WEIGHT, UD_WEIGHT = 16, 32, 16, 128
SURE = 239 * np.eye(4, dtype=np.uint8) + 4  # the labels of what a convention says, nearly sure
LEAST_RAW, LEAST_GOLD = 4, 2  # a feature seen less often gets no row
FIRST, SECOND = Schedule(epochs=3, step=0.3), Schedule(epochs=1, step=0.15, seed=3)

_started = time.time()


def say(*words: object) -> None:
    print(f"{time.time() - _started:6.0f} s", *words, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Corpus:
    """A text with all that is known about it."""

    view: View
    tags: dict[str, Tags]


def read_tags(work: Path, name: str, text: str, teachers: tuple[str, ...]) -> dict[str, Tags]:
    tags = {t: teacher_tags(work / f"{name}.{t}.tags") for t in teachers}
    for teacher, values in tags.items():
        if len(values) != len(text):
            raise SystemExit(f"{name}.{teacher}.tags: {len(values)} tags for {len(text)} characters; label it again")
    return tags


def piece_registers(work: Path) -> NDArray[np.uint8]:
    """The register of each piece's domain; domains.tsv says how many pieces each file gave, in order."""
    rows = [line.split("\t") for line in (work / "domains.tsv").read_text(encoding="utf-8").splitlines()]
    return np.concatenate([np.full(int(count), register_of(name.split("__")[0]), np.uint8) for name, count in rows])


def read_pieces(work: Path, text: str) -> tuple[str, dict[str, Tags], NDArray[np.uint8]]:
    """Raw pieces and those with other names: text, tags, and the register of each piece."""
    tags = read_tags(work, "pieces", text, tuple(dict.fromkeys((*STACKED, *VOTERS))))
    domain = piece_registers(work)
    new_text, new_tags, new_domain = more_names(text, tags, domain)
    say(f"{len(text)} characters, {len(new_text)} with other names")
    both = {name: np.concatenate([values, new_tags[name]]) for name, values in tags.items()}
    return text + new_text, both, np.concatenate([domain, new_domain])


def guess(view: View, register: RegisterGuess) -> View:
    """The view with each line's register as the running model will guess it."""
    symbols = symbols_of(view)
    starts = line_starts(symbols)
    lengths = np.diff(starts, append=len(symbols))
    guessed = np.repeat(register.of_lines(symbols, starts), lengths)
    guessed[symbols == 0] = 0  # as in LookupTagger.view
    return with_register(view, guessed)


def raw_labels(raw: Corpus, text: str, soft: NDArray[np.uint8], domain: NDArray[np.uint8]) -> Labels:
    """Stacked labels, but votes for the first standard outside of formal text, and its annotators' conventions."""
    weights = np.full((len(soft), 2), RAW_WEIGHT, np.uint8)
    codes = to_codes(text)
    symbols = symbols_of(raw.view)
    of_character = np.repeat(domain, np.diff(line_starts(symbols), append=len(symbols)))
    for register in sorted(set(domain.tolist()) - {FORMAL}):
        here = np.flatnonzero(of_character == register)
        answer, ends, known = vote({name: values[here] for name, values in raw.tags.items()}, register)
        soft[here, 0] = answer
        weights[here[~known], 0] = 0
        pairs = here[parted(codes[here], ends, register)]
        soft[pairs, 0], soft[pairs + 1, 0] = SURE[S], SURE[S]
    for start, stop in dates(text):
        soft[start, 0], soft[start + 1 : stop - 1, 0], soft[stop - 1, 0] = SURE[B], SURE[M], SURE[E]
    weights[symbols == 0] = 0
    return soft, weights


def save_labels(work: Path, text: str, soft: NDArray[np.uint8], weights: NDArray[np.uint8]) -> None:
    """Keep what was learned about raw text: segment_accurate is trained on it."""
    np.save(work / "labelled.codes.npy", to_codes(text), allow_pickle=False)
    np.save(work / "labelled.soft.npy", soft, allow_pickle=False)
    np.save(work / "labelled.weights.npy", weights, allow_pickle=False)


def gold_labels(views: list[View], gold: list[Tags]) -> list[Labels]:
    other = views[0].register[REACH:-REACH] != FORMAL
    pfr = np.where(other, PFR_OTHER_WEIGHT, PFR_WEIGHT).astype(np.uint8)
    return [gold_targets(gold[0], 0, pfr), gold_targets(gold[1], 1, UD_WEIGHT)]


def choose_rows(views: list[View]) -> NDArray[np.int32]:
    """Rows for the features seen often enough in raw text (the first view) or in gold text."""
    kept = count_identities(views[0]) >= LEAST_RAW
    for view in views[1:]:
        kept |= count_identities(view) >= LEAST_GOLD
    return number_rows(kept)


def train(
    views: list[View], labels: list[Labels], rows: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Weights (R, 8) after pruning to the slots that ship, and the 28-bit identity of each row past the direct ones."""
    features = np.empty((sum(map(len, views)), TEMPLATES), np.int32)
    start = 0
    for view in views:
        feature_rows(view, rows, features[start : start + len(view)])
        start += len(view)
    targets, weights = (np.concatenate(part) for part in zip(*labels, strict=True))
    examples = Examples(features, targets, weights)
    identities = np.flatnonzero(rows != DIRECT_ROWS).astype(np.int64)
    count = DIRECT_ROWS + 1 + len(identities)
    say(f"{len(features)} characters, {count} features")
    model = SparseSoftmax(count, heads=len(STANDARDS), fixed=DIRECT_ROWS)
    model.fit(examples, FIRST, report)
    seen = np.zeros(count, np.int64)
    for i in range(0, len(features), 1 << 20):
        seen += np.bincount(features[i : i + (1 << 20)].ravel(), minlength=count)
    model.allowed = torch.from_numpy(shipped_weights(model.weights.numpy(), seen, identities))
    model.weights *= model.allowed
    model.fit(examples, SECOND, report)
    return model.weights.numpy(), identities


def shipped_weights(
    weights: NDArray[np.float32], seen: NDArray[np.int64], identities: NDArray[np.int64]
) -> NDArray[np.float32]:
    """(R, 8) of 0 and 1: in each standard's table each slot keeps its most important feature."""
    allowed = np.ones(weights.shape, np.float32)
    hashed = slice(DIRECT_ROWS + 1, None)
    for head, bits in enumerate(STANDARDS.values()):
        worth = importance(weights[hashed, 4 * head : 4 * head + 3], seen[hashed])
        allowed[hashed, 4 * head : 4 * head + 4] = winners(identities, worth, bits)[:, None]
    return allowed


def report(step: int, steps: int, loss: float) -> None:
    if step % 1000 == 0 or step == steps:
        say(f"step {step} of {steps}, loss {loss:.4f}")


def main(work: Path, data: Path, out: Path, version: int = 1) -> None:
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    words = [list(gold_words(data / "cws" / f"{name}.txt")) for name in GOLD]
    texts = [(work / "pieces.txt").read_text(encoding="utf-8"), *map(plain, words)]
    fold = traditional_fold()
    known = characters(texts, fold)
    symbols = SymbolTable(known, fold)
    reader = Reader(symbols, build_lexicon(symbols, data / "lexicon" / "thuocl"))
    say(f"{len(known)} characters, {reader.lexicon.cells.nbytes} bytes of words")

    gold = [gold_tags(w) for w in words]
    taught = [Corpus(reader.view(t), read_tags(work, n, t, STACKED)) for n, t in zip(GOLD, texts[1:], strict=True)]
    raw_text, tags, domain = read_pieces(work, texts[0])
    raw = Corpus(reader.view(raw_text), tags)
    register = train_register(*register_examples(raw.view, domain, taught[0].view))
    say("registers learned")

    stack = train_stack([c.view for c in taught], [c.tags for c in taught], gold)
    say("teachers stacked")
    labels = [raw_labels(raw, raw_text, stack.soft(raw.view, raw.tags), domain)]
    save_labels(work, raw_text, *labels[0])
    say("raw text labelled")
    views = [guess(c.view, register) for c in (raw, *taught)]
    labels += gold_labels(views[1:], gold)
    weights, identities = train(views, labels, choose_rows(views))
    write_model(out, version, STANDARDS, known, fold, reader.lexicon, register, weights, identities)
    say(f"written to {out}")


def register_examples(raw: View, domain: NDArray[np.uint8], pfr: View) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Symbols and labels of the pieces, and of PFR several times over as formal text."""
    news = symbols_of(pfr)
    lines = int((news == 0).sum())
    symbols = np.concatenate([symbols_of(raw), *[news] * GOLD_REPEATS])
    return symbols, np.concatenate([domain, np.full(lines * GOLD_REPEATS, FORMAL)]).astype(np.int64)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), *map(int, sys.argv[4:5]))
