"""Lines cut into sentences, and lines kept or dropped by length and by their share of hanzi."""

from __future__ import annotations

from cnchar.text.normalise import count_hanzi
from cnchar.text.sentences import split_sentences


def split(line: str) -> list[str]:
    """One line for each sentence, without the blanks around it; an empty line stays one empty line."""
    sentences = [sentence for sentence in map(str.strip, split_sentences(line)) if sentence]
    return sentences or [""]


def has_min_length(line: str, *, n: int = 5) -> bool:
    """At least n characters, blanks counted."""
    return len(line) >= n


def has_max_length(line: str, *, n: int = 1000) -> bool:
    """At most n characters, blanks counted."""
    return len(line) <= n


def has_hanzi(line: str, *, share: float = 0.3) -> bool:
    """At least this share of its characters, blanks left out, are hanzi. An empty line has the share 0."""
    characters = sum(map(len, line.split()))
    return count_hanzi(line) >= share * characters if characters else share == 0
