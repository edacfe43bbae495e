"""What may be meant instead of what is typed, place by place: what a network and look-up tables say of each candidate.

The network has learned from text with errors. It says of each character how likely it is as it stands, and which few
characters are likeliest in its place; the tables say how much better the text reads with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnchar.pinyin.likeness import Sound, Sounds
from cnchar.tasks.correct_parts import FEATURES, Parts
from cnchar.tasks.neural import BATCH, Batch, alike, cut_windows
from cnchar.tasks.packed_lines import BEGIN, FIRST_CHARACTER, PADDING, Symbols

_DEEPEST = 16.0  # nats: rarer is all the same
_HOPELESS = -7.0  # nats: a candidate that is so much less likely than what is typed is not looked at
_DOUBTFUL = -3.0  # nats: nor do the tables look at one
_FLUENT = 12.0  # nats: more is all the same

Free = NDArray[np.bool_]


class Scores(NamedTuple):
    """What a network says: typed (B, T), scores (B, T, K), both log-probabilities, and the K likeliest symbols."""

    typed: NDArray[np.float32]
    scores: NDArray[np.float32]
    targets: NDArray[np.int64]


Network = Callable[[Batch], Scores]


class Draft(NamedTuple):
    """Texts of any length as they stand before a look at them, and where each may be changed, (length of the text,)."""

    texts: Sequence[str]
    free: Sequence[Free]

    @property
    def begins(self) -> NDArray[np.int64]:
        """Where each text begins, and where they end, when they are joined by newlines, with one before each."""
        return np.cumsum([0, *(len(text) + 1 for text in self.texts)])

    def owners(self, places: NDArray[np.intp]) -> NDArray[np.intp]:
        """The text that each place is in, (D,)."""
        return np.searchsorted(self.begins, places, "right") - 1


def first_draft(texts: Sequence[str], free: Sequence[Free] | None = None) -> Draft:
    """Texts as they were typed; if nobody says otherwise, everything may be changed."""
    return Draft(texts, [np.ones(len(text), np.bool_) for text in texts] if free is None else free)


class Doubts(NamedTuple):
    """Candidates of a block of text, D of them: where in it, what is typed there, what may be meant, and its features.

    first: (D,) whether a place's candidates begin here. features: (D, FEATURES).
    """

    places: NDArray[np.intp]
    typed: NDArray[np.int64]
    targets: NDArray[np.int64]
    features: NDArray[np.float64]

    @property
    def first(self) -> NDArray[np.bool_]:
        """Where the candidates of another place begin."""
        begins: NDArray[np.bool_] = np.diff(self.places, prepend=-1) != 0
        return begins


def find_doubts(parts: Parts, network: Network, draft: Draft, batch_chars: int = BATCH) -> Doubts:
    """All candidates of some texts, joined by newlines with one before each, whether they are any good or not.

    batch_chars: characters that the network scores at once, about.
    """
    lines = [text.replace("\n", " ") for text in draft.texts]
    symbols = parts.alphabet.read(lines)  # (N,)
    may = np.concatenate([np.zeros(0, np.bool_), *(np.append(False, each) for each in draft.free)])
    may &= parts.hanzi[symbols]
    text = "".join(f"\n{line}" for line in lines)
    found = score_symbols(parts, network, text, symbols, batch_chars)
    gains = found.scores - found.typed[:, None]  # (N, K)
    other = (found.targets != symbols[:, None]) & (found.targets != parts.forms[symbols][:, None])
    likely = may[:, None] & parts.offered[found.targets] & other & (gains > _HOPELESS)
    places, columns = np.nonzero(likely)
    typed, targets = symbols[places].astype(np.int64), found.targets[places, columns]
    doubt = np.where(likely, gains, -_DEEPEST).max(1, initial=-_DEEPEST)  # (N,) of the best candidate
    features = _features(parts, typed, targets, gains[places, columns], found.scores[places, columns])
    for name, neighbour in (("doubt_before", -1), ("doubt_after", 1)):
        beside = np.clip(places + neighbour, 0, max(0, len(doubt) - 1))
        features[:, FEATURES.index(name)] = doubt[beside] / _DEEPEST if len(doubt) else 0.0
    if parts.fluency is not None:
        read = np.flatnonzero(gains[places, columns] > _DOUBTFUL)
        fluency = parts.fluency.gains(text, places[read], [parts.characters[t] for t in targets[read].tolist()])
        fluency = np.clip(fluency, -_FLUENT, _FLUENT)
        for name, values in (("read", 1.0), ("fluency", fluency), ("fluent", np.maximum(fluency, 0))):
            features[read, FEATURES.index(name)] = values
    return Doubts(places, typed, targets, features)


def _features(
    parts: Parts,
    typed: NDArray[np.int64],
    targets: NDArray[np.int64],
    gains: NDArray[np.float32],
    new: NDArray[np.float32],
) -> NDArray[np.float64]:
    """(D, FEATURES) but for what stands around and what the tables say."""
    sound = parts.sounds.likeness(typed, targets)
    columns: Mapping[str, NDArray[np.generic] | float] = {
        "always": 1.0,
        "gain": np.clip(gains, -_DEEPEST, _DEEPEST),
        "new": np.clip(new, -_DEEPEST, 0),
        "chance_new": np.exp(new),
        "chance_typed": np.exp(np.clip(new - gains, -_DEEPEST, 0)),
        "near": sound >= Sound.NEAR,
        "syllable": sound >= Sound.SYLLABLE,
        "same": sound == Sound.SAME,
        "shape": parts.shapes.likeness(typed, targets),
        "sibling": (parts.siblings[typed] == parts.siblings[targets]) & (parts.siblings[typed] > 0),
        "rank_typed": np.log(np.maximum(typed - FIRST_CHARACTER, 0) + 10.0),
        "rank_new": np.log(np.maximum(targets - FIRST_CHARACTER, 0) + 10.0),
        "confused": parts.confused(typed, targets),
    }
    out = np.zeros((len(typed), len(FEATURES)))
    for name, values in columns.items():
        out[:, FEATURES.index(name)] = values
    return out


def confidences(doubts: Doubts, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The confidence of each candidate, (D,): softmax over those of its place and what is typed, whose score is 0."""
    scores = np.clip(doubts.features @ weights, -50, 50)
    first = np.flatnonzero(doubts.first)
    powers = np.exp(scores)
    whole = 1.0 + np.add.reduceat(powers, first) if len(first) else np.zeros(0)
    out: NDArray[np.float64] = powers / np.repeat(whole, np.diff(first, append=len(scores)))
    return out


def score_symbols(parts: Parts, network: Network, text: str, symbols: Symbols, batch_chars: int = BATCH) -> Scores:
    """What the network says of each of some packed symbols, (N,) and (N, K): long lines in windows that overlap.

    text: what the symbols stand for. The beginnings of lines get no scores.
    """
    windows = cut_windows(text, (symbols != BEGIN).astype(np.int64), parts.max_length - 1, parts.overlap)
    typed = np.zeros(len(symbols), np.float32)
    scores: NDArray[np.float32] | None = None
    targets = np.zeros((len(symbols), 0), np.int64)
    starts = windows.starts - 1  # each window also sees what stands before it, the line's beginning if nothing else
    for rows in alike(windows.stops - starts, batch_chars):
        stops = windows.stops[rows, None]
        places = starts[rows, None] + np.arange((stops - starts[rows, None]).max())  # (B, T)
        inside = places < stops
        chars = np.where(inside, symbols[np.where(inside, places, 0)], PADDING).astype(np.int64)
        answer = network(batch_of(parts.sounds, chars))
        kept = (places >= windows.keep_starts[rows, None]) & (places < windows.keep_stops[rows, None])
        if scores is None:
            scores = np.zeros((len(symbols), answer.scores.shape[-1]), np.float32)
            targets = np.zeros(scores.shape, np.int64)
        at = places[kept]
        typed[at], scores[at], targets[at] = answer.typed[kept], answer.scores[kept], answer.targets[kept]
    return Scores(typed, targets.astype(np.float32) if scores is None else scores, targets)


def batch_of(sounds: Sounds, chars: NDArray[np.int64]) -> Batch:
    """What a network reads of symbols (B, T): themselves, and their commonest syllables as flags (B, T, 1)."""
    return {"chars": chars, "flags": sounds.first[chars].astype(np.int64)[..., None]}
