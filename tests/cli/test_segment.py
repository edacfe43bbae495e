"""`cnchar segment`: every option, files in, files and standard output out."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, RunCommand

LINE = "他来到了网易杭研大厦"
WORDS = "他 来到 了 网易 杭研 大厦"
Segment = Callable[..., Ran]


@pytest.fixture
def segment(cnchar_here: RunCommand, tmp_path: Path) -> Segment:
    """segment(text, *options) runs the command on a file with that text."""

    def run(text: str | bytes, *options: str | Path) -> Ran:
        path = tmp_path / "in.txt"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return cnchar_here("segment", path, *options)

    return run


def dictionary(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "terms.tsv"
    path.write_bytes(text.encode())
    return path


def test_words_joined_by_a_space(segment: Segment) -> None:
    ran = segment(LINE + "\n")
    assert (ran.code, ran.text, ran.err) == (0, f"{WORDS}\n", b"")


@pytest.mark.parametrize("delimiter", ["/", " | ", "\t", "　", "\U0001f600", "\\"])
def test_delimiter(segment: Segment, delimiter: str) -> None:
    ran = segment(f"{LINE}  {LINE}\n", "--delimiter", delimiter)
    assert ran.text == delimiter.join(f"{WORDS} {WORDS}".split()) + "\n"


@pytest.mark.parametrize("delimiter", ["", "\n", "a\nb"])
def test_a_delimiter_that_would_hide_lines(segment: Segment, delimiter: str) -> None:
    ran = segment(LINE, "--delimiter", delimiter)
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert "--delimiter" in ran.message


def test_white_space_becomes_the_delimiter(segment: Segment) -> None:
    ran = segment(" \t他　　来到\u2028了\x0b网易\u0085 \n\n \n")
    assert ran.text == "他 来到 了 网易\n\n\n"


def test_scores(segment: Segment) -> None:
    words, scores = zip(*(each.split("/") for each in segment(LINE, "--scores").text.split()), strict=True)
    assert " ".join(words) == WORDS
    assert all(0 <= float(score) <= 1 for score in scores)
    record = json.loads(segment(LINE + " 1", "--scores", "--format", "jsonl").text)["segment"]
    assert len(record["scores"]) == len(record["words"]) == len(record["spans"])
    assert record["scores"][-2] == 1.0  # white space is certain


def test_explain(segment: Segment) -> None:
    first, *gaps = segment(LINE, "--explain").text.splitlines()
    assert first == WORDS
    assert len(gaps) == len(LINE) - 1
    assert gaps[0].startswith("  他 | 来  +")
    assert gaps[1].startswith("  来 + 到  -")
    assert "dictionary: 来到" in gaps[1]


def test_explain_in_records(segment: Segment, tmp_path: Path) -> None:
    terms = dictionary(tmp_path, "杭研大厦\t100\n")
    ran = segment(LINE, "--explain", "--format", "jsonl", "--user-dict", terms)
    gaps = json.loads(ran.text)["segment"]["explain"]
    assert [gap["at"] for gap in gaps] == list(range(1, len(LINE)))
    assert {gap["at"] for gap in gaps if gap["boundary"]} >= {1, 3, 4}
    assert all(gap["user_dict"] == (["杭研大厦"] if gap["at"] >= 6 else []) for gap in gaps)
    assert set(gaps[0]) == {"at", "boundary", "evidence", "features", "dictionary", "user_dict"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--explain", "--format", "tsv"], "--explain goes with"),
        (["--explain", "--format", "conll"], "--explain goes with"),
        (["--scores", "--format", "tsv"], "--scores goes with"),
        (["--scores", "--model", "jieba"], "need cnchar's own model"),
        (["--explain", "--model", "jieba"], "need cnchar's own model"),
        (["--standard", "ud", "--model", "jieba"], "--standard belongs to"),
        (["--column", "2"], "--column 2 is one of those of"),
        (["--field", "x", "--format", "tsv"], "--field x names a field"),
        (["--standard", "ctb"], "no standard 'ctb'"),
        (["--model", "nosuch"], "nosuch: no such model"),
        (["--model", "./nosuch"], "./nosuch: no such model"),
        (["--user-dict", "/nowhere/terms.tsv"], "/nowhere/terms.tsv: no such user dictionary"),
        (["--user-dict", "/"], "/: no such user dictionary"),
    ],
)
def test_options_that_do_not_go_together(segment: Segment, options: list[str], message: str) -> None:
    ran = segment(LINE, *options)
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert message in ran.message


def test_conll(segment: Segment) -> None:
    ran = segment("中国 人\n\n他来到了\r\n", "--format", "conll")
    assert ran.text == "中\tB\n国\tE\n人\tS\n\n他\tS\n来\tB\n到\tE\n了\tS\n\n"
    rows = segment("中国", "--format", "conll", "--scores").text.splitlines()
    assert [row.split("\t")[:2] for row in rows[:2]] == [["中", "B"], ["国", "E"]]
    assert all(0 <= float(row.split("\t")[2]) <= 1 for row in rows[:2])


def test_tsv_keeps_the_other_columns(segment: Segment) -> None:
    ran = segment(f"1\t{LINE}\tx y\r\n2\t\tz", "--format", "tsv", "--column", "2")
    assert ran.text == f"1\t{WORDS}\tx y\r\n2\t\tz"


def test_jieba(segment: Segment) -> None:
    ran = segment(f"{LINE}\n \n中国  人", "--model", "jieba")
    assert ran.text == f"{WORDS}\n\n中国 人"


@pytest.mark.parametrize(("standard", "words"), [(None, "2022年 2月"), ("pku", "2022年 2月"), ("ud", "2022 年 2 月")])
def test_standards(segment: Segment, standard: str | None, words: str) -> None:
    ran = segment("会议于2022年2月4日召开。\n", *(["--standard", standard] if standard else []))
    assert words in ran.text


def test_preferred_words_compete_and_forced_ones_do_not(segment: Segment, tmp_path: Path) -> None:
    terms = dictionary(tmp_path, "# our words\n杭研大厦\t1000000000\n\n到了网\t1\n")
    assert segment(LINE, "--user-dict", terms).text == "他 来到 了 网易 杭研大厦"
    forced = segment(LINE, "--user-dict", terms, "--user-dict-mode", "force").text
    assert forced == "他 来 到了网 易 杭研大厦"


def test_a_dictionary_of_jieba(segment: Segment, tmp_path: Path) -> None:
    terms = dictionary(tmp_path, "\ufeff杭研大厦 1000000000 n\r\n")
    assert segment(LINE, "--user-dict", terms, "--user-dict-format", "jieba").text == "他 来到 了 网易 杭研大厦"


def test_a_user_dictionary_with_words_of_white_space(segment: Segment, tmp_path: Path) -> None:
    terms = dictionary(tmp_path, "New York\nC++\n")
    assert segment("在New York学C++吗", "--user-dict", terms, "-d", "/").text == "在/New York/学/C++/吗"


def test_jieba_forces_no_words(segment: Segment, tmp_path: Path) -> None:
    terms = dictionary(tmp_path, "New York\n")
    ran = segment(LINE, "--model", "jieba", "--user-dict", terms, "--user-dict-mode", "force")
    assert (ran.code, ran.out, "forces none" in ran.message) == (2, b"", True)


@pytest.mark.parametrize(
    "text", ["看/HTTP://A.com/x?y=1/吧", "去/WWW.A.com/吧", "爱/🏴\U000e0067\U000e0062\U000e007f/吧"]
)
def test_what_is_never_parted(segment: Segment, text: str) -> None:
    whole = text[0] + text[2:-2] + text[-1]
    assert segment(whole, "-d", "|").text == f"{text[0]}|{text[2:-2]}|{text[-1]}"


@pytest.mark.parametrize("weight", ["x", "0", "-1", "1.5", "1e3", "１", "9" * 5000 + "x"])
def test_a_bad_weight_names_file_and_line(segment: Segment, tmp_path: Path, weight: str) -> None:
    terms = dictionary(tmp_path, f"# words\n大厦\t{weight}\n")
    ran = segment(LINE, "--user-dict", terms)
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert f"{terms}, line 2" in ran.message


def test_files_are_mirrored_into_a_folder(cnchar_here: RunCommand, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LINE)
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(f"{LINE}\r\n".encode("gb18030")))
    ran = cnchar_here(
        "segment", tmp_path / "a.txt", tmp_path / "b.txt.gz", "-o", tmp_path / "out", "--encoding", "auto"
    )
    assert (ran.code, ran.out, ran.err) == (0, b"", b"")
    assert (tmp_path / "out/a.txt").read_text() == WORDS
    assert gzip.decompress((tmp_path / "out/b.txt.gz").read_bytes()).decode() == f"{WORDS}\r\n"


@pytest.mark.parametrize("form", ["text", "jsonl", "tsv", "conll"])
def test_batch_size_and_jobs_change_nothing(segment: Segment, form: str) -> None:
    text = "".join(f"第{number}行，{LINE}。\n" for number in range(30_000))
    whole = segment(text, "--format", form)
    assert (whole.code, whole.err) == (0, b"")
    assert segment(text, "--format", form, "--batch-size", "1001") == whole
    assert segment(text, "--format", form, "--jobs", "2") == whole
