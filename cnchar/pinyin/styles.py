"""A syllable in writing, either way: zhōng, zhong1, zhong, zh."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal, get_args

from cnchar.pinyin.letters import TONE_MARKS, read_letters
from cnchar.pinyin.spellings import spellings
from cnchar.pinyin.syllables import NEUTRAL, NO_TONE, SYLLABLES, Syllable, initial_of

Style = Literal["tone", "number", "plain", "initials"]
STYLES: tuple[Style, ...] = get_args(Style)

_MARKS = {tone: mark for mark, tone in TONE_MARKS.items() if mark != "\u0306"}


@lru_cache(maxsize=8192)
def write(syllable: Syllable, style: Style = "tone") -> str:
    """One syllable in a style.

    tone: nǚ, and no mark for the neutral tone or none given; number: nv3, 5 for the neutral tone, no digit where none
    is given; plain: nv; initials: n (zh for zhong, y for yu, a for an).
    """
    if style == "number":
        return f"{syllable.plain}{syllable.tone}" if syllable.tone else syllable.plain
    if style == "tone":
        return _marked(syllable)
    return syllable.plain if style == "plain" else initial_of(syllable.plain)


@lru_cache(maxsize=8192)
def read(text: str) -> Syllable | None:
    """The one syllable that a text is, in any style but initials, or None. A tone that is not written is NO_TONE."""
    run = read_letters(text)
    if not len(run) or (run.starts[0], run.stops[-1]) != (0, len(text)) or any(run.breaks[1:-1]):
        return None
    ways, tone = spellings().get(run.letters), run.tone(0, len(run))
    return None if ways is None or tone is None else Syllable(SYLLABLES[ways[0][0]], tone)


def _marked(syllable: Syllable) -> str:
    plain, tone = syllable
    at = _marked_letter(plain)
    spelled = plain.replace("v", "ü")
    if tone in (NO_TONE, NEUTRAL):
        return spelled
    return unicodedata.normalize("NFC", spelled[: at + 1] + _MARKS[tone] + spelled[at + 1 :])


def _marked_letter(plain: str) -> int:
    """Where the mark goes: on a or e, on the o of ou, else on the last vowel; on m or n where there is none."""
    for vowel in ("a", "e", "ê", "ou"):
        if vowel in plain:
            return plain.index(vowel)
    vowels = [at for at, letter in enumerate(plain) if letter in "iouv"]
    return vowels[-1] if vowels else max(plain.find("m"), plain.find("n"))
