"""Words with readings: the user's files and our own list."""

from __future__ import annotations

import pytest

from cnchar.errors import BadInput
from cnchar.pinyin.dictionary import listed_readings, phrases
from cnchar.pinyin.styles import read
from cnchar.pinyin.syllables import Syllable
from cnchar.pinyin.words import Word, own_words, read_words


def one(line: str) -> Word:
    [word] = read_words([line], "terms.tsv").values()
    return word


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("单于\tchan2 yu2\t50", Word("单于", (Syllable("chan", 2), Syllable("yu", 2)), 50)),
        ("单于\tchán'yú", Word("单于", (Syllable("chan", 2), Syllable("yu", 2)))),
        ("单于\tchan2yu2\r\n", Word("单于", (Syllable("chan", 2), Syllable("yu", 2)))),
        ("西安\txi an", Word("西安", (Syllable("xi"), Syllable("an")))),
        ("西安\txi'an", Word("西安", (Syllable("xi"), Syllable("an")))),
        ("先\txian", Word("先", (Syllable("xian"),))),
        ("单于", Word("单于")),
        ("单于\t\t7", Word("单于", None, 7)),
        ("单于\t7", Word("单于", None, 7)),
        ("C罗\tluo2", Word("C罗", (Syllable("luo", 2),))),
        ("\ufeff女儿\tnü er", Word("女儿", (Syllable("nv"), Syllable("er")))),
    ],
)
def test_lines(line: str, word: Word) -> None:
    assert one(line) == word


@pytest.mark.parametrize(
    "line",
    ["单于\tchan2", "单于\tchan2 yu2 x", "单于\tshanyux", "\tchan2", "单于\tchan2 yu2\t0", "单于\tchan2 yu2\tx",
     "单于\tchan2 yu2\t-1", "单于\tchan2 yu2\t1\tnr", "abc\ta b c", "单于\t" + "9" * 5000 + "x"],
)  # fmt: skip
def test_bad_lines_name_file_and_line(line: str) -> None:
    with pytest.raises(BadInput, match=r"^terms\.tsv, line 3: ") as caught:
        read_words(["# words\n", "\n", line], "terms.tsv")
    assert "\n" not in str(caught.value)


def test_readings_stand_with_their_characters() -> None:
    assert one("C罗a\tluo2").by_character() == (None, Syllable("luo", 2), None)
    assert one("C罗").by_character() == (None, None)


def test_the_last_line_holds() -> None:
    assert read_words(["行\thang2", "行\txing2"], "x")["行"].reading == (Syllable("xing", 2),)


def test_our_own_list_adds_something_and_stays_within_the_listed_readings() -> None:
    """A word of ours differs from what pypinyin would say, in sounds its characters can have."""
    for text, word in own_words().items():
        assert word.reading, text
        assert all(each.tone for each in word.reading), text
        told = phrases().get(text)
        assert told is None or tuple(read(each[0]) for each in told) != word.reading, text
        for character, sound in zip(text.lstrip("*"), word.reading, strict=True):
            assert sound.plain in {each.plain for each in listed_readings(character)}, text
