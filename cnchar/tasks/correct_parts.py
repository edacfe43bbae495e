"""All of a corrector but its network: what it knows of characters, and how its decision weighs what it finds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnchar.bundle import CONFIG, Bundle
from cnchar.errors import BadBundle
from cnchar.nn.config import LONGEST, ModelConfig
from cnchar.pinyin.likeness import NO_SYLLABLE, Shapes, Sounds
from cnchar.tasks.fluency import Fluency, open_fluency
from cnchar.tasks.language import read_model
from cnchar.tasks.packed_lines import Alphabet
from cnchar.text.normalise import is_hanzi, to_simplified

TASK = "correct"
FLAGS = (NO_SYLLABLE + 1,)  # what the network reads of a character besides: its commonest syllable
MAX_LENGTH, OVERLAP = 500, 120  # a network of thirty-two layers sees 120 characters each way
CONFUSIONS = "confusions.tsv"  # of a bundle: what was typed, what was meant, how often, in the pairs it learned from
VARIANTS = str.maketrans("妳牠祂甚著", "你它他什着")  # beside those of OpenCC, whose forms are traditional
_OWN_WORDS = "乾徵"  # traditional forms that simplified text has too: 乾坤
SIBLINGS = ("的地得", "他她它")  # what grammar or the thing meant decides, and writers do not agree on
FEATURES = (
    "always", "gain", "new", "chance_new", "chance_typed", "near", "syllable", "same", "shape", "sibling", "rank_typed",
    "rank_new", "doubt_before", "doubt_after", "confused", "read", "fluency", "fluent", "rare",
)  # fmt: skip

Confusions = Mapping[tuple[str, str], int]  # (meant, typed): how often
Numbers = NDArray[np.int64]  # of symbols


@dataclass(frozen=True)
class Parts:
    """All of a corrector but its network.

    weights: of the decision, one for each of FEATURES. threshold: the least confidence of an edit if nobody says
    otherwise. max_length: characters that the network sees at once, overlap: those seen on both sides of a cut.
    fluency: the look-up tables, without which their features are 0. confusions: what people typed for what.
    """

    config: ModelConfig
    alphabet: Alphabet
    weights: NDArray[np.float64]
    threshold: float
    max_length: int = MAX_LENGTH
    overlap: int = OVERLAP
    fluency: Fluency | None = None
    confusions: Confusions = field(default_factory=dict)

    @cached_property
    def characters(self) -> tuple[str, ...]:
        """The character of each symbol; names for the special ones."""
        return self.alphabet.characters

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
    def forms(self) -> Numbers:
        """The usual form of each symbol, itself if it is usual, (S,): writing 歡 for 欢, or 妳 for 你, is no error."""
        usual = [form.translate(VARIANTS) for form in self._simplified]
        return np.array([self._numbers.get(form, number) for number, form in enumerate(usual)], np.int64)

    @cached_property
    def offered(self) -> NDArray[np.bool_]:
        """Which symbols may be meant, (S,): hanzi, but for those that only traditional text has."""
        rows = zip(self.characters, self._simplified, strict=True)
        usual: NDArray[np.bool_] = np.array([one == plain or one in _OWN_WORDS for one, plain in rows])
        return self.hanzi & usual

    @cached_property
    def _numbers(self) -> dict[str, int]:
        """The symbol of each character."""
        return {character: number for number, character in enumerate(self.characters)}

    @cached_property
    def _simplified(self) -> list[str]:
        """Each symbol in simplified characters."""
        hanzi = [one if usable else "." for one, usable in zip(self.characters, self.hanzi.tolist(), strict=True)]
        return to_simplified("\n".join(hanzi)).split("\n")

    @cached_property
    def siblings(self) -> NDArray[np.int64]:
        """The number of the group in SIBLINGS that each symbol is in, 0 for none, (S,)."""
        groups = {c: number for number, group in enumerate(SIBLINGS, 1) for c in group}
        return np.array([groups.get(c, 0) for c in self.characters])

    def confused(self, typed: Numbers, meant: Numbers) -> NDArray[np.float64]:
        """The logarithm of one more than how often people typed a symbol (D,) for another (D,)."""
        known, counts = self._confusions
        keys = typed * len(self.characters) + meant
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        found: NDArray[np.float64] = np.log1p(np.where(known[at] == keys, counts[at], 0))
        return found

    @cached_property
    def _confusions(self) -> tuple[Numbers, Numbers]:
        """A number for each pair that is known, sorted, and how often it was; at least one, which is none."""
        numbers = self._numbers
        rows = {-1: 0} | {
            numbers[typed] * len(numbers) + numbers[meant]: count
            for (meant, typed), count in self.confusions.items()
            if meant in numbers and typed in numbers
        }
        keys, counts = np.array(sorted(rows.items()), np.int64).T
        return keys, counts


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
    threshold = bundle.get("thresholds", dict).get("default")
    if not _is_finite(threshold):
        raise BadBundle(f"{bundle.folder / CONFIG}: 'thresholds' have no 'default'; fetch or train it again.")
    weights = _read_weights(bundle, "decision", FEATURES)
    fluency = open_fluency(bundle.get("fluency", str)) if "fluency" in bundle.config else None
    confusions = dict(_read_confusions(bundle)) if CONFUSIONS in bundle.config["files"] else {}
    return Parts(config, alphabet, weights, float(threshold), max_length, overlap, fluency, confusions)


def _read_weights(bundle: Bundle, key: str, names: tuple[str, ...]) -> NDArray[np.float64]:
    weights = bundle.get(key, dict)
    if set(weights) != set(names) or not all(map(_is_finite, weights.values())):
        raise BadBundle(f"{bundle.folder / CONFIG}: {key!r} does not fit; fetch or train it again.")
    return np.array([weights[name] for name in names], np.float64)


def _is_finite(value: object) -> bool:
    return isinstance(value, float | int) and math.isfinite(value)


def _read_confusions(bundle: Bundle) -> Iterator[tuple[tuple[str, str], int]]:
    for number, line in enumerate(bundle.lines(CONFUSIONS), 1):
        typed, _, rest = line.partition("\t")
        meant, _, count = rest.partition("\t")
        if len(typed) != 1 or len(meant) != 1 or not (count.isascii() and count.isdigit() and len(count) < 10):
            raise BadBundle(
                f"{bundle.path(CONFUSIONS)} line {number}: expected two characters and how often, apart by TABs."
            )
        yield (meant, typed), int(count)


def confusion_files(confusions: Confusions) -> dict[str, bytes]:
    """The file of a bundle that holds them, commonest first; none where there are none."""
    rows = sorted(confusions.items(), key=lambda row: (-row[1], row[0]))
    text = "".join(f"{typed}\t{meant}\t{count}\n" for (meant, typed), count in rows)
    return {CONFUSIONS: text.encode()} if text else {}
