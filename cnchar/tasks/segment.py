"""Word segmentation: from text to arrays, and from the scores of B, M, E, S back to words of the user's own text.

A *block* is any number of lines joined by newlines. White space never belongs to a word (unless a user word says so);
some neighbours are never parted: letters and digits of one run, URLs, e-mail addresses, the parts of an emoji.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cnchar.decode.viterbi import B, E, M, S, best_tags
from cnchar.lookup.symbols import Codes, Kind
from cnchar.lookup.unbroken import is_hard, unbroken_spans
from cnchar.lookup.userdict import Match, UserDictionary, iter_words, longest_first

TASK = "segment"
LABELS = "BMES"
NEWLINE = 10
FORBIDDEN = np.int32(-(1 << 20))
LONGEST = 96  # characters decoded together; longer runs without punctuation are cut where a boundary is surest
# Possessive, and begun only where a run begins: time stays linear in a line of any length.


@dataclass(frozen=True)
class Segmentation:
    """A line and its words. `"".join(words) == text`: runs of white space are words of their own here."""

    text: str
    words: tuple[str, ...]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Half-open places of the words, in code points of the line."""
        ends = np.cumsum([0, *map(len, self.words)]).tolist()
        return tuple(pairwise(ends))


@dataclass(frozen=True)
class Marks:
    """What is certain about a block before anything is scored, for each of its N characters."""

    space: NDArray[np.bool_]  # white space that is in no user word
    joined: NDArray[np.bool_]  # no boundary after this character
    parted: NDArray[np.bool_]  # a boundary after this character
    match: Match | None  # user words that compete by weight


def to_codes(text: str) -> Codes:
    """Code points of a text, (N,)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def to_text(codes: Codes) -> str:
    """The inverse of to_codes."""
    return codes.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


def mark(text: str, codes: Codes, kinds: NDArray[np.uint8], user: UserDictionary | None = None) -> Marks:
    """Find what may not be parted, what must be, and the user's words."""
    space = kinds == Kind.SEPARATOR
    word_like = (kinds == Kind.LETTER) | (kinds == Kind.DIGIT)
    joined = np.zeros(len(codes), bool)
    joined[:-1] = word_like[:-1] & word_like[1:]
    # A zero written as a circle is one digit of a number: 二○○一.
    numeral, circle = kinds == Kind.NUMERAL, (codes == ord("○")) | (codes == ord("〇"))
    joined[:-1] |= numeral[:-1] & numeral[1:] & (circle[:-1] | circle[1:])
    for start, stop in unbroken_spans(text, codes, kinds):
        joined[start : stop - 1] = True
    joined[:-1] &= ~(space[:-1] | space[1:])  # a zero-width joiner may stand beside a blank
    parted = np.zeros(len(codes), bool)
    match = user.find(codes) if user else None
    if user and match is not None and len(match.starts):
        if user.mode == "force":
            _force(longest_first(match), space, joined, parted)
            match = None
        else:
            # The decoder never looks across white space and hard punctuation: a user word with some is a word for sure.
            apart = space | is_hard(codes)
            before = np.concatenate([[0], np.cumsum(apart)])
            certain = np.flatnonzero(before[match.stops] > before[match.starts])
            _force(longest_first(_pick(match, certain)), space, joined, parted)
    return Marks(space, joined & ~parted, parted, match)


def _pick(match: Match, index: NDArray[np.intp]) -> Match:
    return Match(match.starts[index], match.stops[index], match.bonuses[index])


def _force(match: Match, space: NDArray[np.bool_], joined: NDArray[np.bool_], parted: NDArray[np.bool_]) -> None:
    for start, stop, _ in iter_words(match):
        space[start:stop] = False
        joined[start : stop - 1] = True
        parted[start : stop - 1] = False
        parted[stop - 1] = True
        if start:
            parted[start - 1] = True


def constrain(scores: NDArray[np.int32], marks: Marks, scale: float) -> None:
    """Write into the scores (4, N) what marks say: forbidden tags, and the bonuses of user words."""
    after = np.flatnonzero(marks.joined)
    scores[E, after] += FORBIDDEN
    scores[S, after] += FORBIDDEN
    scores[B, after + 1] += FORBIDDEN
    scores[S, after + 1] += FORBIDDEN
    after = np.flatnonzero(marks.parted)
    scores[B, after] += FORBIDDEN
    scores[M, after] += FORBIDDEN
    after = after[after + 1 < scores.shape[1]]
    scores[M, after + 1] += FORBIDDEN
    scores[E, after + 1] += FORBIDDEN
    if marks.match is not None:
        _prefer(scores, marks.match, scale)


def _prefer(scores: NDArray[np.int32], match: Match, scale: float) -> None:
    """Add to the tags of each user word what it is worth; words may overlap, so that tags gather several bonuses."""
    worth = np.rint(match.bonuses * scale).astype(np.int32)
    lengths = match.stops - match.starts
    one = lengths == 1
    np.add.at(scores[S], match.starts[one], worth[one])
    np.add.at(scores[B], match.starts[~one], worth[~one])
    np.add.at(scores[E], match.stops[~one] - 1, worth[~one])
    inner = np.maximum(lengths - 2, 0)
    owner = np.repeat(np.arange(len(inner)), inner)
    nth = np.arange(len(owner)) - (np.cumsum(inner) - inner)[owner]
    np.add.at(scores[M], match.starts[owner] + 1 + nth, worth[owner])


def decode(
    scores: NDArray[np.int32], codes: Codes, marks: Marks, transitions: NDArray[np.int32] | None = None
) -> NDArray[np.bool_]:
    """Where words end, (N,): a boundary after the character. White space ends words on both sides.

    `transitions` (4, 4): what each step from a tag to the next is worth in the scores' units; nothing if None.
    """
    # Punctuation that is always a word needs no decoding and cuts the text; unless a user word or a URL holds it.
    hard = is_hard(codes) & ~marks.joined
    hard[1:] &= ~marks.joined[:-1]
    inside = ~(marks.space | hard)
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    if transitions is not None:
        scores = _with_steps_to_hard(scores, hard, starts, starts + lengths, transitions)
    starts, lengths = _cut_long(scores, starts, lengths)
    tags = best_tags(scores, starts, lengths, transitions)
    ends = tags >= E
    ends[:-1] |= marks.space[1:] & ~marks.space[:-1]
    ends[marks.joined] = False  # where a very long URL had to be cut for decoding
    return ends


def _with_steps_to_hard(
    scores: NDArray[np.int32],
    hard: NDArray[np.bool_],
    starts: NDArray[np.intp],
    stops: NDArray[np.intp],
    transitions: NDArray[np.int32],
) -> NDArray[np.int32]:
    """The scores with the steps from and to the punctuation (an S) beside each piece, which is not decoded with it."""
    scores = scores.copy()
    first = starts[(starts > 0) & hard[starts - 1]]
    scores[:, first] += transitions[S][:, None]
    last = stops[stops < len(hard)] - 1
    last = last[hard[last + 1]]
    scores[:, last] += transitions[:, S][:, None]
    return scores


def _cut_long(
    scores: NDArray[np.int32], starts: NDArray[np.intp], lengths: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pieces of at most LONGEST characters, cut in their second half where the scores favour a boundary most."""
    if not (lengths > LONGEST).any():
        return starts, lengths
    out = []
    for start, length in zip(starts.tolist(), lengths.tolist(), strict=True):
        stop = start + length
        while stop - start > LONGEST:
            here = slice(start + LONGEST // 2, start + LONGEST)
            following = slice(here.start + 1, here.stop + 1)
            apart = np.maximum(scores[E, here], scores[S, here]) + np.maximum(
                scores[B, following], scores[S, following]
            )
            together = np.maximum(scores[B, here], scores[M, here]) + np.maximum(
                scores[M, following], scores[E, following]
            )
            cut = here.start + int((apart - together).argmax()) + 1
            out.append((start, cut - start))
            start = cut
        out.append((start, stop - start))
    pieces = np.array(out, np.intp)
    return pieces[:, 0], pieces[:, 1]


def words_of(text: str, ends: NDArray[np.bool_], space: NDArray[np.bool_]) -> Iterator[Segmentation]:
    """The lines of a block, each with its words; runs of white space are words too."""
    last = np.ones(len(ends), bool)
    last[:-1] = space[:-1] & ~space[1:]
    cuts = np.flatnonzero(np.where(space, last, ends)) + 1
    newlines = np.flatnonzero(to_codes(text) == NEWLINE)
    # Every line's own cuts: a newline is white space, so lines are cut at least around it.
    stops = np.append(newlines, len(text))
    first = np.searchsorted(cuts, np.append(0, newlines + 1), side="right").tolist()
    after = np.searchsorted(cuts, stops, side="left").tolist()
    cut_list, start = cuts.tolist(), 0
    for low, high, stop in zip(first, after, stops.tolist(), strict=True):
        places = [start, *cut_list[low:high], stop] if stop > start else [start]
        yield Segmentation(text[start:stop], tuple(text[a:b] for a, b in pairwise(places)))
        start = stop + 1


def join_words(codes: Codes, ends: NDArray[np.bool_], space: NDArray[np.bool_], delimiter: str) -> str:
    """The block with `delimiter` between words; white space of the input becomes the delimiter, runs of it too."""
    newline = codes == NEWLINE
    kept = np.flatnonzero(~space | newline)
    out, last = codes[kept], np.zeros(len(kept), bool)
    line_ends = newline[kept]
    last[:-1] = ends[kept[:-1]] & ~line_ends[:-1] & ~line_ends[1:]
    # A lone surrogate cannot occur in decoded text, so it can stand for any delimiter.
    mark = ord(delimiter) if len(delimiter) == 1 else 0xDC00
    delimiters = np.cumsum(last)
    grown = np.full(len(out) + (delimiters[-1] if len(out) else 0), mark, np.uint32)
    grown[np.arange(len(out)) + delimiters - last] = out
    text = to_text(grown)
    return text if len(delimiter) == 1 else text.replace("\udc00", delimiter)


def bmes(words: tuple[str, ...]) -> str:
    """One tag letter a character."""
    return "".join("S" if len(w) == 1 else "B" + "M" * (len(w) - 2) + "E" for w in words)


__all__ = [
    "LABELS", "TASK", "Marks", "Segmentation", "bmes", "constrain", "decode", "join_words", "mark",
    "to_codes", "to_text", "words_of",
]  # fmt: skip
