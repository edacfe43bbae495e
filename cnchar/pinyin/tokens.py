"""A line of mixed writing in pieces: pinyin, hanzi, words of other languages, digits, white space and the rest.

Which words are pinyin? Those that can be cut into syllables, if a tone is written on one, if two or more stand
together, or if there is no other writing in the line, or at an end of a line that has pinyin elsewhere. A lone one
among English words or hanzi stays what it is: in `I can swim` can is no pinyin. A run of letters that is longer than
any word and can nearly be cut is pinyin with slips: letters that belong to no syllable, which stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Literal

from cnchar.pinyin.letters import WORD, read_letters
from cnchar.pinyin.spellings import EXACT, Typing
from cnchar.pinyin.split import slips, split

Kind = Literal["pinyin", "hanzi", "word", "slip", "digits", "space", "other"]

HANZI = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fffd\U00030000-\U0003fffd"
"""As text.normalise.HANZI, of which this floor must not know; a test holds them together."""

LONGEST_ENGLISH = 12  # no longer English word looks like pinyin from end to end
LONGEST_WORD = 24  # letters; what is longer is no single word of any kind
_RARE = 8  # at most one letter in so many is a slip
_WORD = re.compile(WORD)
_PLAIN = re.compile("[a-zA-Z0-5' ]*[a-zA-Z][a-zA-Z0-5' ]*")
_CAPITAL = re.compile("(?<![!-~])[A-Z][0-5]?(?![!-~])")  # A, A4: a letter, not the syllable
_PIECE = re.compile(
    "(?P<url>(?:https?://|www\\.)[!-~]+|(?<![!-~])[A-Za-z0-9._+-]++@[A-Za-z0-9-]+\\.[A-Za-z0-9.-]+)"
    f"|(?P<word>(?:{WORD}|(?![{HANZI}])[^\\W\\d_])+)|(?P<hanzi>[{HANZI}]+)"
    "|(?P<digits>[0-9]+)|(?P<space>\\s+)|(?P<other>.)",
    re.DOTALL,
)
_KINDS: dict[str, Kind] = {
    "url": "word", "word": "word", "hanzi": "hanzi", "digits": "digits", "space": "space", "other": "other",
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """A stretch of a line, half-open. Pinyin holds the white space between its words."""

    kind: Kind
    start: int
    stop: int


def pieces(line: str, typing: Typing = EXACT, *, all_pinyin: bool = False) -> list[Piece]:
    """The pieces of a line, in order and without gaps. `all_pinyin`: whatever can be pinyin is."""
    is_plain = _PLAIN.fullmatch(line) and (all_pinyin or not _CAPITAL.search(line))
    if is_plain and all(_is_possible(word, typing) for word in line.split(" ") if word):
        return _plain(line)
    found = list(_scan(line, typing))
    runs = _runs(line, found, typing, all_pinyin=all_pinyin)
    if all_pinyin:
        return _joined(found, runs)
    sure = [_is_sure(line, found, run) for run in runs]
    lone = _lone_between_others(found, runs, sure)
    return _joined(found, [run for run, kept in zip(runs, lone, strict=True) if not kept])


def _plain(line: str) -> list[Piece]:
    """The pieces of a line of pinyin and blanks alone, as most are."""
    start, stop = len(line) - len(line.lstrip(" ")), len(line.rstrip(" "))
    found = (Piece("space", 0, start), Piece("pinyin", start, stop), Piece("space", stop, len(line)))
    return [piece for piece in found if piece.start < piece.stop]


def _scan(line: str, typing: Typing) -> Iterator[Piece]:
    """The pieces with every word by itself, long ones about their slips; a URL and an e-mail address are words."""
    for match in _PIECE.finditer(line):
        if match.lastgroup == "word" and len(match[0]) > LONGEST_WORD:
            yield from _about_slips(match[0], match.start(), typing)
        else:
            yield Piece(_KINDS[match.lastgroup or ""], match.start(), match.end())


def _about_slips(word: str, begin: int, typing: Typing) -> list[Piece]:
    """A long word in pieces: its slips, and between them words that can be cut. One piece if it is no such word."""
    whole = [Piece("word", begin, begin + len(word))]
    if word != word.lower() or _WORD.fullmatch(word) is None or _can_be_cut(word, typing):
        return whole
    stretches = slips(word, typing)
    if sum(stop - start for start, stop in stretches) * _RARE > len(word):
        return whole
    found, at = [], 0
    for start, stop in stretches:
        found += [Piece("word", begin + at, begin + start), Piece("slip", begin + start, begin + stop)]
        at = stop
    found.append(Piece("word", begin + at, begin + len(word)))
    found = [piece for piece in found if piece.start < piece.stop]
    words = (word[piece.start - begin : piece.stop - begin] for piece in found if piece.kind == "word")
    return found if all(_is_possible(each, typing) for each in words) else whole


def _runs(line: str, found: Sequence[Piece], typing: Typing, *, all_pinyin: bool) -> list[range]:
    """Where words that can be cut into syllables stand together with nothing but white space between them."""
    runs: list[range] = []
    for at, piece in enumerate(found):
        word = line[piece.start : piece.stop] if piece.kind == "word" else ""
        if word and _is_possible(word, typing) and (all_pinyin or not _CAPITAL.fullmatch(word)):
            if runs and runs[-1].stop == at - 1 and found[at - 1].kind == "space":
                runs[-1] = range(runs[-1].start, at + 1)
            else:
                runs.append(range(at, at + 1))
    return runs


def _is_possible(word: str, typing: Typing) -> bool:
    return _short_is_possible(word, typing) if len(word) < 32 else _can_be_cut(word, typing)


def unknown_words(
    line: str, found: Sequence[Piece], typing: Typing = EXACT, *, all_pinyin: bool = False
) -> Iterator[Piece]:
    """The slips, and the words of Latin letters that look like pinyin gone wrong, of the pieces of a line: nihoa, hǎx.

    Those with a tone mark; and in a line that has pinyin, or no other writing than the word, those without capitals:
    what has some is a name, such as iPhone. With `all_pinyin` every such word that `pieces` left.
    """
    words = [piece for piece in found if piece.kind == "word"]
    expected = any(piece.kind == "pinyin" for piece in found) or (
        len(words) == 1 and all(piece.kind != "hanzi" for piece in found)
    )
    for piece in found:
        word = line[piece.start : piece.stop]
        if piece.kind == "slip":
            yield piece
        if piece.kind != "word" or _WORD.fullmatch(word) is None or _is_possible(word, typing):
            continue
        if all_pinyin or any(read_letters(word).marks) or (expected and word == word.lower()):
            yield piece


def _can_be_cut(word: str, typing: Typing) -> bool:
    return _WORD.fullmatch(word) is not None and split(word, typing) is not None


_short_is_possible = lru_cache(maxsize=1 << 14)(_can_be_cut)


def _is_sure(line: str, found: Sequence[Piece], run: range) -> bool:
    """Two words or more, one longer than an English word that looks like pinyin, or a tone (but A4 has none).

    What stands beside a slip is part of a longer one.
    """
    word = line[found[run[0]].start : found[run[0]].stop]
    beside = {found[at].kind for at in (run.start - 1, run.stop) if 0 <= at < len(found)}
    if len(run) > 1 or len(word) > LONGEST_ENGLISH or "slip" in beside:
        return True
    letters = read_letters(word)
    return len(letters) > 1 and letters.has_tones


def _lone_between_others(found: Sequence[Piece], runs: Sequence[range], sure: Sequence[bool]) -> list[bool]:
    """For each run whether it is a lone word whose nearest neighbours are other writing, as far as there are any.

    At an end of a line that has sure pinyin, the line itself is the neighbour.
    """
    beyond = True if any(sure) else None
    is_pinyin: list[bool | None] = [False if piece.kind in ("word", "hanzi") else None for piece in found]
    for run, known in zip(runs, sure, strict=True):
        is_pinyin[run[0] : run[-1] + 1] = [True if known else None] * len(run)
    before = list(accumulate(is_pinyin, _nearest))
    after = list(accumulate(reversed(is_pinyin), _nearest))[::-1]
    neighbours = [{_nearest(beyond, before[run[0]]), _nearest(beyond, after[run[0]])} - {None} for run in runs]
    return [not known and beside == {False} for known, beside in zip(sure, neighbours, strict=True)]


def _nearest(before: bool | None, here: bool | None) -> bool | None:
    return before if here is None else here


def _joined(found: Sequence[Piece], runs: Sequence[range]) -> list[Piece]:
    """The pieces with each run in one piece of pinyin."""
    out: list[Piece] = []
    at = 0
    for run in runs:
        out += found[at : run.start]
        out.append(Piece("pinyin", found[run[0]].start, found[run[-1]].stop))
        at = run.stop
    return [*out, *found[at:]]
