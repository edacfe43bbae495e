"""What a network reads and how its answers come back: features, windows over long text, padded batches, scores.

A *network* is any function from a batch (arrays by the names of CharacterModel.forward's arguments) to logits, so that
training, which runs PyTorch, and `segment`, which does not, put text to it in the very same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.lookup.symbols import SEPARATOR, Codes, SymbolTable
from cnchar.lookup.tagger import LookupTagger
from cnchar.lookup.templates import REGISTERS, SPAN_CODES, View, pad, unpad
from cnchar.text.sentences import split_long

UNITS = 256.0  # of a score that make one nat
DEEPEST = 64.0  # nats: a tag that is further behind its character's best one is not further looked at
BATCH = 1 << 9  # characters, padding included, that one thread scores together: more is slower, for its caches
LEXICON_FLAGS = (SPAN_CODES, SPAN_CODES, REGISTERS)  # how many values each flag has that look-up tables give
SENTENCE_ENDS = "。！？!?…"

Batch = dict[str, NDArray[np.generic]]
Network = Callable[[Batch], NDArray[np.float32]]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Features:
    """A block of N characters as a network reads it."""

    symbols: NDArray[np.uint16]  # (N,), 0 is white space
    flags: NDArray[np.uint16] | None = None  # (N, F)
    prior: NDArray[np.float32] | None = None  # (N, L), another model's scores in nats

    def batch(self, places: Index, inside: NDArray[np.bool_]) -> Batch:
        """The features at places (B, T) as CharacterModel takes them; padding where `inside` is false."""
        out: Batch = {"chars": np.where(inside, self.symbols.take(places), 0).astype(np.int64)}
        if self.flags is not None:
            out["flags"] = (self.flags[places] * inside[..., None]).astype(np.int64)
        if self.prior is not None:
            out["prior"] = (self.prior[places] * inside[..., None]).astype(np.float32)
        return out


def read_view(tagger: LookupTagger | None, symbols: SymbolTable, codes: Codes) -> View:
    """What look-up tables see in a block of lines; symbols and kinds alone where a model has no tables."""
    if tagger is not None:
        return tagger.view(codes)
    read, kinds = symbols.read(codes)
    none = np.zeros(len(codes), np.uint16)
    return View(pad(read), pad(kinds), pad(none), pad(none), pad(none.astype(np.uint8)))


def read_features(view: View, tagger: LookupTagger | None, standard: int | None) -> Features:
    """What a network reads.

    Args:
        view: of a whole block, so that cutting it into pieces changes nothing.
        tagger: gives the lexicon's flags and the prior; None for a model without tables.
        standard: which of the model's standards is asked for; None for a model of one standard.
    """
    columns: list[NDArray[np.uint16]] = []
    prior = None
    if tagger is not None:
        columns = [unpad(view.dict_a), unpad(view.dict_b), unpad(view.register).astype(np.uint16)]
        prior = np.ascontiguousarray(tagger.scores(view).T, np.float32)
        prior /= tagger.weights.scale
    if standard is not None:
        columns.append(np.full(len(view), standard, np.uint16))
    flags = np.stack(columns, axis=1) if columns else None
    return Features(unpad(view.symbols).astype(np.uint16), flags, prior)


@dataclass(frozen=True)
class Windows:
    """Half-open runs of a text that a network sees at once, and the part of each whose scores are kept; (W,) each."""

    starts: Index
    stops: Index
    keep_starts: Index
    keep_stops: Index


def cut_windows(text: str, symbols: NDArray[np.integer], max_length: int = 256, overlap: int = 32) -> Windows:
    """Cut a text (N characters, with their symbols) into what a network can see at once.

    White space ends a piece. A piece of more than `max_length` characters is cut at its best punctuation; unless a
    sentence ends there, both sides see `overlap` characters of each other as context. Every character that is no white
    space is kept in exactly one window. Raises ValueError for max_length <= 2 * overlap.
    """
    edges = np.flatnonzero(np.diff(symbols != SEPARATOR, prepend=False, append=False))
    pieces = edges.reshape(-1, 2)
    long = pieces[:, 1] - pieces[:, 0] > max_length
    short = pieces[~long]
    cut = [row for start, stop in pieces[long].tolist() for row in _cut_piece(text, start, stop, max_length, overlap)]
    rows = np.concatenate([np.concatenate([short, short], axis=1), np.array(cut, np.intp).reshape(-1, 4)])
    return Windows(*rows.T)


def _cut_piece(text: str, start: int, stop: int, max_length: int, overlap: int) -> Iterator[tuple[int, int, int, int]]:
    for low, high in split_long(text[start:stop], max_length - 2 * overlap):
        low, high = start + low, start + high
        before = 0 if text[low - 1] in SENTENCE_ENDS else overlap
        after = 0 if text[high - 1] in SENTENCE_ENDS else overlap
        yield max(start, low - before), min(stop, high + after), low, high


def score(
    network: Network,
    text: str,
    features: Features,
    *,
    labels: int = 4,
    max_length: int = 256,
    overlap: int = 32,
    batch_chars: int = BATCH,
) -> NDArray[np.float32]:
    """What a network says to each character of a text, (N, labels) in nats; 0 for white space."""
    logits = np.zeros((len(features.symbols), labels), np.float32)
    windows = cut_windows(text, features.symbols, max_length, overlap)
    for rows in alike(windows.stops - windows.starts, batch_chars):
        stops = windows.stops[rows, None]
        places = windows.starts[rows, None] + np.arange((stops - windows.starts[rows, None]).max())  # (B, T)
        inside = places < stops
        answer = network(features.batch(np.where(inside, places, 0), inside))
        kept = (places >= windows.keep_starts[rows, None]) & (places < windows.keep_stops[rows, None])
        logits[places[kept]] = answer[kept]
    return logits


def alike(lengths: Index, batch_chars: int) -> Iterator[Index]:
    """Windows of like lengths together, longest first, at most `batch_chars` characters with padding (but one)."""
    order = np.argsort(-lengths, kind="stable")
    at = 0
    while at < len(order):
        rows = order[at : at + max(1, batch_chars // int(lengths[order[at]]))]
        yield rows
        at += len(rows)


def to_scores(logits: NDArray[np.float32]) -> NDArray[np.int32]:
    """Logits (N, L) in nats as scores (L, N) in units of 1 / UNITS nats, the best label of each character at 0."""
    behind = logits.T - logits.max(axis=1)
    np.maximum(behind, -DEEPEST, out=behind)
    behind *= UNITS
    units: NDArray[np.int32] = np.rint(behind, out=behind).astype(np.int32)
    return units


def step_scores(transitions: Sequence[Sequence[float]] | NDArray[np.floating]) -> NDArray[np.int32]:
    """A CRF's transitions [from, to] in nats, in units of 1 / UNITS nats."""
    nats = np.clip(np.asarray(transitions, float), -DEEPEST, DEEPEST)
    units: NDArray[np.int32] = np.rint(nats * UNITS).astype(np.int32)
    return units


__all__ = [
    "BATCH", "LEXICON_FLAGS", "UNITS", "Batch", "Features", "Network", "Windows", "alike", "cut_windows",
    "read_features", "read_view", "score", "step_scores", "to_scores",
]  # fmt: skip
