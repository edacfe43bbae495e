"""What a language model does: it foresees a line, symbol by symbol, and the end of it.

A line is a document: it is read after [BOS] and ends with [EOS], which counts as a character. What a character costs is
-log2 of the probability the model gave it, in bits; a character outside the vocabulary costs what [UNK] costs there. A
newline inside a text is a space.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import CONFIG, Bundle
from cnchar.decode.sampling import Special
from cnchar.errors import BadBundle, BadInput
from cnchar.nn.config import LONGEST, ModelConfig
from cnchar.tasks.neural import BATCH, Network, alike
from cnchar.tasks.packed_lines import BEGIN, END, MASK, PADDING, UNKNOWN, Alphabet, Symbols, following
from cnchar.text.vocab import Vocab

TASK = "language"
CAUSAL, MASKED, DENOISE, PINYIN = "causal", "masked", "denoise", "pinyin"
OBJECTIVES = (CAUSAL, MASKED, DENOISE, PINYIN)
VOCABULARY = "vocab.txt"
WRITTEN = Special(END, never=(PADDING, UNKNOWN, MASK, BEGIN))  # of symbols that are written, all are characters but END


@dataclass(frozen=True)
class LineScore:
    """What a line costs: bits for so many characters, its end among them, and how many were the model's first guess."""

    bits: float
    characters: int
    right: int

    @property
    def bits_per_char(self) -> float:
        """Bits for each character, the end of the line counted as one."""
        return self.bits / self.characters


@dataclass(frozen=True)
class Language:
    """All of a language model but its network. `max_length`: how many symbols it sees at once."""

    config: ModelConfig
    alphabet: Alphabet
    objective: str
    max_length: int

    @property
    def vocab(self) -> Vocab:
        """Which character each symbol is."""
        return self.alphabet.vocab


def read_model(bundle: Bundle) -> tuple[ModelConfig, Alphabet]:
    """The config of a network and the symbols that it reads. Raises BadBundle for those that are none."""
    try:
        return ModelConfig.from_dict(bundle.get("model", dict)), Alphabet(Vocab.load(bundle.path(VOCABULARY)))
    except BadInput as error:
        raise BadBundle(f"{bundle.folder / CONFIG}: {error}") from None


def read_language(bundle: Bundle) -> Language:
    """A language model's parts, whatever its objective. Raises BadBundle for parts that do not fit together."""
    config, alphabet = read_model(bundle)
    objective = bundle.get("objective", str)
    try:
        parse_objectives(objective)
    except BadInput:
        raise BadBundle(f"{bundle.folder}: unknown objective {objective!r}; upgrade cnchar.") from None
    max_length = bundle.get("max_length", int)
    if not len(alphabet) == config.symbols == config.labels or config.causal != (objective == CAUSAL):
        raise BadBundle(f"{bundle.folder}: its network is not one that foresees the {len(alphabet)} symbols it has.")
    if not 2 <= max_length <= LONGEST:
        raise BadBundle(f"{bundle.folder / CONFIG}: 'max_length' should be from 2 to {LONGEST}.")
    return Language(config, alphabet, objective, max_length)


def parse_objectives(text: str) -> dict[str, float]:
    """What a model learns and how much of each: `causal`, `masked`, or several as `masked=1,denoise=2`.

    Raises BadInput for anything else; what foresees the next character learns nothing besides.
    """
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, _, number = (piece.strip() for piece in part.partition("="))
        weights[name] = parse_weight(f"--objective {text}", number) if number else 1.0
        if name not in OBJECTIVES:
            raise BadInput(f"--objective {text}: there is no {name!r}; choose from {', '.join(OBJECTIVES)}.")
    if CAUSAL in weights and len(weights) > 1:
        raise BadInput(f"--objective {text}: causal goes with no other objective, whose models see both sides.")
    if PINYIN in weights and len(weights) > 1:
        raise BadInput(f"--objective {text}: pinyin goes with no other objective, whose models read no syllables.")
    return weights


def parse_weight(option: str, number: str) -> float:
    """The weight that an option gives. Raises BadInput, naming the option, for a number that is no weight."""
    try:
        weight = float(number)
    except ValueError:
        weight = 0.0
    if not 0 < weight <= 1000:
        raise BadInput(f"{option}: {number!r} should be a number above 0, at most 1000.")
    return weight


def read_causal(bundle: Bundle) -> Language:
    """The same of a model that foresees the next character. Raises BadInput for any other."""
    language = read_language(bundle)
    if language.objective != CAUSAL:
        raise BadInput(
            f"{bundle.folder}: its objective is {language.objective}, so it foresees no next character; pretrain one "
            "with --objective causal."
        )
    return language


def read_lines(alphabet: Alphabet, lines: Sequence[str]) -> Symbols:
    """The symbols of some lines, packed one behind the other (tasks.packed_lines)."""
    return alphabet.read([line.replace("\n", " ") for line in lines])


def cut(length: int, max_length: int) -> Iterator[tuple[int, int, int]]:
    """Runs (start, stop, keep) of at most `max_length` places that cover a sequence; scores count from place `keep` on.

    Each run but the first begins with max_length // 2 places of the one before, as context: just what attention
    remembers when text is written (decode.writing), so that what is written is scored as it was written.
    """
    start = keep = 0
    while (stop := start + max_length) < length:
        yield start, stop, keep
        start, keep = stop - max_length // 2, stop
    yield start, length, keep


def score_lines(
    network: Network, language: Language, lines: Sequence[str], batch_chars: int = BATCH
) -> list[LineScore]:
    """What each line costs, by a network that gives logits (B, T, V) of the symbol after each symbol (B, T)."""
    symbols = read_lines(language.alphabet, lines)  # (N,)
    targets = following(symbols)
    begins = np.flatnonzero(symbols == BEGIN)
    sizes = np.diff(begins, append=len(symbols))
    runs = [(i, *run) for i, size in enumerate(sizes.tolist()) for run in cut(size, language.max_length)]
    table = np.array(runs, np.intp).reshape(-1, 4)
    nats, right = np.zeros(len(symbols)), np.zeros(len(symbols), bool)
    for rows in alike(table[:, 2] - table[:, 1], batch_chars):
        line, start, stop, keep = table[rows].T[..., None]  # each (B, 1)
        places = start + np.arange((stop - start).max())  # (B, T)
        inside = places < stop
        at = begins[line] + np.where(inside, places, 0)
        chars = np.where(inside, symbols[at], PADDING).astype(np.int64)
        costs, guessed = _foresee(network({"chars": chars}), targets[at].astype(np.int64))
        kept = inside & (places >= keep)
        nats[at[kept]], right[at[kept]] = costs[kept], guessed[kept]
    lines_of = [slice(begin, begin + size) for begin, size in zip(begins.tolist(), sizes.tolist(), strict=True)]
    bits = nats / np.log(2)
    return [LineScore(float(bits[s].sum()), s.stop - s.start, int(right[s].sum())) for s in lines_of]


def _foresee(logits: NDArray[np.float32], targets: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Nats that targets (B, T) cost, and whether each was the likeliest symbol."""
    first = logits.argmax(-1)
    behind = logits - np.take_along_axis(logits, first[..., None], -1)
    own = np.take_along_axis(behind, targets[..., None], -1)[..., 0]
    total = np.exp(behind, out=behind).sum(-1)
    return np.log(total, dtype=np.float64) - own, first == targets


__all__ = [
    "CAUSAL", "DENOISE", "MASKED", "OBJECTIVES", "PINYIN", "TASK", "VOCABULARY", "WRITTEN", "Language",
    "LineScore", "cut", "parse_objectives", "read_causal",
    "read_language", "read_lines", "score_lines",
]  # fmt: skip
