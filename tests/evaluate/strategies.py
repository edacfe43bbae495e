"""Random texts and two segmentations of each, and an oracle that counts by brute force."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

# Few characters, so that words repeat; among them one beyond the BMP, NUL, and a lone combining mark.
CHARACTERS = "中国人民天地a1。，\U00020000\x00\u0301"
SPACES = " \t\u3000\u2028\xa0\x85\x1c"


@st.composite
def segmented(draw: st.DrawFn, characters: str = CHARACTERS) -> tuple[list[str], list[str]]:
    """Two lists of words that spell one text."""
    text = draw(st.text(characters, min_size=1, max_size=30))
    return _cut(text, draw(_cuts(len(text)))), _cut(text, draw(_cuts(len(text))))


def corpora(characters: str = CHARACTERS) -> st.SearchStrategy[list[tuple[list[str], list[str]]]]:
    """Several sentences, each segmented twice."""
    return st.lists(segmented(characters), max_size=8)


def _cuts(length: int) -> st.SearchStrategy[set[int]]:
    return st.sets(st.integers(1, max(1, length - 1)))


def _cut(text: str, cuts: set[int]) -> list[str]:
    bounds = [0, *sorted(cut for cut in cuts if cut < len(text)), len(text)]
    return [text[a:b] for a, b in pairwise(bounds)]


def spans(words: list[str]) -> list[tuple[int, int, str]]:
    """(start, end, word) of each word."""
    return [(len("".join(words[:i])), len("".join(words[: i + 1])), word) for i, word in enumerate(words)]
