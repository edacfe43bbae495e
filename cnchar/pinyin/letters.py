"""Typed pinyin as plain letters: case, tone marks, tone digits, ü in all its forms, and apostrophes set apart.

Understood: ǐ as one character or two, ĭ for ǐ, full-width letters, ɑ and ɡ of phonetic fonts, `u:` after l and n.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from cnchar.pinyin.syllables import NEUTRAL, NO_TONE

TONE_MARKS = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0306": 3, "\u0300": 4}  # the breve is a common slip for a caron
_CHANGES = {"\u0308": {"u": "v"}, "\u0302": {"e": "ê"}}  # combining marks that make another letter
_ASCII = "abcdefghijklmnopqrstuvwxyz"


def _foldings() -> dict[str, tuple[str, int]]:
    """(letter, tone) of every character that is a letter of pinyin."""
    folded = {"ɑ": ("a", 0), "ɡ": ("g", 0)}
    bases = {letter: letter for letter in _ASCII} | {"ü": "v", "ê": "ê"}
    for written, letter in bases.items():
        for mark, tone in {"": 0, **TONE_MARKS}.items():
            for form in (written + mark, (written + mark).upper()):
                if len(whole := unicodedata.normalize("NFC", form)) == 1:
                    folded[whole] = (letter, tone)
    for letter in _ASCII:
        for full_width in (chr(ord(letter) + 0xFEE0), chr(ord(letter.upper()) + 0xFEE0)):
            folded[full_width] = (letter, 0)
    return folded


_FOLDED = _foldings()
_LETTER = "".join(map(re.escape, _FOLDED))
_MARK = "".join([*TONE_MARKS, *_CHANGES])
_BEFORE_COLON = "(?<=[nlNL][uU]):"
WORD = f"[{_LETTER}](?:[{_LETTER}{_MARK}]|{_BEFORE_COLON}|[0-5](?![0-9])|['’](?=[{_LETTER}]))*"
"""A regular expression for a word that may be pinyin: letters with their marks and digits, apostrophes inside."""

_UNIT = re.compile(f"(?P<letter>[{_LETTER}])(?P<marks>(?:[{_MARK}]|{_BEFORE_COLON})*)(?P<digit>[0-5](?![0-9]))?")


@dataclass(frozen=True)
class Letters:
    """A run of n letters.

    `starts`, `stops`: where each letter stands in the text with its marks and its digit. `marks`, `digits`: the tone
    written on it and the one written after it, or 0. `breaks` (n + 1): whether a syllable must end before this letter.
    """

    letters: str
    starts: list[int]
    stops: list[int]
    marks: list[int]
    digits: list[int]
    breaks: list[bool]

    def __len__(self) -> int:
        return len(self.letters)

    @property
    def has_tones(self) -> bool:
        """Whether a tone is written anywhere."""
        return any(self.marks) or any(self.digits)

    def tone(self, start: int, stop: int) -> int | None:
        """The tone of a syllable of these letters; None if there are two. A digit may say what a mark says: hǎo3."""
        marks = [mark for mark in self.marks[start:stop] if mark]
        digit = self.digits[stop - 1]
        if len(marks) > 1 or (marks and digit and marks[0] != digit):
            return None
        return digit or (marks[0] if marks else NO_TONE)


def read_letters(text: str) -> Letters:
    """The letters of a text. Whatever is no letter, a tone digit, and a capital after a small letter end a syllable."""
    if text.isascii() and text.isalpha() and (text.islower() or text.isupper()):  # as most is typed: many times faster
        n = len(text)
        return Letters(
            text.lower(), [*range(n)], [*range(1, n + 1)], [0] * n, [0] * n, [True, *[False] * (n - 1), True]
        )
    run = Letters("", [], [], [], [], [])
    letters, end, before = [], -1, ""
    for unit in _UNIT.finditer(text):
        written, digit = unit["letter"], unit["digit"]
        apart = unit.start() != end or run.digits[-1] > 0
        run.breaks.append(apart or (written.isupper() and before.islower()))
        letter, tone = _with_marks(written, unit["marks"])
        letters.append(letter)
        run.marks.append(tone)
        run.digits.append((int(digit) or NEUTRAL) if digit else NO_TONE)
        run.starts.append(unit.start())
        run.stops.append(end := unit.end())
        before = written
    run.breaks.append(True)
    return replace(run, letters="".join(letters))


def _with_marks(written: str, marks: str) -> tuple[str, int]:
    """(letter, tone) of a character and the combining marks after it."""
    letter, tone = _FOLDED[written]
    for mark in marks:
        letter = "v" if mark == ":" else _CHANGES.get(mark, {}).get(letter, letter)
        tone = TONE_MARKS.get(mark, tone)
    return letter, tone
