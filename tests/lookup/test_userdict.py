"""User words: read with line numbers in the errors, found where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.lookup.userdict import UserDictionary, iter_words, longest_first, read_user_dictionary
from cnchar.tasks.segment import to_codes

letters = st.text("abc 一二𠀀", min_size=1, max_size=4)


@settings(deadline=None, max_examples=80)
@given(st.sets(letters, min_size=1, max_size=8), st.text("abc 一二𠀀", max_size=40))
def test_finds_every_occurrence(words: set[str], text: str) -> None:
    found = {(a, b) for a, b, _ in iter_words(UserDictionary(dict.fromkeys(words, 1)).find(to_codes(text)))}
    places = range(len(text))
    assert found == {(a, b) for a in places for b in range(a + 1, len(text) + 1) if text[a:b] in words}


@settings(deadline=None, max_examples=40)
@given(st.sets(letters, min_size=1, max_size=6), st.text("abc一", max_size=30))
def test_longest_first_never_overlaps(words: set[str], text: str) -> None:
    match = longest_first(UserDictionary(dict.fromkeys(words, 1)).find(to_codes(text)))
    taken = [k for a, b, _ in iter_words(match) for k in range(a, b)]
    assert len(taken) == len(set(taken))


def test_reads_weights_comments_and_the_default() -> None:
    lines = ["\ufeff# terms", "杭研大厦\t500", "", "云计算\r", "New York\t7"]
    assert read_user_dictionary(lines, "t").words == {"杭研大厦": 500, "云计算": 100, "New York": 7}


def test_reads_jieba_lines() -> None:
    lines = ["云计算 5 n", "李小福 nr", "创新办", "Edu Trust认证 2000", "New York 3 nz"]
    words = {"云计算": 5, "李小福": 100, "创新办": 100, "Edu Trust认证": 2000, "New York": 3}
    assert read_user_dictionary(lines, "t", form="jieba").words == words
    with pytest.raises(BadInput, match="t, line 1: a tab"):
        read_user_dictionary(["云计算\t5"], "t", form="jieba")


@pytest.mark.parametrize("bad", ["0", "-3", "1.5", "many", "１２"])
def test_a_bad_weight_names_its_line(bad: str) -> None:
    with pytest.raises(BadInput, match=r"terms\.tsv, line 2.*weight"):
        read_user_dictionary(["好\t1", f"云\t{bad}"], "terms.tsv")


def test_an_empty_word_names_its_line() -> None:
    with pytest.raises(BadInput, match="line 1: no word"):
        read_user_dictionary(["\t5"], "terms.tsv")
