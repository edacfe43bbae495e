from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.tasks.packed_lines import BEGIN, END, PADDING, UNKNOWN, Alphabet, cut_lines, following
from cnchar.text.vocab import Vocab

VOCAB = Vocab("你好世界 a")
ALPHABET = Alphabet(VOCAB)
texts = st.text(st.sampled_from("你好世界 a龘\U00020000\u2028"), max_size=12)


@given(st.lists(texts, min_size=1, max_size=5))
def test_lines_are_read_as_the_vocabulary_does_each_after_its_beginning(lines: list[str]) -> None:
    expected = [symbol for line in lines for symbol in (BEGIN, *VOCAB.encode(line))]
    assert ALPHABET.read(lines).tolist() == expected


def test_what_follows() -> None:
    symbols = ALPHABET.read(["你好", "", "龘"])
    a, b = VOCAB.encode("你好")
    assert symbols.tolist() == [BEGIN, a, b, BEGIN, BEGIN, UNKNOWN]
    assert following(symbols).tolist() == [a, b, END, END, UNKNOWN, END]
    assert following(symbols[:2], b).tolist() == [a, b]


@settings(max_examples=60)
@given(st.lists(texts, min_size=1, max_size=6), st.integers(2, 9), st.integers(1, 40))
def test_every_character_and_every_end_is_foreseen_once(lines: list[str], length: int, most: int) -> None:
    pieces = cut_lines(ALPHABET, lines, length)
    found: dict[int, list[tuple[int, list[int], list[int]]]] = {}
    for rows in pieces.batches(most):
        symbols, targets = pieces.rows(rows)
        assert symbols.shape == targets.shape and symbols.shape[1] <= length
        assert len(rows) == 1 or symbols.size <= most
        for piece, seen, asked in zip(rows.tolist(), symbols, targets, strict=True):
            assert ((seen == PADDING) == (asked == PADDING)).all()
            size = int(np.count_nonzero(seen))
            found.setdefault(int(pieces.lines[piece]), []).append((piece, seen[:size].tolist(), asked[:size].tolist()))
    for number, line in enumerate(lines):
        parts = sorted(found.pop(number))
        ids = VOCAB.encode(line)
        assert [symbol for _, seen, _ in parts for symbol in seen] == [BEGIN, *ids]
        assert [symbol for _, _, asked in parts for symbol in asked] == [*ids, END]
    assert not found


def test_a_vocabulary_with_other_special_symbols_is_refused() -> None:
    with pytest.raises(BadInput, match=r"begins with \[UNK\], but .* without --special"):
        Alphabet(Vocab("你好", ["[UNK]"]))
