"""Hanzi to pinyin from Python."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import run_python
from hypothesis import given, settings
from hypothesis import strategies as st

import cnchar
from cnchar.pinyin.styles import read
from cnchar.runtime.pronouncer import Pronouncer, Rewriter, load_pronouncer

TEXT = "重庆银行行长说：没有人参加。"


@pytest.fixture(scope="module")
def say() -> Pronouncer:
    return cnchar.load("hanzi2pinyin")


def test_one_line(say: Pronouncer) -> None:
    said = say(TEXT)
    assert said.pinyin == "chóng qìng yín háng háng zhǎng shuō：méi yǒu rén cān jiā。"
    assert said.items[:3] == ("chóng", "qìng", "yín")


@settings(deadline=None, max_examples=200)
@given(text=st.text(st.sampled_from("重庆行长地得了了人参A1 \n\t，。の𠮷\u2028\x00") | st.characters(), max_size=20))
def test_items_and_text_stay_aligned(say: Pronouncer, text: str) -> None:
    said = say(text)
    assert said.text == text
    assert len(said.items) == len(said.sounds) == len(text)
    for item, sounds, character in zip(said.items, said.sounds, text, strict=True):
        assert read(item) is not None if sounds else item == character


def test_many_lines_as_they_come(say: Pronouncer) -> None:
    def lines() -> Iterator[str]:
        yield from [TEXT, "", "中国\n人"] * 3

    assert [said.text for said in say(lines())] == list(lines())
    assert [said.pinyin for said in say(lines())] == [say(line).pinyin for line in lines()]


def test_pinyin_in_another_style() -> None:
    rewrite = Rewriter("number")
    assert rewrite("Zhōngguó").pinyin == "Zhong1guo2"
    assert [line.spans for line in rewrite(["nǐ hǎo", "", "中国"])] == [((0, 2), (3, 6)), (), ()]


def test_a_dictionary_of_the_user(tmp_path: Path) -> None:
    path = tmp_path / "terms.tsv"
    path.write_text("参加\tshen1 jia1\n行\thang\n", encoding="utf-8")
    say = load_pronouncer("number", user_dict=path)
    assert say("没有人参加").items[-2:] == ("shen1", "jia1")
    assert say("银行 行 不行").pinyin == "yin2 hang2 hang2 bu4 xing2"


def test_threads_agree(say: Pronouncer) -> None:
    lines = [f"第{n}行，{TEXT}" for n in range(200)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda line: say(line).pinyin, lines)) == [say(line).pinyin for line in lines]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"style": "bopomofo"}, "unknown style 'bopomofo'"), ({"user_dict": "/nowhere"}, "no such user dictionary")],
)
def test_bad_options(options: dict[str, str], message: str) -> None:
    with pytest.raises(cnchar.CncharError, match=message):
        cnchar.load("hanzi2pinyin", **options)


def test_neither_torch_nor_the_pypinyin_package_is_loaded() -> None:
    code = f"import cnchar; cnchar.load('hanzi2pinyin')({TEXT!r}); import sys; print(*sys.modules)"
    ran = run_python("-c", code)
    assert {"torch", "pypinyin", "onnxruntime", "jieba"}.isdisjoint(ran.text.split())


@pytest.mark.shared
def test_transcripts_with_their_pinyin(say: Pronouncer, shared: Path) -> None:
    """AISHELL's dev transcripts: their pinyin is a tool's too, so this is a floor, not a score."""
    rows = (shared / "data/p2h/aishell.dev.tsv").read_text(encoding="utf-8").splitlines()[::10]
    total = same = 0
    for row in rows:
        pinyin, text = row.split("\t")
        gold = [syllable and syllable.plain for syllable in map(read, pinyin.split())]
        if len(gold) == len(text):
            mine = [sounds[0].plain if sounds else None for sounds in say(text).sounds]
            total += len(gold)
            same += sum(one == other for one, other in zip(gold, mine, strict=True))
    assert total > 15_000
    assert same / total > 0.995
