"""Small reports for tests of what works on reports."""

from __future__ import annotations

from collections.abc import Mapping

from cnchar.evaluate.report import Report, System
from cnchar.evaluate.signature import Signature


def system(scores: Mapping[str, float], name: str = "pred.txt", **signature: object) -> System:
    """A system with these scores; `signature` changes keys of its signature."""
    given = {"level": "word", "norm": "none", "n": 2, "v": "0.1.0", **signature}
    return System(name, Signature.build("seg-f1", **given), {"sentences": 2}, scores)


def report(*systems: System) -> Report:
    """A report on these systems; of their scores, cer is better when lower."""
    return Report("segment", {"gold": "gold.txt"}, systems, lower_is_better=frozenset({"cer"}))
