"""Pinyin to hanzi from Python, with a toy decoder."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_converter import ToyDecoder, ToyNetwork

from cnchar.pinyin.spellings import Typing, parse_fuzzy
from cnchar.runtime.converter import Converter, Wish
from cnchar.runtime.pinyin_search import PinyinModel

WRITTEN = ["ni", "hao", "zhong1", "guó", "xian", "xi'an", "g", " ", " ", ", ", "中国", "iPhone", "3.", "\n", "I", "zhx"]
LINES = st.lists(st.sampled_from(WRITTEN) | st.characters(), max_size=8).map("".join)


def convert(**wish: object) -> Converter:
    return Converter(PinyinModel(ToyDecoder()), Wish(**wish))  # type: ignore[arg-type]


def test_the_examples_of_the_issue() -> None:
    assert convert()("women mingtian qu beijing kai hui").hanzi == "我们明天去北京开会"
    mixed = "nǐ hǎo, wo3 de iPhone huai le!"
    assert convert()(mixed).hanzi == "你好, 我的 iPhone 坏了!"
    assert convert(punct="zh")(mixed).hanzi == "你好，我的iPhone坏了！"


def test_spans_are_those_of_the_pinyin() -> None:
    line = convert()("nǐ hǎo, xi'an 12 women")
    best = line.candidates[0]
    typed = [line.text[start:stop] for start, stop in best.spans]
    assert list(zip(best.hanzi, typed, strict=True)) == [
        ("你", "nǐ"), ("好", "hǎo"), ("西", "xi"), ("安", "an"), ("我", "wo"), ("们", "men"),
    ]  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(text=LINES)
def test_what_is_no_pinyin_stays(text: str) -> None:
    converter = convert(nbest=3)
    read = converter.read(text)
    ends = [0, *(end for pair in read.pinyin for end in pair), len(text)]
    kept = [text[a:b] for a, b in zip(ends[::2], ends[1::2], strict=True)]
    line = converter(text)
    assert line.text == text
    assert len({c.text for c in line.candidates}) == len(line.candidates) <= 3
    assert [c.score for c in line.candidates] == sorted((c.score for c in line.candidates), reverse=True)
    for candidate in line.candidates:
        assert candidate.spans == tuple(sorted(candidate.spans))
        rest = candidate.text
        for stretch, (start, stop) in zip(kept, [*read.pinyin, (len(text), len(text))], strict=True):
            assert rest.startswith(stretch)
            inside = [h for h, span in zip(candidate.hanzi, candidate.spans, strict=True) if start <= span[0] < stop]
            rest = rest[len(stretch) :].removeprefix("".join(inside))
            assert inside or start == stop
        assert rest == ""


def test_many_lines_as_they_come() -> None:
    def lines() -> Iterator[str]:
        yield from ["ni hao", "", "中国", "xian sheng", "women\nni hao", "ni hao " * 300] * 2

    converter = convert()
    assert [line.text for line in converter(lines())] == list(lines())
    assert [line.hanzi for line in converter(lines())] == [converter(line).hanzi for line in lines()]


def test_long_lines_are_answered_whole() -> None:
    line = convert(nbest=3)("ni hao, " * 200)
    assert line.hanzi == "你好, " * 200
    assert len(line.candidates) == 3
    assert all(len(candidate.text) == 800 for candidate in line.candidates)


def test_candidates_without_doubles() -> None:
    found = [candidate.text for candidate in convert(nbest=12)("xian").candidates]
    assert len(found) == len(set(found)) == 12
    assert "西安" in found
    assert "先" in found


def test_what_is_switched_on() -> None:
    assert convert()("zongguo de beijin").hanzi[:2] != "中国"
    assert convert(typing=Typing(fuzzy=parse_fuzzy("zh=z,ing=in")))("zongguo beijin").hanzi == "中国北京"
    assert convert(typing=Typing(abbreviations=True))("zhg wom").hanzi == "中国我们"
    assert convert(typing=Typing(typos=True))("zhognguo").hanzi == "中国"
    assert convert(all_pinyin=True)("I women said").hanzi == "I 我们 said"
    assert convert()("I women said").hanzi == "I women said"


def test_unknown_words_are_told() -> None:
    line = convert()("ni hao zhx")
    assert [line.text[start:stop] for start, stop in line.unknown] == ["zhx"]


def test_syllables_without_characters_are_unknown() -> None:
    line = convert()("ni hao den")
    assert line.hanzi == "你好 den"
    assert line.unknown == ((7, 10),)


def test_a_network_decides_with_the_decoder() -> None:
    assert Converter(PinyinModel(ToyDecoder()))("ta shi").hanzi != "她事"
    assert Converter(PinyinModel(ToyDecoder(), ToyNetwork("她事")))("ta shi").hanzi == "她事"


def test_a_network_scores_several_ways_to_cut_a_line_if_several_candidates_are_wanted() -> None:
    decoder = ToyDecoder(("西安", "西", "现", "现"), most=2)
    network = ToyNetwork("我西安现")
    assert Converter(PinyinModel(decoder))("wo xian").hanzi == "我现"
    assert Converter(PinyinModel(decoder, network))("wo xian").hanzi == "我现"
    found = Converter(PinyinModel(decoder, network), Wish(nbest=8))("wo xian").candidates
    assert {"我西安", "我现"} <= {candidate.text for candidate in found}
    assert all(candidate.spans[0] == (0, 2) for candidate in found)
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    unlike = Converter(PinyinModel(decoder, ToyNetwork("我西安")), Wish(nbest=8))("wo xian")
    assert unlike.hanzi == "我西安"


def test_a_network_gets_the_syllable_an_initial_was_taken_for() -> None:
    converter = Converter(PinyinModel(ToyDecoder(), ToyNetwork("你好")), Wish(Typing(abbreviations=True)))
    assert converter("nh").hanzi == "你好"


def test_only_lines_that_can_be_cut_in_several_ways_are_decoded_twice() -> None:
    decoder = ToyDecoder()
    converter = Converter(PinyinModel(decoder, ToyNetwork("你")))
    converter("ni gei")
    assert decoder.decoded == 1
    converter("xian")
    assert decoder.decoded == 3


def test_threads_agree() -> None:
    converter = convert()
    lines = [f"di {n} hang, ni hao" for n in range(60)]
    expected = [converter(line).hanzi for line in lines]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda line: converter(line).hanzi, lines)) == expected


@pytest.mark.parametrize("text", ["", " ", "\n", "\u2028", "你好", "hello world", "🀄", "\ud800", "\x00"])
def test_nothing_to_convert(text: str) -> None:
    assert convert()(text).hanzi == text
