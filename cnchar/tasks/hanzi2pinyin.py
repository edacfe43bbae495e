"""Hanzi to pinyin: one item for each character of the text, and pinyin of one style written in another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cnchar.pinyin.readings import Readings
from cnchar.pinyin.split import best_path, split
from cnchar.pinyin.styles import Style, write
from cnchar.pinyin.syllables import SYLLABLES, Syllable
from cnchar.pinyin.tokens import pieces

TASK = "hanzi2pinyin"
APOSTROPHE, VOWELS = "'", "aeoê"


@dataclass(frozen=True)
class Pronunciation:
    """A line and how its characters are read, in a style.

    `sounds` has for each character its readings, the one it has here first; () for what has none. (len(text),)
    """

    text: str
    sounds: tuple[tuple[Syllable, ...], ...]
    style: Style = "tone"

    @property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """For each character its readings as they are written, or the character itself."""
        written = (tuple(dict.fromkeys(write(sound, self.style) for sound in sounds)) for sounds in self.sounds)
        return tuple(each or (character,) for each, character in zip(written, self.text, strict=True))

    @property
    def items(self) -> tuple[str, ...]:
        """For each character its reading here, or the character itself."""
        return tuple(
            write(sounds[0], self.style) if sounds else character
            for sounds, character in zip(self.sounds, self.text, strict=True)
        )

    @property
    def pinyin(self) -> str:
        """The line as it would be written: syllables apart from each other and from letters and digits."""
        return self._joined(self.items)

    @property
    def all_pinyin(self) -> str:
        """The same with all readings of a character, joined by `/`."""
        return self._joined(["/".join(readings) for readings in self.readings])

    def _joined(self, items: Sequence[str]) -> str:
        wordy = [bool(sounds) or character.isalnum() for sounds, character in zip(self.sounds, self.text, strict=True)]
        out = []
        for at, item in enumerate(items):
            if at and wordy[at - 1] and wordy[at] and (self.sounds[at - 1] or self.sounds[at]):
                out.append(" ")
            out.append(item)
        return "".join(out)


@dataclass(frozen=True)
class Rewritten:
    """A line of pinyin, its syllables and their places in it, half-open; whatever else it holds stays as it is."""

    text: str
    syllables: tuple[Syllable, ...]
    spans: tuple[tuple[int, int], ...]
    style: Style = "tone"

    @property
    def items(self) -> tuple[str, ...]:
        """Each syllable in the style, with the capitals it had."""
        pairs = zip(self.syllables, self.spans, strict=True)
        return tuple(_like(self.text[start:stop], write(syllable, self.style)) for syllable, (start, stop) in pairs)

    @property
    def pinyin(self) -> str:
        """The line in the style. An apostrophe comes in where two syllables would run into each other."""
        out, end, before = [], 0, ""
        for item, syllable, (start, stop) in zip(self.items, self.syllables, self.spans, strict=True):
            gap = self.text[end:start]
            out += [gap or self._apostrophe(before, syllable), item]
            end, before = stop, item
        return "".join([*out, self.text[end:]])

    def _apostrophe(self, before: str, after: Syllable) -> str:
        clear = not before or before[-1].isdecimal() or self.style == "initials"
        return "" if clear or after.plain[0] not in VOWELS else APOSTROPHE


def pronounced(
    text: str, sounds: Sequence[Syllable | None], style: Style, others: Readings | None = None
) -> Pronunciation:
    """A line with its readings; with all the readings of each hanzi if `others` says which there are."""
    return Pronunciation(text, tuple(_all(ch, sound, others) for ch, sound in zip(text, sounds, strict=True)), style)


def _all(character: str, sound: Syllable | None, others: Readings | None) -> tuple[Syllable, ...]:
    if sound is None:
        return ()
    if others is None:
        return (sound,)
    return tuple(dict.fromkeys((sound, *(reading.syllable for reading in others.of(character)))))


def rewrite(text: str, style: Style, readings: Readings) -> Rewritten:
    """Find the pinyin of a line: words that are pinyin as tokens.pieces decides, cut into their likeliest syllables."""
    found = list(_syllables(text, readings.syllable_costs))
    return Rewritten(text, tuple(each for each, _ in found), tuple(span for _, span in found), style)


def _syllables(text: str, costs: Sequence[float]) -> Iterator[tuple[Syllable, tuple[int, int]]]:
    for piece in pieces(text):
        lattice = split(text[piece.start : piece.stop]) if piece.kind == "pinyin" else None
        if lattice is not None:
            for edge in best_path(lattice, costs):
                start, stop = lattice.span(edge)
                syllable = Syllable(SYLLABLES[lattice.syllables[edge]], int(lattice.tones[edge]))
                yield syllable, (piece.start + start, piece.start + stop)


def _like(original: str, written: str) -> str:
    letters = [character for character in original if character.isalpha()]
    if len(letters) > 1 and all(character.isupper() for character in letters):
        return written.upper()
    return written[0].upper() + written[1:] if letters[0].isupper() else written
