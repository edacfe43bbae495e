"""Width and script are folded for look-up only."""

from __future__ import annotations

import numpy as np
import pytest

from cnchar.lookup.symbols import (
    DIGIT,
    FIRST_CHARACTER,
    LETTER,
    SEPARATOR,
    UNKNOWN_HANZI,
    UNKNOWN_OTHER,
    Kind,
    SymbolTable,
)
from cnchar.tasks.segment import to_codes


@pytest.fixture(scope="module")
def table() -> SymbolTable:
    return SymbolTable(["国", "来", "，", "(", "乾", "干"], {"國": "国", "來": "来", "乾": "干"})


def symbols(table: SymbolTable, text: str) -> list[int]:
    return table.read(to_codes(text))[0].tolist()


def test_twins_share_a_symbol(table: SymbolTable) -> None:
    assert symbols(table, "國來") == symbols(table, "国来") == [FIRST_CHARACTER, FIRST_CHARACTER + 1]


def test_a_known_character_is_not_folded(table: SymbolTable) -> None:
    assert symbols(table, "乾") != symbols(table, "干")


def test_full_width_is_read_as_half_width(table: SymbolTable) -> None:
    assert symbols(table, "（１ａＡ") == symbols(table, "(1aA") == [FIRST_CHARACTER + 3, DIGIT, LETTER, LETTER]


def test_every_code_point_has_a_symbol_and_a_kind(table: SymbolTable) -> None:
    ids, kinds = table.read(np.arange(0x110000, dtype=np.uint32))
    assert ids.max() < FIRST_CHARACTER + 6
    assert kinds.max() == Kind.OTHER
    assert symbols(table, "龘𠀀") == [UNKNOWN_HANZI, UNKNOWN_HANZI]
    assert symbols(table, "\U0010ffff\0") == [UNKNOWN_OTHER, UNKNOWN_OTHER]
    white = "".join(map(chr, (i for i in range(0x3001) if chr(i).isspace())))
    assert set(symbols(table, white)) == {SEPARATOR}


def test_too_many_characters_are_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        SymbolTable([chr(0x4E00 + i) for i in range(9000)], {})
