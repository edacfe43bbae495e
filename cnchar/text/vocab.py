r"""Characters and their numbers: counting them, choosing the vocabulary, and `vocab.txt`.

`vocab.txt` holds one symbol a line, the line number less one is its id. A line of one character is that character;
`\u0020` (4 hex digits) or `\U000E0001` (8) is the character of that number, written so for blanks, control, format and
surrogate characters, which an editor may hide or change; any other line is a special symbol such as `[UNK]`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import repeat
from pathlib import Path

from cnchar.errors import BadInput

UNKNOWN = "[UNK]"
SPECIALS = ("[PAD]", UNKNOWN, "[MASK]", "[BOS]", "[EOS]")
"""Padding is 0. [BOS] and [EOS] stand at the ends of a text, so they serve where others use [CLS] and [SEP]."""

_ESCAPED = re.compile(r"\\u[0-9A-F]{4}|\\U[0-9A-F]{8}")
_HIDDEN = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
_REPLACEMENT = "\ufffd"


class Vocab:
    """Symbols in a fixed order: the special ones first, [UNK] among them, then characters. Raises ValueError if not."""

    def __init__(self, characters: Iterable[str], specials: Sequence[str] = SPECIALS) -> None:
        check_specials(specials)
        self.specials = tuple(specials)
        self.characters = tuple(characters)
        self._ids = {ch: number for number, ch in enumerate(self.characters, len(self.specials))}
        if len(self._ids) != len(self.characters) or any(len(ch) != 1 for ch in self.characters):
            raise ValueError("a vocabulary holds each character once, and nothing but characters after the specials")
        self.unknown = self.specials.index(UNKNOWN)

    def __len__(self) -> int:
        return len(self.specials) + len(self.characters)

    def __contains__(self, ch: object) -> bool:
        return ch in self._ids

    def encode(self, text: str) -> list[int]:
        """The id of each character, that of [UNK] for one it lacks. Specials written in the text are plain text."""
        return list(map(self._ids.get, text, repeat(self.unknown)))

    def decode(self, ids: Iterable[int]) -> str:
        """The characters of the ids; U+FFFD for [UNK], nothing for other specials. Raises IndexError for no id."""
        return "".join(map(self._decode, ids))

    def _decode(self, number: int) -> str:
        place = number - len(self.specials)
        if number < 0:
            raise IndexError(f"{number} is no id")
        return self.characters[place] if place >= 0 else _REPLACEMENT if number == self.unknown else ""

    def dumps(self) -> str:
        """The text of `vocab.txt`."""
        return "".join(f"{symbol}\n" for symbol in (*self.specials, *map(escape, self.characters)))

    def save(self, path: str | Path) -> None:
        """Writes `vocab.txt`, replacing it. Commands write `dumps()` through io's atomic output instead."""
        Path(path).write_bytes(self.dumps().encode("utf-8"))

    @classmethod
    def loads(cls, text: str, name: str = "vocab.txt") -> Vocab:
        """Reads what `dumps` wrote. Raises BadInput with the line that cannot be."""
        specials: list[str] = []
        characters: dict[str, None] = {}
        for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
            symbol = unescape(line)
            if not symbol or symbol in characters or symbol in specials:
                raise BadInput(f"{name}, line {number}: {line!r} is empty or stands there twice; build it anew.")
            if len(symbol) == 1:
                characters[symbol] = None
            elif characters:
                raise BadInput(f"{name}, line {number}: {line!r} is not one character; special symbols come first.")
            else:
                specials.append(symbol)
        if UNKNOWN not in specials:
            raise BadInput(f"{name} has no {UNKNOWN}: it is not a vocabulary that cnchar build-vocab wrote.")
        return cls(characters, specials)

    @classmethod
    def load(cls, path: str | Path) -> Vocab:
        """Reads a `vocab.txt`. Raises BadInput when it is missing or is none."""
        try:
            return cls.loads(Path(path).read_bytes().decode("utf-8-sig").replace("\r\n", "\n"), str(path))
        except UnicodeDecodeError:
            raise BadInput(f"{path} is not UTF-8, so it is no vocabulary.") from None
        except OSError as error:
            raise BadInput(f"{path} cannot be read: {error.strerror}.") from None


def check_specials(specials: Sequence[str]) -> None:
    """Raises ValueError unless these can be special symbols: different, two characters or more, without blanks."""
    if UNKNOWN not in specials:
        raise ValueError(f"{UNKNOWN} must be one of the special symbols")
    for symbol in specials:
        if len(symbol) < 2 or symbol.startswith("\\") or any(map(_is_hidden, symbol)) or specials.count(symbol) > 1:
            raise ValueError(f"{symbol!r} cannot be a special symbol: use different names such as [SEP]")


def escape(ch: str) -> str:
    """How one character is written in `vocab.txt`."""
    if not _is_hidden(ch):
        return ch
    return f"\\u{ord(ch):04X}" if ord(ch) < 0x10000 else f"\\U{ord(ch):08X}"


def unescape(line: str) -> str:
    """The character or special symbol that a line of `vocab.txt` stands for; "" for a number no character has."""
    if not _ESCAPED.fullmatch(line):
        return line
    number = int(line[2:], 16)
    return chr(number) if number <= 0x10FFFF else ""


def _is_hidden(ch: str) -> bool:
    return unicodedata.category(ch) in _HIDDEN
