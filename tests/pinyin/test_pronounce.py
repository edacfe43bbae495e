"""Readings in running text: by words, phrases and defaults."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.pinyin.dictionary import listed_readings, phrases
from cnchar.pinyin.pronounce import pronounce
from cnchar.pinyin.styles import read, write
from cnchar.pinyin.words import read_words

WORDS = st.lists(
    st.sampled_from(["没有", "人", "参加", "银行", "行长", "重庆", "长大", "地", "高兴", "A", " ", "12", "𠮷", "の"])
    | st.sampled_from(list(phrases())[::997])
    | st.text(min_size=1, max_size=3),
    max_size=10,
)


def say(words: str, user: str = "") -> str:
    """The pinyin of words separated by spaces."""
    found = pronounce(words.split(), read_words(user.split("\n"), "user"))
    return " ".join(write(sound) if sound else "-" for sound in found)


@settings(deadline=None, max_examples=200)
@given(WORDS)
def test_one_reading_for_each_character_that_has_any(words: list[str]) -> None:
    text = "".join(words)
    sounds = pronounce(words)
    assert len(sounds) == len(text)
    for character, sound in zip(text, sounds, strict=True):
        assert (sound is None) == (not listed_readings(character))
        assert sound is None or sound.tone in range(1, 6)


@pytest.mark.parametrize("phrase", ["参差不齐", "重蹈覆辙", "好学", "音乐", "头发", "银行"])
def test_a_phrase_is_read_as_listed(phrase: str) -> None:
    assert say(phrase) == " ".join(each[0] for each in phrases()[phrase])


@pytest.mark.parametrize(
    ("words", "pinyin"),
    [
        ("没有 人 参加", "méi yǒu rén cān jiā"),
        ("人参", "rén shēn"),
        ("银行 行长 走 在 人行道 上", "yín háng háng zhǎng zǒu zài rén xíng dào shàng"),
        ("重庆 很 重视 重新", "chóng qìng hěn zhòng shì chóng xīn"),
        ("他 还 没 还 书", "tā hái méi huán shū"),
        ("高兴 地 说", "gāo xìng de shuō"),
        ("绿地 上", "lǜ dì shàng"),
        ("跑 得 快", "pǎo de kuài"),
        ("得到", "dé dào"),
        ("长 头发", "cháng tóu fà"),
        ("都 在 首都", "dōu zài shǒu dū"),
        ("华为 为 你", "huá wéi wèi nǐ"),
        ("男子 的 样子", "nán zǐ de yàng zi"),
        ("女 排", "nǚ pái"),
        ("A 股 12", "- gǔ - -"),
        ("中国人民银行", "zhōng guó rén mín yín háng"),  # phrases inside a longer word
    ],
)
def test_sentences(words: str, pinyin: str) -> None:
    assert say(words) == pinyin


def test_a_phrase_may_span_whole_words_but_not_parts() -> None:
    assert read(say("朝 阳").split()[0]) == read(phrases()["朝阳"][0][0])
    assert say("今朝 阳光").split()[1:3] == ["zhāo", "yáng"]


def test_words_of_the_user_come_first() -> None:
    assert say("行长 说", "行长\txing2 zhang3") == "xíng zhǎng shuō"
    assert say("银行行长", "行长\txing2 zhang3") == "yín háng háng zhǎng"  # no word of this line
    assert say("行 长", "行\thang") == "háng cháng"  # the tone of its likeliest reading of that sound
    assert say("C罗", "C罗\tluo4") == "- luò"
    assert say("单于", "单于") == "chán yú"
