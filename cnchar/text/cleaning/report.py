"""What a cleaning run did, rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA_VERSION = 1


@dataclass
class Counts:
    """What one rule did to the lines that reached it."""

    rule: str
    lines: int = 0
    changed: int = 0
    dropped: int = 0
    split: int = 0  # lines that became several
    characters_removed: int = 0  # those of dropped lines too; below 0 where text grew

    def add(self, other: Counts) -> None:
        """Adds what the same rule did elsewhere."""
        self.lines += other.lines
        self.changed += other.changed
        self.dropped += other.dropped
        self.split += other.split
        self.characters_removed += other.characters_removed

    @property
    def acted(self) -> bool:
        """Did the rule do anything?"""
        return bool(self.changed or self.dropped or self.split)


@dataclass
class Report:
    """Counts of all rules in order, and the size of the text before and after."""

    rules: list[Counts] = field(default_factory=list)
    lines_in: int = 0
    lines_out: int = 0
    characters_in: int = 0  # without line ends
    characters_out: int = 0

    def add(self, rules: Sequence[Counts], before: Sequence[str], after: Sequence[str]) -> None:
        """Adds one batch: its counts for every rule, its lines before and after."""
        for mine, other in zip(self.rules, rules, strict=True):
            mine.add(other)
        self.lines_in += len(before)
        self.lines_out += len(after)
        self.characters_in += sum(map(len, before))
        self.characters_out += sum(map(len, after))

    @property
    def acted(self) -> bool:
        """Did, or would, anything change?"""
        return any(counts.acted for counts in self.rules)

    def as_json(self) -> dict[str, Any]:
        """The report as `--report` writes it."""
        return {"schema_version": SCHEMA_VERSION, **asdict(self)}

    def summary(self) -> str:
        """One clause for each rule that did something: "html: 3 of 10 lines changed"."""
        return "; ".join(_clause(counts) for counts in self.rules if counts.acted)


def _clause(counts: Counts) -> str:
    did = {"changed": counts.changed, "dropped": counts.dropped, "split": counts.split}
    return f"{counts.rule}: " + ", ".join(f"{n} of {counts.lines} lines {word}" for word, n in did.items() if n)
