"""The same text in a plainer shape: widths, blanks, repeated and removed punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from string import punctuation

from cnchar.text.normalise import HANZI, to_halfwidth

_BLANKS = re.compile(r"\s+")
_BETWEEN_HANZI = re.compile(f"(?<=[{HANZI}]) (?=[{HANZI}])")
_RUN = re.compile(r"([！？。，、；：～!?,;~.…—])\1+")
_NATURAL = {"…": 2, "—": 2, ".": 3}  # …… and —— are written double, ... is one sign
_MARKS = re.compile(r"(?<![0-9])(?:[^\w\s]|_)|(?:[^\w\s.,:]|_|[.,:](?![0-9]))")  # all but the . , : inside a number


def narrow(line: str) -> str:
    """Full-width letters, digits and symbols to ASCII; see `normalise.to_halfwidth` for which."""
    return to_halfwidth(line)


def squeeze_space(line: str, *, hanzi: bool = False) -> str:
    """Each run of blanks (tab and U+3000 too) to one space, none at the ends; with `hanzi` none between two hanzi."""
    line = _BLANKS.sub(" ", line).strip()
    return _BETWEEN_HANZI.sub("", line) if hanzi else line


def squeeze_repeats(line: str, *, max: int = 1) -> str:
    """A punctuation mark repeated more than `max` times, `max` times; …… and —— keep two and ... three at least."""
    return _RUN.sub(lambda run: run[0][: _most(run[1], max)], line)


def _most(mark: str, max_: int) -> int:
    return max(max_, _NATURAL.get(mark, 1))


def remove_punctuation(line: str, *, keep: str = "", gap: bool = False) -> str:
    """Punctuation of any script and ASCII symbols out, but for `keep` and the . , : inside numbers.

    With `gap`, one space stands in the place of each mark.
    """
    instead = " " if gap else ""
    return _MARKS.sub(lambda mark: instead if _is_punctuation(mark[0]) and mark[0] not in keep else mark[0], line)


@lru_cache(maxsize=4096)
def _is_punctuation(ch: str) -> bool:
    return ch in punctuation or unicodedata.category(ch).startswith("P")
