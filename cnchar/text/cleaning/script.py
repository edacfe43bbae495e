"""Between traditional and simplified characters, by OpenCC."""

from __future__ import annotations

from typing import Literal

from cnchar.text.normalise import to_simplified, to_traditional


def simplify(line: str) -> str:
    """Traditional characters to simplified ones."""
    return to_simplified(line)


def traditional(line: str, *, variant: Literal["s2t", "s2tw", "s2hk"] = "s2t") -> str:
    """Simplified characters to traditional ones: OpenCC's own standard, Taiwan's or Hong Kong's."""
    return to_traditional(line, variant)
