"""Soft labels for raw text: what several teachers' answers mean in each of our two standards.

For documents and news a *stacked* tagger learns from gold text how the teachers' conventions map to the standard, and
is then run on raw text. For stories and talk, whose annotators follow other conventions than the People's Daily, the
teachers vote. pkuseg votes but is not stacked: it knows the PFR text by heart (F1 96.3 there, 93.4 on other text of the
same kind), so a stacked tagger would trust it too much.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from texts import UNKNOWN, Tags, symbols_of

from cnchar.lookup.register import NARRATIVE, TALK
from cnchar.lookup.templates import REACH, View
from cnchar.train.segment.sparse_softmax import Examples, Schedule, SparseSoftmax
from cnchar.train.segment.tagger_rows import DIRECT_ROWS, TEMPLATES, count_identities, feature_rows, number_rows

STACKED = ("wapic", "minlp", "rjieba")
# What each teacher's vote weighs, and which share of the votes makes a boundary: chosen on weibo.dev and novel.dev.
VOTERS = ("wapic", "pkuseg", "minlp")
VOTES = {NARRATIVE: ((1.0, 1.0, 1.0), 0.5), TALK: ((0.5, 0.5, 1.0), 0.4)}
_HASH_BITS = 22
_TAGS = 5  # four tags and UNKNOWN
Labels = tuple[NDArray[np.uint8], NDArray[np.uint8]]  # targets (N, 2, 4), weights (N, 2): see Examples
_K = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)


@dataclass
class Stack:
    """A tagger that sees a text and what the teachers said about it."""

    rows: NDArray[np.int32]
    model: SparseSoftmax

    def soft(self, view: View, tags: dict[str, Tags], step: int = 1 << 20) -> NDArray[np.uint8]:
        """(N, 2, 4) probabilities of the four tags in both standards, as shares of 255."""
        out = np.empty((len(view), 2, 4), np.uint8)
        ends = np.flatnonzero(symbols_of(view) == 0)
        start = 0
        while start < len(view):
            after = np.searchsorted(ends, min(len(view) - 1, start + step))
            stop = int(ends[min(after, len(ends) - 1)]) + 1
            part = {name: values[start:stop] for name, values in tags.items()}
            features = stacked_features(view.chunk(start, stop), part, self.rows)
            out[start:stop] = np.rint(self.model.scores(features).softmax(-1).numpy() * 255)
            start = stop
        return out


def train_stack(views: list[View], tags: list[dict[str, Tags]], gold: list[Tags]) -> Stack:
    """Learn from gold texts, the first in the first standard and the second in the second."""
    counts = count_identities(views[0]) + count_identities(views[1])
    rows = number_rows(counts >= 2)
    features = [stacked_features(v, t, rows) for v, t in zip(views, tags, strict=True)]
    targets, weights = zip(*(gold_targets(t, standard, 16) for standard, t in enumerate(gold)), strict=True)
    model = SparseSoftmax(_extra_rows(rows)[-1], heads=2, fixed=DIRECT_ROWS)
    examples = Examples(np.concatenate(features), np.concatenate(targets), np.concatenate(weights))
    model.fit(examples, Schedule(epochs=4, batch=4096, step=0.2))
    return Stack(rows, model)


def gold_targets(tags: Tags, standard: int, weight: int | NDArray[np.uint8]) -> Labels:
    """Labels of a gold text that teaches one standard alone; newlines have weight 0."""
    targets, weights = np.zeros((len(tags), 2, 4), np.uint8), np.zeros((len(tags), 2), np.uint8)
    known = np.flatnonzero(tags != UNKNOWN)
    targets[known, standard, tags[known]] = 255
    weights[:, standard] = weight
    weights[tags == UNKNOWN] = 0
    return targets, weights


def stacked_features(view: View, tags: dict[str, Tags], rows: NDArray[np.int32]) -> NDArray[np.int32]:
    """Rows (N, T) of the tagger's own features and of the teachers' tags: each one's, all, and all with the text."""
    own = np.empty((len(view), TEMPLATES), np.int32)
    feature_rows(view, rows, own)
    around = {name: [_shift(tags[name], d).astype(np.int64) for d in (-1, 0, 1)] for name in STACKED}
    index = [a * _TAGS**2 + b * _TAGS + c for a, b, c in around.values()]
    together = [sum(near[d] * _TAGS**k for k, near in enumerate(around.values())) for d in range(3)]
    index += together
    all_say = np.asarray(together[1]).astype(np.uint64)
    u = view.symbols.astype(np.uint64)
    here, following = u[REACH:-REACH], u[REACH + 1 : len(u) - REACH + 1]
    dict_a, dict_b = (d[REACH:-REACH].astype(np.uint64) for d in (view.dict_a, view.dict_b))
    index += [_hash(all_say, here), _hash(all_say, dict_b, dict_a), _hash(all_say, here, following)]
    columns = [i + start for i, start in zip(index, _extra_rows(rows), strict=False)]
    return np.concatenate([own, np.stack(columns, 1).astype(np.int32)], axis=1)


def _extra_rows(rows: NDArray[np.int32]) -> list[int]:
    """Where the rows of each teacher feature begin, and at last how many rows there are."""
    sizes = [_TAGS**3] * len(STACKED) + [_TAGS ** len(STACKED)] * 3 + [1 << _HASH_BITS] * 3
    return (int(rows.max()) + 1 + np.cumsum([0, *sizes])).tolist()


def _shift(tags: Tags, offset: int) -> Tags:
    out = np.full_like(tags, UNKNOWN)
    if offset > 0:
        out[:-offset] = tags[offset:]
    elif offset < 0:
        out[-offset:] = tags[:offset]
    else:
        out[:] = tags
    return out


def _hash(*parts: NDArray[np.uint64]) -> NDArray[np.int64]:
    total = np.zeros(len(parts[0]), np.uint64)
    for part, k in zip(parts, _K, strict=False):
        total += (part + np.uint64(1)) * k
    return (total >> np.uint64(64 - _HASH_BITS)).astype(np.int64)


def vote(tags: dict[str, Tags], register: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.bool_]]:
    """Soft labels (N, 4), shares of 255, half the winner's and half spread over all votes; word ends; what is known."""
    weights, threshold = VOTES[register]
    answers = [tags[name] for name in VOTERS]
    total = sum(weights)
    spread = sum(w * np.eye(_TAGS, dtype=np.float32)[t][:, :4] for w, t in zip(weights, answers, strict=True)) / total
    ends = sum(w * ((t == 2) | (t == 3)) for w, t in zip(weights, answers, strict=True)) / total > threshold
    unknown = np.any([t == UNKNOWN for t in answers], axis=0)
    begins = np.ones(len(ends), bool)
    begins[1:] = ends[:-1] | unknown[:-1]
    winner = np.where(begins & ends, 3, np.where(begins, 0, np.where(ends, 2, 1)))
    soft = 0.5 * np.asarray(spread) + 0.5 * np.eye(4, dtype=np.float32)[winner]
    return np.rint(soft * 255).astype(np.uint8), ends | unknown, ~unknown
