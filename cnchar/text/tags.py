"""Words as one tag a character, and back: BMES (begin, middle, end, single) and BIOES, its namesake in the literature.

A tag may carry a type, as in `M-PER`; only its first letter is looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_STARTS = frozenset("BSOU")  # U (unit) and L (last) are BILOU's names for S and E
_ENDS = frozenset("ESOUL")
_TO_BIOES = {"M": "I"}
_TO_BMES = {"I": "M", "L": "E", "U": "S"}


def words_to_bmes(words: Iterable[str]) -> list[str]:
    """One of B, M, E, S for each character of the words: (characters,)."""
    tags: list[str] = []
    for word in words:
        if len(word) == 1:
            tags.append("S")
        elif word:
            tags += ["B", *"M" * (len(word) - 2), "E"]
    return tags


def tags_to_words(characters: Sequence[str], tags: Sequence[str]) -> list[str]:
    """The words that BMES, BIO, BIOES or BILOU tags spell; nothing is lost whatever the order of the tags.

    A word starts before B, S and O, after E, S and O, and at the first character. Raises ValueError where the lengths
    differ.
    """
    words: list[str] = []
    open_word = False
    for character, tag in zip(characters, tags, strict=True):
        if open_word and tag[:1] not in _STARTS:
            words[-1] += character
        else:
            words.append(character)
        open_word = tag[:1] not in _ENDS
    return words


def bmes_to_bioes(tags: Iterable[str]) -> list[str]:
    """The same tags with I for M."""
    return [_TO_BIOES.get(tag[:1], tag[:1]) + tag[1:] for tag in tags]


def bioes_to_bmes(tags: Iterable[str]) -> list[str]:
    """The same tags with M for I (and E, S for BILOU's L, U)."""
    return [_TO_BMES.get(tag[:1], tag[:1]) + tag[1:] for tag in tags]
