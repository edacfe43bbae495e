"""The Python API: strings and iterables in, frozen words and spans out; nothing lost, whatever is around a line."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cnchar
from bench.twin import twin
from cnchar.errors import BadInput
from cnchar.runtime.segment_files import BlockSegmenter, Look, segment_files
from cnchar.runtime.segmenter import BLOCK_CHARS, BLOCK_LINES, Segmenter
from cnchar.text.normalise import to_simplified

LINE = "他来到了网易杭研大厦"
SAMPLE = ROOT / "corpora/samples/demo.txt"
# Everyday pieces and what bites: blanks of all kinds, joined emoji, half characters, digits, addresses, user words.
PIECES = (
    "他来到了", "网易杭研大厦", "研究生命", "，", "。”", " ", "　", "\t", "\u2028", "\x85", "\r", "\x00", "\u200d",
    "\ufeff", "3.14", "1,000", "12", "iPhone 15", "New York", "https://a.cn/b?c=1", "www.", "a@b.cn", "@",
    "\U0001f469\u200d\U0001f469", "\U0001f1e8\U0001f1f3", "\U0001f1e8", "\U0001f44d\U0001f3fd", "e\u0301",
    "臺灣", "乾", "𠮷", "\U0002a6d6", "\U0010ffff", "１２．５", "ｉＰ", "哈哈哈哈", "——", "…",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)
LINES = TEXTS.map(lambda text: text.replace("\n", " "))
TERMS = "杭研大厦\t1000000\nNew York\n，。\t5\n到了\t100\n臺灣 乾\n了网\t100000\n"


@cache
def segmenter(user: str | None = None) -> Segmenter:
    """The shipped model; `user`: with TERMS in that mode."""
    if user is None:
        return cnchar.load("segment")
    path = Path(__file__).with_name(f".terms.{user}.tsv")
    try:
        path.write_text(TERMS, encoding="utf-8")
        return cnchar.load("segment", user_dict=path, user_dict_mode=user)
    finally:
        path.unlink()


@pytest.fixture(params=[None, "prefer", "force"], ids=str)
def model(request: pytest.FixtureRequest) -> Segmenter:
    return segmenter(request.param)


def test_words_and_spans() -> None:
    sentence = segmenter()(LINE)
    assert sentence.words == ("他", "来到", "了", "网易", "杭研", "大厦")
    assert sentence.spans == ((0, 1), (1, 3), (3, 4), (4, 6), (6, 8), (8, 10))
    assert sentence.text == LINE
    with pytest.raises(dataclasses.FrozenInstanceError):
        sentence.text = "x"  # type: ignore[misc]
    assert sentence == segmenter()(LINE)
    assert hash(sentence) == hash(segmenter()(LINE))


def test_empty_texts() -> None:
    assert segmenter()("").words == ()
    assert [s.words for s in segmenter()(["", " ", "", "中国"])] == [(), (" ",), (), ("中国",)]
    assert list(segmenter()([])) == []


def test_an_iterable_is_read_as_it_goes() -> None:
    def endless() -> Iterator[str]:
        while True:
            yield LINE

    assert [s.text for s in islice(segmenter()(endless()), BLOCK_LINES + 2)] == [LINE] * (BLOCK_LINES + 2)


def test_unknown_task_and_options() -> None:
    with pytest.raises(cnchar.CncharError, match="unknown task 'parse'"):
        cnchar.load("parse")
    with pytest.raises(cnchar.CncharError, match="no such model"):
        cnchar.load("segment", model="nosuch")


@settings(deadline=None, max_examples=150)
@given(text=st.text(max_size=50) | TEXTS, mode=st.sampled_from([None, "prefer", "force"]))
def test_nothing_is_lost_for_any_unicode(text: str, mode: str | None) -> None:
    sentence = segmenter(mode)(text)
    assert "".join(sentence.words) == sentence.text == text
    assert all(sentence.words)
    assert [text[start:stop] for start, stop in sentence.spans] == list(sentence.words)


@settings(deadline=None, max_examples=80)
@given(lines=st.lists(LINES, max_size=12), mode=st.sampled_from([None, "prefer", "force"]))
def test_a_line_gets_the_same_words_whatever_is_around_it(lines: list[str], mode: str | None) -> None:
    model = segmenter(mode)
    alone = [model(line) for line in lines]
    assert list(model(lines)) == alone
    assert list(model([*lines, "还有一行", *lines]))[len(lines) + 1 :] == alone


@settings(deadline=None, max_examples=80)
@given(
    lines=st.lists(LINES, min_size=1, max_size=12),
    delimiter=st.sampled_from([" ", "/", "--", "词"]),
    mode=st.sampled_from([None, "prefer", "force"]),
)
@example(lines=["来到了\u200d\u3000"], delimiter=" ", mode=None)
def test_joined_text_has_the_words_of_the_api(lines: list[str], delimiter: str, mode: str | None) -> None:
    model = segmenter(mode)
    expected = [delimiter.join(w for w in sentence.words if not w.isspace()) for sentence in model(lines)]
    assert model.text("\n".join(lines), delimiter).split("\n") == expected


@settings(deadline=None, max_examples=40)
@given(lines=st.lists(LINES, min_size=1, max_size=9), size=st.integers(1, 9), form=st.sampled_from(["text", "jsonl"]))
@example(lines=["好", "{"], size=1, form="jsonl")
def test_batch_size_changes_nothing(lines: list[str], size: int, form: str) -> None:
    from cnchar.io.blocks import Block

    def output(batch_size: int) -> str:
        block_segmenter = BlockSegmenter({}, Look(form=form, batch_size=batch_size))  # type: ignore[arg-type]
        block_segmenter.__dict__["segmenter"] = segmenter()  # loaded once for all examples
        try:
            return block_segmenter(Block("\n".join(lines)))
        except BadInput as error:  # of a line that begins as a record and is none
            return str(error)

    assert output(size) == output(8192)


def test_text_that_fills_several_blocks(model: Segmenter) -> None:
    lines = [f"第{number}行，{LINE * (number % 7)}。" for number in range(2 * BLOCK_LINES + 5)]
    lines.append(LINE * (BLOCK_CHARS // len(LINE)))
    lines.append(LINE)
    some = [0, 1, BLOCK_LINES - 1, BLOCK_LINES, 2 * BLOCK_LINES, len(lines) - 1]
    found = list(model(lines))
    assert [sentence.text for sentence in found] == lines
    assert [found[k] for k in some] == [model(lines[k]) for k in some]


@pytest.mark.parametrize("jobs", [1, 2])
def test_files_with_any_number_of_jobs(tmp_path: Path, jobs: int) -> None:
    lines = [f"{number}、{LINE * (number % 40)}\r" for number in range(3000)]  # two blocks and a half
    (tmp_path / "in").write_text("\n".join(lines), encoding="utf-8", newline="")
    terms = tmp_path / "terms"
    terms.write_text(TERMS, encoding="utf-8")
    out = tmp_path / "out"
    stats = segment_files([str(tmp_path / "in")], str(out), model={"user_dict": str(terms)}, look=Look(), jobs=jobs)
    expected = segmenter("prefer").text("\n".join(line[:-1] for line in lines)).split("\n")
    assert stats.lines == 3000
    assert out.read_bytes().decode() == "\r\n".join(expected) + "\r"


def test_a_line_of_ten_megabytes() -> None:
    text = (LINE + "，abc 12.5元") * 200_000
    sentence = segmenter()(text)
    assert "".join(sentence.words) == text
    assert set(sentence.words) == {"他", "来到", "了", "网易", "杭研", "大厦", "，", "abc", " ", "12.5", "元"}


@pytest.mark.parametrize("text", ["a" * 300_000 + "@", "1" * 300_000 + " 1.1",
    "1," * 150_000, "a." * 150_000 + "@",
                                  "www." + "!" * 300_000, "http://" * 40_000, "\u200d" * 300_000, "é" * 100_000,
                                  "中" * 300_000, "，" * 300_000, " " * 300_000])  # fmt: skip
def test_time_is_linear_in_hostile_text(text: str) -> None:
    import time

    start = time.process_time()
    assert "".join(segmenter()(text).words) == text
    assert time.process_time() - start < 5


def test_traditional_text_is_cut_like_its_simplified_twin() -> None:
    """Where OpenCC's map is one to one: each character alone, and back again."""
    simplified = "".join(map(to_simplified, SAMPLE.read_text(encoding="utf-8")))
    traditional = "".join(t if to_simplified(t := twin(c)) == c else c for c in simplified)
    assert sum(a != b for a, b in zip(simplified, traditional, strict=True)) > 80
    for one, two in zip(simplified.split("\n"), traditional.split("\n"), strict=True):
        assert segmenter()(two).spans == segmenter()(one).spans
        assert "".join(segmenter()(two).words) == two


def test_full_width_text_is_cut_like_half_width() -> None:
    half = segmenter()("iPhone15售价12.5元(约)")
    full = segmenter()("ｉＰｈｏｎｅ１５售价12.5元（约）")
    assert full.spans == half.spans


def test_preferred_words_by_weight_only(tmp_path: Path) -> None:
    terms = tmp_path / "terms.tsv"
    found = []
    for weight in (1, 10**9):
        terms.write_text(f"杭研大厦\t{weight}\n", encoding="utf-8")
        found.append(cnchar.load("segment", user_dict=terms)(LINE).words[-1])
    assert found == ["大厦", "杭研大厦"]


def test_thousands_of_user_words_cost_next_to_nothing(tmp_path: Path) -> None:
    import time

    terms = tmp_path / "terms.tsv"
    words = (chr(0x4E00 + k % 5000) + chr(0x5000 + k // 7) + "词" for k in range(20_000))
    terms.write_text("\n".join(words), encoding="utf-8")
    text = SAMPLE.read_text(encoding="utf-8") * 300

    def cpu_seconds(model: Segmenter) -> float:
        start = time.process_time()
        model.text(text)
        return time.process_time() - start

    plain, loaded = segmenter(), cnchar.load("segment", user_dict=terms)
    costs = [cpu_seconds(loaded) / cpu_seconds(plain) for _ in range(3)]
    assert min(costs) < 1.3
