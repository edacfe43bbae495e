"""What may be meant instead of what is typed, place by place: what a network and look-up tables say of each candidate.

The network has learned from text with errors. It says of each character how likely it is as it stands, and which few
characters are likeliest in its place; the tables say how much better the text reads with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnchar.pinyin.likeness import Grades, Shapes, Sound, Sounds
from cnchar.tasks.correct_parts import FEATURES, Parts
from cnchar.tasks.looks import Look
from cnchar.tasks.packed_lines import FIRST_CHARACTER, MASK

_DEEPEST = 16.0  # nats: rarer is all the same
_HOPELESS = -7.0  # nats: a candidate that is so much less likely than what is typed is not looked at
_DOUBTFUL = -3.0  # nats: nor do the tables look at one
_FLUENT = 12.0  # nats: more is all the same

Columns = Mapping[str, NDArray[Any] | float]  # of the features, by name


class Doubts(NamedTuple):
    """Candidates of a block of text, D of them: where in it, what may be meant there, and what speaks for it.

    sound, shape: (D,) how alike that and what is typed are. first: (D,) whether a place's candidates begin here.
    features: (D, FEATURES).
    """

    places: NDArray[np.intp]
    targets: NDArray[np.int64]
    sound: Grades
    shape: NDArray[np.bool_]
    features: NDArray[np.float64]

    @property
    def first(self) -> NDArray[np.bool_]:
        """Where the candidates of another place begin."""
        begins: NDArray[np.bool_] = np.diff(self.places, prepend=-1) != 0
        return begins


def find_doubts(parts: Parts, look: Look) -> Doubts:
    """All candidates of some texts, whether they are any good or not."""
    found = look.scores
    gains = _gains(parts, look)
    likely = gains > _HOPELESS
    places, columns = np.nonzero(likely)
    typed, targets = look.symbols[places].astype(np.int64), found.targets[places, columns]
    sound, shape = _likeness(parts, look.text, places, typed, targets)
    doubt = np.where(likely, gains, -_DEEPEST).max(1, initial=-_DEEPEST)  # (N,) of the best candidate
    beside = [np.clip(places + side, 0, max(0, len(doubt) - 1)) for side in (-1, 1)]
    columns_of = {
        **_of_characters(parts, typed, targets),
        **_of_scores(gains[places, columns], found.scores[places, columns]),
        **_of_likeness(sound, shape),
        "doubt_before": doubt[beside[0]] / _DEEPEST,
        "doubt_after": doubt[beside[1]] / _DEEPEST,
        **_of_tables(parts, look.text, places, targets, gains[places, columns] > _DOUBTFUL),
    }
    features = np.zeros((len(places), len(FEATURES)))
    for name, values in columns_of.items():
        features[:, FEATURES.index(name)] = values
    return Doubts(places, targets, sound, shape, features)


def _gains(parts: Parts, look: Look) -> NDArray[np.float32]:
    """How much likelier each suggestion is than what is typed, (N, K); minus infinity for what is none."""
    found, symbols = look.scores, look.symbols[:, None]
    other = (found.targets != symbols) & (found.targets != parts.forms[symbols])
    usable = look.may[:, None] & parts.offered[found.targets] & other
    return np.where(usable, found.scores - found.typed[:, None], np.float32(-np.inf))


def _likeness(
    parts: Parts, text: str, places: NDArray[np.intp], typed: NDArray[np.int64], targets: NDArray[np.int64]
) -> tuple[Grades, NDArray[np.bool_]]:
    """How alike what is typed and what may be meant sound, and whether they look alike, (D,) each.

    Hanzi outside the vocabulary are no symbols, so they are asked about by themselves.
    """
    sound, shape = parts.sounds.likeness(typed, targets), parts.shapes.likeness(typed, targets)
    rare = np.flatnonzero(typed == MASK)
    if len(rare):
        ones = [text[place] for place in places[rare].tolist()]
        others = [parts.characters[target] for target in targets[rare].tolist()]
        numbers = {each: number for number, each in enumerate(sorted({*ones, *others}))}
        pairs = [np.array([numbers[each] for each in side]) for side in (ones, others)]
        known = tuple(numbers)
        sound[rare], shape[rare] = Sounds(known).likeness(*pairs), Shapes(known).likeness(*pairs)
    return sound, shape


def _of_characters(parts: Parts, typed: NDArray[np.int64], targets: NDArray[np.int64]) -> Columns:
    rank = np.where(typed == MASK, len(parts.characters), np.maximum(typed - FIRST_CHARACTER, 0))
    return {
        "always": 1.0,
        "rare": typed == MASK,
        "sibling": (parts.siblings[typed] == parts.siblings[targets]) & (parts.siblings[typed] > 0),
        "rank_typed": np.log(rank + 10.0),
        "rank_new": np.log(np.maximum(targets - FIRST_CHARACTER, 0) + 10.0),
        "confused": parts.confused(typed, targets),
    }


def _of_scores(gains: NDArray[np.float32], new: NDArray[np.float32]) -> Columns:
    return {
        "gain": np.clip(gains, -_DEEPEST, _DEEPEST),
        "new": np.clip(new, -_DEEPEST, 0),
        "chance_new": np.exp(new),
        "chance_typed": np.exp(np.clip(new - gains, -_DEEPEST, 0)),
    }


def _of_likeness(sound: Grades, shape: NDArray[np.bool_]) -> Columns:
    near, syllable, same = (sound >= grade for grade in (Sound.NEAR, Sound.SYLLABLE, Sound.SAME))
    return {"near": near, "syllable": syllable, "same": same, "shape": shape}


def _of_tables(
    parts: Parts, text: str, places: NDArray[np.intp], targets: NDArray[np.int64], asked: NDArray[np.bool_]
) -> Columns:
    if parts.fluency is None:
        return {}
    read = np.flatnonzero(asked)
    fluency = np.zeros(len(places))
    gains = parts.fluency.gains(text, places[read], [parts.characters[t] for t in targets[read].tolist()])
    fluency[read] = np.clip(gains, -_FLUENT, _FLUENT)
    return {"read": asked, "fluency": fluency, "fluent": np.maximum(fluency, 0)}


def confidences(doubts: Doubts, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The confidence of each candidate, (D,): softmax over those of its place and what is typed, whose score is 0."""
    scores = np.clip(doubts.features @ weights, -50, 50)
    first = np.flatnonzero(doubts.first)
    powers = np.exp(scores)
    whole = 1.0 + np.add.reduceat(powers, first) if len(first) else np.zeros(0)
    out: NDArray[np.float64] = powers / np.repeat(whole, np.diff(first, append=len(scores)))
    return out
