"""The syllables of Mandarin, each with a number, and their parts.

A syllable is spelled without its tone in ASCII, ü as v (`lv`), as input methods and the data files have it; only ê has
no such spelling. Tones are 1 to 4, 5 for the neutral tone, and 0 where none is given.
"""

from __future__ import annotations

from typing import NamedTuple

NO_TONE, NEUTRAL = 0, 5

_FINALS = """
- a ai an ang ao e ei en eng er o ou ê m n ng hm hng
b a ai an ang ao ei en eng i ian iang iao ie in ing o ong u
p a ai an ang ao ei en eng i ian iao ie in ing o ou u
m a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u
f a an ang ei en eng iao o ou u
d a ai an ang ao e ei en eng i ia ian iao ie in ing iu ong ou u uan ui un uo
t a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo
n a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve
l a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve
g a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
k a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
h a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo
j i ia ian iang iao ie in ing iong iu u uan ue un
q i ia ian iang iao ie in ing iong iu u uan ue un
x i ia ian iang iao ie in ing iong iu u uan ue un
zh a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo
ch a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo
sh a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo
r an ang ao e en eng i ong ou u ua uan ui un uo
z a ai an ang ao e ei en eng i ong ou u uan ui un uo
c a ai an ang ao e ei en eng i ong ou u uan ui un uo
s a ai an ang ao e en eng i ong ou u uan ui un uo
y a an ang ao e i in ing o ong ou u uan ue un
w a ai an ang ei en eng o ong u
"""
_TABLE = {row.split()[0].strip("-"): row.split()[1:] for row in _FINALS.strip().splitlines()}

SYLLABLES: tuple[str, ...] = tuple(sorted(initial + final for initial, finals in _TABLE.items() for final in finals))
"""All of them, dialect words and interjections included; a syllable's number is its index."""

NUMBERS: dict[str, int] = {syllable: number for number, syllable in enumerate(SYLLABLES)}

PARTS: dict[str, tuple[str, str]] = {
    initial + final: (initial, final) for initial, finals in _TABLE.items() for final in finals
}
"""(initial, final) of each syllable; y and w count as initials, and the initial of `an` is empty."""

INITIALS: tuple[str, ...] = (*filter(None, _TABLE), "a", "e", "o")
"""What stands for a syllable in an abbreviation: its initial, or its vowel where it has none."""

ALONE = frozenset(NUMBERS[each] for each in ("m", "n", "ng", "hm", "hng"))
"""Interjections without a vowel: never a part of a longer run of letters."""


class Syllable(NamedTuple):
    """A syllable and its tone."""

    plain: str
    tone: int = NO_TONE


def initial_of(plain: str) -> str:
    """What abbreviates a syllable: `zh` of zhong, `y` of yu, `a` of an, `m` of m."""
    return PARTS[plain][0] or plain[0]


def beginning_with(letters: str) -> tuple[int, ...]:
    """The numbers of the syllables that begin with these letters: `z` stands for zhong too, as people type it."""
    return tuple(number for number, syllable in enumerate(SYLLABLES) if syllable.startswith(letters))
