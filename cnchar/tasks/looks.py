"""What a network says of text as it stands, place by place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnchar.pinyin.likeness import Sounds
from cnchar.tasks.correct_parts import Parts
from cnchar.tasks.neural import BATCH, Batch, alike, cut_windows
from cnchar.tasks.packed_lines import BEGIN, MASK, PADDING, UNKNOWN, Symbols
from cnchar.text.normalise import is_hanzi, to_simplified

_RARE = -1.0  # nats: what is typed, where the network does not know it; what that is worth is learned ("rare")

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


class Look(NamedTuple):
    """Some texts, joined by newlines with one before each, and what the network says of them, (N,) characters.

    symbols: (N,) MASK for hanzi outside the vocabulary. may: (N,) whether a character may be changed.
    """

    text: str
    symbols: Symbols
    may: Free
    scores: Scores


def look_at(parts: Parts, network: Network, draft: Draft, batch_chars: int = BATCH) -> Look:
    """Ask the network about texts; `batch_chars`: characters that it scores at once, about."""
    lines = [text.replace("\n", " ") for text in draft.texts]
    text = "".join(f"\n{line}" for line in lines)
    symbols = _hide_rare(parts.alphabet.read(lines), text)
    may = np.concatenate([np.zeros(0, np.bool_), *(np.append(False, each) for each in draft.free)])
    may &= parts.hanzi[symbols] | (symbols == MASK)
    scores = score_symbols(parts, network, text, symbols, batch_chars)
    scores.typed[symbols == MASK] = _RARE
    return Look(text, symbols, may, scores)


def _hide_rare(symbols: Symbols, text: str) -> Symbols:
    """The symbols (N,) of a text, MASK for a hanzi that the vocabulary has not, so that the network may guess it.

    Traditional characters stay unknown: what is typed so is meant so.
    """
    unknown = np.flatnonzero(symbols == UNKNOWN).tolist()
    if some := sorted({text[place] for place in unknown if is_hanzi(text[place])}):
        plain = to_simplified("\n".join(some)).split("\n")
        rare = {one for one, form in zip(some, plain, strict=True) if one == form}
        symbols[[place for place in unknown if text[place] in rare]] = MASK
    return symbols


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
