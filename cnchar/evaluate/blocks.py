"""A run of segmented lines as arrays: where words start, counted over the text without its white space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NEWLINE = 10

# By code point; U+3000 is the last white space there is, so whatever is beyond the table is clipped to its last entry.
# The newline counts as a character: see SegmentedBlock.
_IS_CHARACTER: NDArray[np.bool_] = np.array([c == NEWLINE or not chr(c).isspace() for c in range(0x3002)])


@dataclass(frozen=True)
class SegmentedBlock:
    """Segmented lines, each ended by a newline, N characters in all without white space but with the newlines.

    A newline stands for a word of its own. Thus two blocks hold the same lines of text exactly if their `characters`
    are equal, and no word ever crosses the end of a line.
    """

    text: str
    places: NDArray[np.int64]  # (N,) index in `text` of each character
    characters: NDArray[np.uint32]  # (N,) code points
    starts: NDArray[np.bool_]  # (N,) whether a word starts here

    @classmethod
    def of_lines(cls, lines: list[str]) -> SegmentedBlock:
        """Arrays for lines of words separated by any white space. The lines hold no newline."""
        text = "\n".join([*lines, ""])
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        places = np.flatnonzero(_IS_CHARACTER.take(points, mode="clip"))
        characters = points[places]
        newline = characters == NEWLINE
        starts = newline.copy()
        starts[:1] = True
        starts[1:] |= newline[:-1] | (np.diff(places) > 1)
        return cls(text, places, characters, starts)

    def words(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first and last + 1 character of each word that is not a newline: (words,), (words,)."""
        starts = np.flatnonzero(self.starts)
        ends = np.append(starts[1:], len(self.starts))
        is_word = self.characters[starts] != NEWLINE
        return starts[is_word], ends[is_word]

    def context(self, start: int, end: int, width: int) -> tuple[str, str]:
        """Up to `width` characters of `text` before and after the words from character `start` to `end`, uncut."""
        first, last = int(self.places[start]), int(self.places[end - 1])
        return self.text[max(0, first - width) : first], self.text[last + 1 : last + 1 + width]


@dataclass(frozen=True)
class Alignment:
    """The boundaries of two segmentations of one text, U of them together.

    A word is right exactly if its start and the very next boundary of either side belong to both sides.
    """

    boundaries: NDArray[np.int64]  # (U,) characters at which a word starts on either side
    common: NDArray[np.bool_]  # (U,) whether it starts on both sides
    right: NDArray[np.bool_]  # (U,) whether the word that starts here is right; newlines are
    newline: NDArray[np.bool_]  # (U,) whether the character here is a newline

    @classmethod
    def of_blocks(cls, gold: SegmentedBlock, pred: SegmentedBlock) -> Alignment:
        """Align two blocks whose `characters` are equal."""
        boundaries = np.flatnonzero(gold.starts | pred.starts)
        common = (gold.starts & pred.starts)[boundaries]
        right = common.copy()
        right[:-1] &= common[1:]
        return cls(boundaries, common, right, gold.characters[boundaries] == NEWLINE)

    def right_words(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The first and last + 1 character of each right word: (right words,), (right words,)."""
        at = np.flatnonzero(self.right & ~self.newline)  # never the last boundary, which is a newline
        return self.boundaries[at], self.boundaries[at + 1]

    def differing_spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Starts and ends (in characters) of the smallest spans within which the two sides differ."""
        meeting = np.flatnonzero(self.common)
        apart = np.flatnonzero(np.diff(meeting) > 1)
        return self.boundaries[meeting[apart]], self.boundaries[meeting[apart + 1]]
