from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnchar.text.tags import bioes_to_bmes, bmes_to_bioes, tags_to_words, words_to_bmes

WORDS = st.lists(st.text(min_size=1, max_size=6))


def test_words_to_bmes() -> None:
    assert words_to_bmes(["我", "爱", "北京", "", "天安门广场"]) == list("SSBEBMMME")


@given(WORDS)
def test_there_and_back(words: list[str]) -> None:
    tags = words_to_bmes(words)
    assert tags_to_words("".join(words), tags) == words
    assert tags_to_words("".join(words), bmes_to_bioes(tags)) == words
    assert bioes_to_bmes(bmes_to_bioes(tags)) == tags


@given(
    st.lists(st.tuples(st.characters(), st.sampled_from(["B", "M", "E", "S", "I", "O", "L", "U", "B-PER", "", "X"])))
)
def test_illegal_orders_lose_nothing(pairs: list[tuple[str, str]]) -> None:
    characters = [character for character, _ in pairs]
    words = tags_to_words(characters, [tag for _, tag in pairs])
    assert "".join(words) == "".join(characters)
    assert all(words)


@pytest.mark.parametrize(
    ("tags", "words"),
    [
        ("MMEM", ["甲乙丙", "丁"]),  # begins within a word, ends within another
        ("BBSE", ["甲", "乙", "丙", "丁"]),
        ("BMBE", ["甲乙", "丙丁"]),
        ("BIOO", ["甲乙", "丙", "丁"]),
        ("OIIB", ["甲", "乙丙", "丁"]),
        ("BILU", ["甲乙丙", "丁"]),
    ],
)
def test_tolerates_any_order(tags: str, words: list[str]) -> None:
    assert tags_to_words("甲乙丙丁", tags) == words


def test_types_are_kept() -> None:
    assert bmes_to_bioes(["B-PER", "M-PER", "E-PER", "S-LOC", "O"]) == ["B-PER", "I-PER", "E-PER", "S-LOC", "O"]
    assert bioes_to_bmes(["B-PER", "I-PER", "L-PER", "U-LOC", "O"]) == ["B-PER", "M-PER", "E-PER", "S-LOC", "O"]


def test_different_lengths_are_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        tags_to_words("甲乙", "B")
