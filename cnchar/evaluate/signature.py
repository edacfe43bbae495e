"""A line that pins how a score came about, in the manner of sacrebleu (Post 2018).

seg-f1|level:word|norm:none|data:sha256:ab12cd34|n:1944|model:segment-fast@3|v:0.1.0
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cnchar.errors import BadInput

# Key -> its name in the short form, in the order in which they are written. Absent keys are left out.
KEYS = {"level": "l", "norm": "nm", "data": "d", "n": "n", "bs": "bs", "seed": "rs", "model": "m", "v": "v"}

# Scores are comparable if all keys but these agree.
FREE_KEYS = frozenset({"model", "seed", "v"})

_DIGEST_PREFIX, _DIGEST_LENGTH = "sha256:", 8


@dataclass(frozen=True)
class Signature:
    """A metric's name and the values of KEYS that apply to it."""

    metric: str
    values: Mapping[str, str]

    def __post_init__(self) -> None:
        unknown = set(self.values) - set(KEYS)
        if unknown or "|" in self.metric or any("|" in value for value in self.values.values()):
            raise ValueError(f"not a signature: {self.metric} {dict(self.values)}")

    @classmethod
    def build(cls, metric: str, **values: object) -> Signature:
        """A signature of the values that are not None; a `|` within a value is written `_`."""
        given = {key: str(value).replace("|", "_") for key, value in values.items() if value is not None}
        return cls(metric, given)

    @classmethod
    def parse(cls, text: str) -> Signature:
        """The inverse of `str`. Raises BadInput for what is not a signature."""
        metric, *parts = text.split("|")
        pairs = [part.partition(":") for part in parts]
        values = {key: value for key, _, value in pairs}
        if not metric or len(values) != len(parts) or not all(key in KEYS and colon for key, colon, _ in pairs):
            raise BadInput(f"'{text}' is not a signature of cnchar eval: expected METRIC|KEY:VALUE|...")
        return cls(metric, values)

    def __str__(self) -> str:
        return "|".join([self.metric, *(f"{key}:{self.values[key]}" for key in KEYS if key in self.values)])

    def short(self) -> str:
        """The same with short keys and the bare digest."""
        pairs = ((short, self.values[key]) for key, short in KEYS.items() if key in self.values)
        return "|".join([self.metric, *(f"{short}:{value.removeprefix(_DIGEST_PREFIX)}" for short, value in pairs)])

    def fields(self) -> dict[str, str]:
        """The parts by name, `metric` first, in the order in which they are written."""
        return {"metric": self.metric, **{key: self.values[key] for key in KEYS if key in self.values}}

    def differing(self, other: Signature) -> list[str]:
        """The fields that keep two scores from being set side by side: all that differ but FREE_KEYS."""
        mine, theirs = self.fields(), other.fields()
        return [key for key in ("metric", *KEYS) if key not in FREE_KEYS and mine.get(key) != theirs.get(key)]


def data_value(sha256_hex: str) -> str:
    """The value of `data` for the digest of the gold file's bytes."""
    return _DIGEST_PREFIX + sha256_hex[:_DIGEST_LENGTH]
