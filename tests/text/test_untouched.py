"""Which characters a corrector may touch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.text.markup import kind_of
from cnchar.text.normalise import is_hanzi
from cnchar.text.terms import Terms, read_terms
from cnchar.text.untouched import free_places


def left(text: str, *terms: str) -> str:
    """The characters of a text that may be replaced."""
    free = free_places(text, terms=Terms(terms))
    assert len(free) == len(text)
    return "".join(ch for ch, may in zip(text, free, strict=True) if may)


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("我有3个iPhone，买于2023年！", "我有个买于年"),
        ("见https://zh.wikipedia.org/wiki/北京。后来", "见后来"),
        ("见 www.a.com/搜索?q=中文&b=文 后来", "见后来"),
        ("见https://a.com看看", "见看看"),
        ("写信给 张三@例子.cn 或者a@b.com吧", "写信给或者吧"),
        ("回复@小明-abc: 好的", "回复好的"),
        ("笑死[允悲][doge]，[链接](a.html)", "笑死链接"),
        ("一共二百三十五元，第三次，〇八年", "一共元第三次年"),
        ("ＡＢＣ１２３全角", "全角"),
    ],
)
def test_what_is_free(text: str, free: str) -> None:
    assert left(text) == free


@given(text=st.text(st.sampled_from("中文一二A1@:/.[]www ，\n") | st.characters(), max_size=60))
def test_nothing_but_hanzi_is_free(text: str) -> None:
    assert all(map(is_hanzi, left(text)))


@given(text=st.text("甲乙丙", max_size=20), words=st.lists(st.text("甲乙丙", min_size=1, max_size=3)))
def test_terms_are_found_wherever_they_stand(text: str, words: list[str]) -> None:
    inside = {
        at + i for word in words for at in range(len(text)) if text.startswith(word, at) for i in range(len(word))
    }
    free = free_places(text, terms=Terms(words))
    assert [bool(may) for may in free] == [at not in inside for at in range(len(text))]


def test_terms_of_a_file() -> None:
    terms = read_terms(["# names", "", " 颜值 ", "颜值", "C++ 之父"], "terms.txt")
    assert terms.words == {"颜值", "C++ 之父"}
    with pytest.raises(BadInput, match=r"terms\.txt: no words"):
        read_terms(["# nothing", ""], "terms.txt")


def test_other_spans_are_left_alone() -> None:
    assert list(free_places("甲乙丙", [(1, 2)])) == [1, 0, 1]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.md", "markdown"), ("b/C.MD.gz", "markdown"), ("a.html", "html"), ("a.tex", "latex"), ("a.txt", "none"),
     ("-", "none"), ("md", "none"), ("a.gz", "none"), ("standard input", "none")],
)  # fmt: skip
def test_markup_by_the_name_of_a_file(name: str, kind: str) -> None:
    assert kind_of(name) == kind
