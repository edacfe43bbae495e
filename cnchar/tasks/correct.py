"""What correcting is: which characters of a line are wrong, which ones are meant, and how sure that is.

A network that has learned from text with errors says of each character how likely it is as it stands, and which few
characters are likeliest in its place; look-up tables say how much better the text reads with them. A decision weighs
that: each candidate and keeping what is typed get a score, and their softmax is the confidence, which is calibrated
where the weights were fitted. Only hanzi are replaced, by hanzi.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import CONFIG, Bundle
from cnchar.errors import BadBundle
from cnchar.nn.config import LONGEST, ModelConfig
from cnchar.pinyin.likeness import NO_SYLLABLE, Shapes, Sound, Sounds
from cnchar.tasks.fluency import Fluency, open_fluency
from cnchar.tasks.language import VOCABULARY, read_model
from cnchar.tasks.neural import BATCH, Batch, alike, cut_windows
from cnchar.tasks.packed_lines import BEGIN, FIRST_CHARACTER, PADDING, Alphabet, Symbols
from cnchar.text.normalise import is_hanzi

TASK = "correct"
FLAGS = (NO_SYLLABLE + 1,)  # what the network reads of a character besides: its commonest syllable
MAX_LENGTH, OVERLAP = 128, 24
LEAST = 0.01  # a candidate of less confidence is not told of
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


class Candidate(NamedTuple):
    """A character that may be meant at a place of a text.

    score: the confidence that writing it here is right. sound, shape: whether it sounds like the typed one, tones
    aside, and whether it looks like it.
    """

    place: int
    target: str
    score: float
    sound: bool
    shape: bool


@dataclass(frozen=True)
class Parts:
    """All of a corrector but its network.

    weights: of the decision, one for each of FEATURES. threshold: the least confidence of an edit if nobody says
    otherwise. max_length: characters that the network sees at once, overlap: those seen on both sides of a cut.
    fluency: the look-up tables, without which their features are 0.
    """

    config: ModelConfig
    alphabet: Alphabet
    weights: NDArray[np.float64]
    threshold: float
    max_length: int = MAX_LENGTH
    overlap: int = OVERLAP
    fluency: Fluency | None = None

    @cached_property
    def characters(self) -> tuple[str, ...]:
        """The character of each symbol; names for the special ones."""
        return (*self.alphabet.vocab.specials, *self.alphabet.vocab.characters)

    @cached_property
    def sounds(self) -> Sounds:
        """The readings of each symbol."""
        return Sounds(self.characters)

    @cached_property
    def shapes(self) -> Shapes:
        """Which symbols look alike."""
        return Shapes(self.characters)

    @cached_property
    def hanzi(self) -> NDArray[np.bool_]:
        """Which symbols are hanzi, (S,)."""
        return np.array([len(c) == 1 and is_hanzi(c) for c in self.characters])

    @cached_property
    def siblings(self) -> NDArray[np.int64]:
        """The number of the group in SIBLINGS that each symbol is in, 0 for none, (S,)."""
        groups = {c: number for number, group in enumerate(SIBLINGS, 1) for c in group}
        return np.array([groups.get(c, 0) for c in self.characters])


SIBLINGS = ("的地得", "他她它")  # what grammar or the thing meant decides, and writers do not agree on
FEATURES = (
    "always", "gain", "new", "chance_new", "chance_typed", "near", "syllable", "same", "shape", "sibling", "rank_typed",
    "rank_new", "doubt_before", "doubt_after", "read", "fluency", "fluent",
)  # fmt: skip


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


def read_parts(bundle: Bundle) -> Parts:
    """A corrector's parts. Raises BadBundle for parts that do not fit together."""
    config, alphabet = read_model(bundle)
    max_length, overlap = bundle.get("max_length", int), bundle.get("overlap", int)
    if config.head != "symbols" or config.causal or config.flags != FLAGS or len(alphabet) != config.symbols:
        raise BadBundle(f"{bundle.folder}: its network is not one that corrects the {len(alphabet)} symbols it has.")
    if not 0 <= 2 * overlap < max_length < LONGEST:
        raise BadBundle(
            f"{bundle.folder / CONFIG}: 'max_length' should be below {LONGEST}, and twice 'overlap' below it."
        )
    weights, threshold = bundle.get("decision", dict), bundle.get("thresholds", dict).get("default")
    if set(weights) != set(FEATURES) or not all(isinstance(w, float | int) for w in (*weights.values(), threshold)):
        raise BadBundle(f"{bundle.folder / CONFIG}: 'decision' and 'thresholds' do not fit; fetch or train it again.")
    ordered = np.array([weights[name] for name in FEATURES], np.float64)
    fluency = open_fluency(bundle.get("fluency", str)) if "fluency" in bundle.config else None
    return Parts(config, alphabet, ordered, float(threshold), max_length, overlap, fluency)


def candidates(
    parts: Parts, network: Network, texts: Sequence[str], free: Sequence[Free], batch_chars: int = BATCH
) -> list[list[Candidate]]:
    """What may be meant instead of what is typed, for each text: by place, the surest of a place first.

    Args:
        texts: of any length. free: where each may be changed, (length of the text,); the network sees the rest too.
        batch_chars: characters that the network scores at once, about.
    """
    doubts = find_doubts(parts, network, texts, free, batch_chars)
    scores = confidences(doubts, parts.weights)
    sound = parts.sounds.likeness(doubts.typed, doubts.targets) >= Sound.SYLLABLE
    shape = parts.shapes.likeness(doubts.typed, doubts.targets)
    begins = np.cumsum([0, *(len(text) + 1 for text in texts)])
    found: list[list[Candidate]] = [[] for _ in texts]
    for d in np.lexsort((-scores, doubts.places)).tolist():
        if scores[d] < LEAST:
            continue
        owner = int(np.searchsorted(begins, doubts.places[d], "right")) - 1
        place = int(doubts.places[d] - begins[owner]) - 1
        target = parts.characters[doubts.targets[d]]
        found[owner].append(Candidate(place, target, float(scores[d]), bool(sound[d]), bool(shape[d])))
    return found


def find_doubts(
    parts: Parts, network: Network, texts: Sequence[str], free: Sequence[Free], batch_chars: int = BATCH
) -> Doubts:
    """All candidates of some texts, joined by newlines with one before each, whether they are any good or not."""
    lines = [text.replace("\n", " ") for text in texts]
    symbols = parts.alphabet.read(lines)  # (N,)
    may = np.concatenate([np.zeros(0, np.bool_), *(np.append(False, each) for each in free)])
    may &= parts.hanzi[symbols]
    text = "".join(f"\n{line}" for line in lines)
    found = score_symbols(parts, network, text, symbols, batch_chars)
    gains = found.scores - found.typed[:, None]  # (N, K)
    likely = may[:, None] & parts.hanzi[found.targets] & (found.targets != symbols[:, None]) & (gains > _HOPELESS)
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
    """(D, FEATURES) but for the neighbours' doubts and what the tables say."""
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


__all__ = [
    "FEATURES", "FLAGS", "LEAST", "MAX_LENGTH", "OVERLAP", "TASK", "VOCABULARY", "Candidate", "Doubts", "Free",
    "Network", "Parts", "Scores", "batch_of", "candidates", "confidences", "find_doubts", "read_parts", "score_symbols",
]  # fmt: skip
