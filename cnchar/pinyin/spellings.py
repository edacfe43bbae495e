"""How each syllable may be typed: a table from letters to syllables with penalties, for the options that are on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cnchar.errors import BadInput
from cnchar.pinyin.syllables import ALONE, INITIALS, NUMBERS, PARTS, SYLLABLES, beginning_with

Ways = tuple[tuple[int, float], ...]
"""(number, penalty) pairs, the best first."""

# Nats: how much likelier than the exact reading this one must be to win.
UMLAUT, ERHUA, FUZZY, ABBREVIATION, TYPO = 1.0, 1.0, 3.0, 4.0, 6.0

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True)
class Typing:
    """What is understood besides pinyin as it should be."""

    fuzzy: tuple[tuple[str, str], ...] = ()  # pairs of initials, of ends of finals, or of syllables; both ways
    abbreviations: bool = False  # nhsj, zhongg: an initial for any syllable that begins with it
    typos: bool = False  # one key left out, hit twice, swapped with the next, or its neighbour hit
    loose_umlaut: bool = False  # nu and lu for nü and lü
    erhua: bool = False  # r for er: nar
    without: frozenset[int] = frozenset()  # syllables, by number, that there are not


EXACT = Typing()


def parse_fuzzy(text: str) -> tuple[tuple[str, str], ...]:
    """The pairs of `zh=z,n=l,eng=en`. Raises BadInput for a pair whose sides are not of one sort."""
    pairs = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        one, equals, other = (side.strip() for side in part.partition("="))
        if not equals or one == other or not any(_is_pair(one, other, sort) for sort in _SORTS):
            raise BadInput(
                f"--fuzzy: {part!r} is no pair of initials, of finals or of syllables, such as zh=z or eng=en."
            )
        pairs.append((one, other))
    return tuple(pairs)


def syllables_of(number: int) -> tuple[int, ...]:
    """The syllables an edge stands for: itself, or for an abbreviation all that begin with it."""
    if number < len(SYLLABLES):
        return (number,)
    return _beginning_with(number)


@lru_cache(maxsize=16)
def spellings(typing: Typing = EXACT) -> Mapping[str, Ways]:
    """All that may be typed. Numbers from len(SYLLABLES) on are INITIALS: see syllables_of."""
    best: dict[str, dict[int, float]] = defaultdict(dict)
    for letters, number, penalty in _ways(typing):
        if number not in typing.without:
            ways = best[letters]
            ways[number] = min(penalty, ways.get(number, penalty))
    return {letters: tuple(sorted(ways.items(), key=lambda way: way[1])) for letters, ways in best.items()}


Way = tuple[str, int, float]


def _ways(typing: Typing) -> Iterator[Way]:
    exact = list(_exact())
    yield from exact
    yield from _fuzzy(typing.fuzzy)
    if typing.loose_umlaut:
        yield from ((letters[0] + "u" + letters[2:], number, UMLAUT) for letters, number, _ in exact if letters in _V)
    if typing.erhua:
        yield "r", NUMBERS["er"], ERHUA
    if typing.abbreviations:
        yield from ((initial, len(SYLLABLES) + n, ABBREVIATION) for n, initial in enumerate(INITIALS))
    if typing.typos:
        known = {letters for letters, _, _ in exact}
        for letters, number, _ in exact:
            yield from ((slip, number, TYPO) for slip in _slips(letters) if slip not in known)


_V = ("nv", "nve", "lv", "lve")


def _exact() -> Iterator[Way]:
    for number, plain in enumerate(SYLLABLES):
        yield plain, number, 0.0
        if plain in _V:
            yield plain.replace("v", "yu"), number, 0.0
        if plain in ("nve", "lve"):  # no syllable is spelled nue or lue, so there is nothing to mix up
            yield plain.replace("v", "u"), number, 0.0
        if PARTS[plain][0] in ("j", "q", "x", "y") and PARTS[plain][1].startswith("u"):
            yield plain.replace("u", "v", 1), number, 0.0


def _fuzzy(pairs: Iterable[tuple[str, str]]) -> Iterator[Way]:
    """Each syllable spelled as its likenesses, which need not be syllables: len for leng."""
    both = [*pairs, *((other, one) for one, other in pairs)]
    for plain, (initial, final) in PARTS.items():
        initials = {initial: 0.0} | {b: FUZZY for a, b in both if a == initial and _is_pair(a, b, _INITIALS)}
        finals = {final: 0.0}
        for a, b in both:
            if final.endswith(a) and _is_pair(a, b, _ENDS):
                finals[final.removesuffix(a) + b] = FUZZY
        for start, one in initials.items():
            for end, other in finals.items():
                yield start + end, NUMBERS[plain], one + other
        yield from ((b, NUMBERS[plain], FUZZY) for a, b in both if a == plain and b in NUMBERS)


_INITIALS = frozenset(initial for initial, _ in PARTS.values() if initial)
_ENDS = frozenset(final[at:] for initial, final in PARTS.values() if initial for at in range(len(final)))
_SORTS = (_INITIALS, _ENDS, frozenset(NUMBERS))


def _is_pair(one: str, other: str, sort: frozenset[str]) -> bool:
    return one in sort and other in sort


def _slips(letters: str) -> Iterator[str]:
    """What one wrong key makes of a spelling of three letters or more."""
    if len(letters) < 3 or NUMBERS.get(letters) in ALONE:
        return
    for at, letter in enumerate(letters):
        before, after = letters[:at], letters[at + 1 :]
        yield before + after
        yield before + letter + letter + after
        if after:
            yield before + after[0] + letter + after[1:]
        yield from (before + key + after for key in _NEIGHBOURS.get(letter, ""))


def _neighbours() -> dict[str, str]:
    """The keys beside each key in its row, and the two it touches in the rows above and below."""
    near: dict[str, str] = {}
    for row, keys in enumerate(_KEYS):
        for at, key in enumerate(keys):
            above = _KEYS[row - 1][at : at + 2] if row else ""
            below = _KEYS[row + 1][max(at - 1, 0) : at + 1] if row + 1 < len(_KEYS) else ""
            near[key] = keys[max(at - 1, 0) : at] + keys[at + 1 : at + 2] + above + below
    return near


_NEIGHBOURS = _neighbours()


@lru_cache(maxsize=len(INITIALS))
def _beginning_with(number: int) -> tuple[int, ...]:
    return beginning_with(INITIALS[number - len(SYLLABLES)])
