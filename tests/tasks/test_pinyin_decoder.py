"""From lattices to hanzi with toy tables: sounds, tones, hanzi that stand there, n-best, a network's scores, words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from toy_pinyin import toy_tables

from cnchar.decode.pinyin_lattice import KEPT, PinyinLattice
from cnchar.pinyin.spellings import Typing
from cnchar.pinyin.split import split
from cnchar.pinyin.styles import read
from cnchar.pinyin.syllables import NUMBERS
from cnchar.tasks.pinyin_decoder import PinyinDecoder
from cnchar.tasks.pinyin_tables import Decoder

DECODER = Decoder(toy_tables())


def typed(letters: str, typing: Typing = Typing()) -> PinyinLattice:
    """The lattice of letters."""
    run = split(letters, typing)
    assert run is not None
    kept = np.zeros(len(run.starts), np.int32)
    return PinyinLattice(len(run.begins), run.starts, run.stops, run.syllables, run.tones, run.penalties, kept)


def spoken(*pieces: str) -> PinyinLattice:
    """A lattice with one edge for each piece: a syllable, or text that is kept."""
    sounds = [read(piece) for piece in pieces]
    places = np.arange(len(pieces), dtype=np.int32)
    return PinyinLattice(
        len(pieces),
        places,
        places + 1,
        np.array([NUMBERS[sound.plain] if sound else KEPT for sound in sounds], np.int16),
        np.array([sound.tone if sound else 0 for sound in sounds], np.int8),
        np.zeros(len(pieces), np.float32),
        np.array([0 if sound else ord(piece[0]) for sound, piece in zip(sounds, pieces, strict=True)], np.int32),
    )


def text(lattice: PinyinLattice, decoder: PinyinDecoder = DECODER) -> str:
    """The best text."""
    return "".join(decoder.decode([lattice])[0][0].text)


@pytest.mark.parametrize(
    ("letters", "hanzi"), [("women", "我们"), ("womenmingtian", "我们明天"), ("ni3hao3", "你好"), ("zhongguo", "中国")]
)
def test_words_by_their_sound(letters: str, hanzi: str) -> None:
    assert text(typed(letters)) == hanzi


def test_the_lattice_decides_how_letters_are_cut() -> None:
    (paths,) = DECODER.decode([typed("xian")], nbest=30)
    found = ["".join(path.text) for path in paths]
    assert "西安" in found
    assert any(len(each) == 1 for each in found)


def test_a_path_says_what_it_took() -> None:
    lattice = spoken("wo", "X", "men", "3", "hao")
    (path,) = DECODER.decode([lattice])[0]
    assert path.edges == (0, 1, 2, 3, 4)
    assert [bool(each) for each in path.text] == [True, False, True, False, True]
    assert path.syllables == (NUMBERS["wo"], KEPT, NUMBERS["men"], KEPT, NUMBERS["hao"])


def test_hanzi_that_stand_there_make_words() -> None:
    (path,) = DECODER.decode([spoken("我", "men")])[0]
    assert path.text == ("", "们")
    assert path.syllables == (KEPT, NUMBERS["men"])


def test_typed_tones_narrow_the_choice() -> None:
    assert [text(spoken(f"shi{tone}")) for tone in (1, 2, 3, 4)] == ["失", "时", "使", "是"]


def test_an_abbreviation_is_any_syllable_it_begins() -> None:
    (path,) = DECODER.decode([typed("wm", Typing(abbreviations=True))])[0]
    assert "".join(path.text) == "我们"
    assert path.syllables == (NUMBERS["wo"], NUMBERS["men"])


def test_the_best_differ_and_come_in_order() -> None:
    (paths,) = DECODER.decode([spoken("ni", "hao")], nbest=12)
    assert len({"".join(path.text) for path in paths}) == 12
    assert [path.score for path in paths] == sorted((path.score for path in paths), reverse=True)
    assert paths[0] == DECODER.decode([spoken("ni", "hao")])[0][0]


def test_lines_do_not_disturb_each_other() -> None:
    lattices = [typed("womenmingtianqubeijing"), spoken("hao"), spoken("X"), typed("nihao"), spoken("我", "men")]
    together = DECODER.decode(lattices)
    assert [paths[0].text for paths in together] == [DECODER.decode([each])[0][0].text for each in lattices]
    assert DECODER.decode([]) == []


class Unary(NamedTuple):
    offsets: NDArray[np.intp]
    values: NDArray[np.float32]


def test_a_network_is_listened_to() -> None:
    units = DECODER.tables.units
    syllable = NUMBERS["hao"]
    values = np.full(units.sizes[syllable], -30.0, np.float32)
    unit = int(units.find(np.array([syllable]), np.array([ord("豪")]))[0])
    values[unit - units.firsts[syllable]] = 0.0
    scores = Unary(np.array([0, 0, len(values)]), values)
    found = DECODER.decode([spoken("hao"), spoken("X", "hao"), spoken("hao")], [None, scores, None])
    assert [paths[0].text for paths in found] == [("好",), ("", "豪"), ("好",)]


def test_a_users_words_come_first() -> None:
    own = DECODER.with_words([("郝仁", (read("hao3"), read("ren2")), 1), ("㐀好", (read("qiu"), read("hao")), 5)])
    assert text(typed("haoren"), own) == "郝仁"
    assert text(typed("qiuhao"), own) == "㐀好"
    assert text(typed("womenqiuhao"), own) == "我们㐀好"
    assert text(typed("haoren")) != "郝仁"


def test_a_long_word_of_a_user_is_known_as_its_pieces() -> None:
    long = "中央人民广播电台"
    syllables = ("zhong", "yang", "ren", "min", "guang", "bo", "dian", "tai")
    own = DECODER.with_words([(long, tuple(map(read, syllables)), 100)])
    assert text(spoken(*syllables), own) == long


def test_what_no_word_has_is_left() -> None:
    unknown = min(DECODER.silent)
    lattice = spoken("hao", "hao")
    lattice.syllables[0] = unknown
    (path,) = DECODER.decode([lattice])[0]
    assert path.text == ("", "好")
