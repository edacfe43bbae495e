"""`cnchar hanzi2pinyin`: every option, in every form."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, RunCommand

TEXT = "重庆人爱C++，行吗？"
Convert = Callable[..., Ran]


@pytest.fixture
def convert(cnchar_here: RunCommand, tmp_path: Path) -> Convert:
    """convert(text, *options) runs the command on a file with that text."""

    def run(text: str, *options: str | Path) -> Ran:
        path = tmp_path / "in.txt"
        path.write_bytes(text.encode())
        return cnchar_here("hanzi2pinyin", path, *options)

    return run


def test_the_examples_of_the_issue(run_cnchar: RunCommand) -> None:
    ran = run_cnchar("hanzi2pinyin", "--from-pinyin", "--style", "tone", given=b"zhong1 guo2\n")
    assert (ran.code, ran.text, ran.err) == (0, "zhōng guó\n", b"")
    ran = run_cnchar("hanzi2pinyin", "--style", "number", "--heteronym", given="都行\n".encode())
    assert ran.text == "dou1/du1 xing2/hang2/heng2/xing4/hang4\n"


@pytest.mark.parametrize(
    ("style", "pinyin"),
    [
        ("tone", "chóng qìng rén ài C++，xíng ma？"),
        ("number", "chong2 qing4 ren2 ai4 C++，xing2 ma5？"),
        ("plain", "chong qing ren ai C++，xing ma？"),
        ("initials", "ch q r a C++，x m？"),
    ],
)
def test_styles(convert: Convert, style: str, pinyin: str) -> None:
    ran = convert(TEXT, "--style", style)
    assert (ran.code, ran.text, ran.err) == (0, pinyin, b"")


@pytest.mark.parametrize(
    ("style", "pinyin"),
    [
        ("tone", "Zhōngguó ài lǜ fāng'àn, I can swim"),
        ("number", "Zhong1guo2 ai4 lv4 fang1'an4, I can swim"),
        ("plain", "Zhongguo ai lv fang'an, I can swim"),
        ("initials", "Zhg a l f'a, I can swim"),
    ],
)
def test_from_pinyin(convert: Convert, style: str, pinyin: str) -> None:
    for text in ("Zhōngguó ài lü4 fāng'àn, I can swim", "Zhong1guo2 ai4 lu:4 fang1'an4, I can swim"):
        ran = convert(text, "--from-pinyin", "--style", style)
        assert (ran.code, ran.text, ran.err) == (0, pinyin, b"")


def test_records(convert: Convert) -> None:
    ran = convert('{"id": 7, "text": "重庆A"}\n中国\n', "--format", "jsonl")
    assert ran.text == (
        '{"id": 7, "text": "重庆A", "hanzi2pinyin": {"text": "chóng qìng A", "pinyin": ["chóng", "qìng", "A"]}}\n'
        '{"text": "中国", "hanzi2pinyin": {"text": "zhōng guó", "pinyin": ["zhōng", "guó"]}}\n'
    )


def test_records_with_all_readings(convert: Convert) -> None:
    answer = json.loads(convert("都A", "--format", "jsonl", "--heteronym").text)["hanzi2pinyin"]
    assert answer == {"text": "dōu/dū A", "pinyin": [["dōu", "dū"], ["A"]]}


def test_records_from_pinyin(convert: Convert) -> None:
    answer = json.loads(convert("ni3hao3!", "--format", "jsonl", "--from-pinyin").text)["hanzi2pinyin"]
    assert answer == {"text": "nǐhǎo!", "pinyin": ["nǐ", "hǎo"], "spans": [[0, 3], [3, 7]]}


def test_commands_chain(convert: Convert, cnchar_here: RunCommand, tmp_path: Path) -> None:
    there = tmp_path / "there.jsonl"
    there.write_bytes(convert(TEXT, "--format", "jsonl", "--style", "number").out)
    ran = cnchar_here("hanzi2pinyin", there, "--format", "jsonl", "--field", "hanzi2pinyin.text", "--from-pinyin")
    assert json.loads(ran.text)["hanzi2pinyin"]["text"] == convert(TEXT).text


def test_tsv(convert: Convert) -> None:
    assert convert("1\t重庆\tx\r\n2\t\ty", "--format", "tsv", "--column", "2").text == "1\tchóng qìng\tx\r\n2\t\ty"


def test_lines_and_their_ends(convert: Convert) -> None:
    assert convert("\ufeff中\r\n\n国\u2028人\n \n行").text == "zhōng\r\n\nguó\u2028rén\n \nxíng"


def test_a_dictionary(convert: Convert, tmp_path: Path) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("# ours\n重庆\tzhòng qìng\t5\n", encoding="utf-8")
    assert convert(TEXT, "--user-dict", terms).text.startswith("zhòng qìng rén")
    terms.write_text("# ours\n重庆\tzhòng\n", encoding="utf-8")
    ran = convert(TEXT, "--user-dict", terms)
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert f"{terms}, line 2" in ran.message


@pytest.mark.parametrize("options", [["--heteronym"], ["--user-dict", "terms.tsv"]])
def test_options_that_do_not_go_together(convert: Convert, options: list[str]) -> None:
    ran = convert("ni hao", "--from-pinyin", *options)
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert "--from-pinyin" in ran.message


def test_jobs_change_nothing(convert: Convert) -> None:
    text = "".join(f"第{n}行，{TEXT}\n" for n in range(20_000))
    assert convert(text, "--jobs", "2") == convert(text)


@pytest.mark.parametrize(
    ("text", "options"),
    [("重庆人" * 120_000, []), ("zhongguorenmin" * 25_000, ["--from-pinyin", "--style", "initials"])],
)
def test_a_very_long_line(convert: Convert, text: str, options: list[str]) -> None:
    ran = convert(text, *options)
    assert (ran.code, ran.err) == (0, b"")
    assert ran.text == ("zhgrm" * 25_000 if options else " ".join(["chóng qìng rén"] * 120_000))
