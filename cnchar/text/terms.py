"""A list of words, such as names that nobody shall change, and where they stand in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnchar.errors import BadInput

Span = tuple[int, int]


class Terms:
    """Words to be found in text. Thread-safe.

    Looked up by the first character and then by length, longest first, so thousands of words cost what one does.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = frozenset(words) - {""}
        lengths: dict[str, set[int]] = {}
        for word in self.words:
            lengths.setdefault(word[0], set()).add(len(word))
        self._lengths = {first: sorted(sizes, reverse=True) for first, sizes in lengths.items()}

    def spans(self, text: str) -> Iterator[Span]:
        """Start and end of the longest word at each place, those that overlap included, from left to right."""
        if not self._lengths:
            return
        for start, character in enumerate(text):
            for length in self._lengths.get(character, ()):
                if (word := text[start : start + length]) in self.words:
                    yield start, start + len(word)
                    break


def read_terms(lines: Iterable[str], name: str) -> Terms:
    """The words of a file, one a line; blank lines and those that begin with `#` say nothing, white space around a word
    is none of it.

    Raises:
        BadInput: naming the file, where it holds no word at all.
    """
    words = [word for word in (line.strip() for line in lines) if word and not word.startswith("#")]
    if not words:
        raise BadInput(f"{name}: no words in it; write one a line.")
    return Terms(words)
