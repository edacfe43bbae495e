"""`cnchar pinyin2hanzi`: every option, in every form, with a toy decoder; the shipped model is in tests/runtime."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Ran, RunCommand
from toy_converter import ToyDecoder

from cnchar.runtime import converter
from cnchar.runtime.pinyin_search import PinyinModel

Convert = Callable[..., Ran]


@pytest.fixture(autouse=True)
def toy_model(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the model was opened with."""
    opened: dict[str, Any] = {}

    def open_toy(model: str, **options: Any) -> PinyinModel:
        opened.update(options, model=model)
        return PinyinModel(ToyDecoder(), None, "toy", "1")

    monkeypatch.setattr(converter, "open_pinyin_model", open_toy)
    return opened


@pytest.fixture
def convert(cnchar_here: RunCommand, tmp_path: Path) -> Convert:
    """convert(text, *options) runs the command on a file with that text."""

    def run(text: str | bytes, *options: str | Path) -> Ran:
        path = tmp_path / "in.txt"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return cnchar_here("pinyin2hanzi", path, *options)

    return run


def test_the_examples_of_the_issue(convert: Convert) -> None:
    ran = convert("women mingtian qu beijing kai hui\n")
    assert (ran.code, ran.text, ran.err) == (0, "我们明天去北京开会\n", b"")
    mixed = "nǐ hǎo, wo3 de iPhone huai le!\n"
    assert convert(mixed, "--punct", "zh").text == "你好，我的iPhone坏了！\n"
    assert convert(mixed).text == "你好, 我的 iPhone 坏了!\n"


def test_one_line_in_one_line_out(convert: Convert) -> None:
    text = "\n\nni hao\r\n  \n中国\nhello world\n\u2028\x00\nni hao"
    assert convert(text).text == "\n\n你好\r\n  \n中国\nhello world\n\u2028\x00\n你好"
    assert convert("").text == ""


def test_the_record_of_the_contract(convert: Convert) -> None:
    ran = convert("ni hao\n", "--format", "jsonl")
    record = json.loads(ran.text)
    (candidate,) = record["pinyin2hanzi"]["candidates"]
    assert list(record) == ["text", "pinyin2hanzi"]
    assert record["text"] == "ni hao"
    assert list(record["pinyin2hanzi"]) == ["text", "candidates"]
    assert record["pinyin2hanzi"]["text"] == candidate["text"] == "你好"
    assert list(candidate) == ["text", "score"]
    assert candidate["score"] < 0


def test_candidates_with_scores_and_spans(convert: Convert) -> None:
    ran = convert('{"id": 7, "text": "ni3 hao B"}\n', "--format", "jsonl", "--nbest", "3")
    answer = json.loads(ran.text)["pinyin2hanzi"]
    assert len(answer["candidates"]) == len({c["text"] for c in answer["candidates"]}) == 3
    assert answer["candidates"][0]["hanzi"] == ["你", "好"]
    assert answer["candidates"][0]["spans"] == [[0, 3], [4, 7]]
    assert answer["text"] == answer["candidates"][0]["text"] == "你好 B"
    assert (
        "spans" in json.loads(convert("ni hao", "--format", "jsonl", "--spans").text)["pinyin2hanzi"]["candidates"][0]
    )


def test_candidates_in_columns(convert: Convert) -> None:
    ran = convert("7\tni hao\tx\n", "--format", "tsv", "--column", "2", "--nbest", "2")
    cells = ran.text.rstrip("\n").split("\t")
    assert (cells[0], cells[1], cells[3]) == ("7", "你好", "x")
    assert cells[2] != "你好"
    assert convert("ni hao\n", "--nbest", "2").text.startswith("你好\t")


def test_chaining_by_field(convert: Convert) -> None:
    line = '{"text": "x", "segment": {"text": "ni hao"}}\n'
    answer = json.loads(convert(line, "--format", "jsonl", "--field", "segment.text").text)
    assert answer["pinyin2hanzi"]["text"] == "你好"


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("zongguo beijin", ["--fuzzy", "zh=z,ing=in"], "中国北京"),
        ("zhg wom", ["--abbreviations"], "中国我们"),
        ("zhognguo", ["--typos"], "中国"),
        ("I women said", ["--all-pinyin"], "I 我们 said"),
        ("nar", ["--erhua"], "那儿"),
    ],
)
def test_what_is_switched_on(convert: Convert, text: str, options: list[str], expected: str) -> None:
    assert convert(text).text != expected
    assert convert(text, *options).text == expected


def test_the_model_that_is_asked_for(convert: Convert, toy_model: dict[str, Any]) -> None:
    convert("ni")
    assert (toy_model["model"], toy_model["fast"], toy_model["threads"]) == ("pinyin2hanzi", False, None)
    convert("ni", "--model", "mine", "--fast", "--threads", "2", "--device", "cpu")
    assert toy_model == {"model": "mine", "fast": True, "threads": 2, "device": "cpu"}


def test_a_dictionary_of_the_user(convert: Convert, tmp_path: Path) -> None:
    terms = tmp_path / "names.tsv"
    terms.write_text("# ours\n王民\twang2 min2\t500\n工名\nABC\n\n", encoding="utf-8")
    assert convert("wang min").text != "王民"
    assert convert("wang min", "--user-dict", terms).text == "王民"
    assert convert("gong ming", "--user-dict", terms).text == "工名"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("王晓敏\twang xiao", "is not the pinyin"),
        ("泥壕\t\t-3", "weight"),
        ("\tni", "no word"),
        ("a\tb\tc\td", "three"),
    ],
)
def test_malformed_lines_of_a_dictionary_are_named(convert: Convert, tmp_path: Path, line: str, what: str) -> None:
    terms = tmp_path / "names.tsv"
    terms.write_text(f"# ours\n{line}\n", encoding="utf-8")
    ran = convert("ni hao", "--user-dict", terms)
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert f"{terms}, line 2" in ran.message
    assert what in ran.message


def test_unknown_syllables_stay_and_are_told(convert: Convert, tmp_path: Path) -> None:
    ran = convert("ni hao\nni hao zhx ma\n")
    assert (ran.code, ran.text.split("\n")[1]) == (0, "你好 zhx 吗")
    assert ran.message == f"{tmp_path / 'in.txt'}, line 2, column 8: 'zhx' is no pinyin; it stays as it is.\n"
    assert convert("ni hao zhx ma\n", "--quiet").err == b""


def test_many_unknown_syllables_are_counted(convert: Convert) -> None:
    ran = convert("ni hao zhx\n" * 25)
    assert ran.message.count("\n") == 11
    assert ran.message.endswith("So do 15 more words that are no pinyin.\n")


def test_strict_stops_at_an_unknown_syllable(convert: Convert, tmp_path: Path) -> None:
    ran = convert("ni hao\nni hao zhx\n", "--strict")
    assert (ran.code, ran.message.count("\n")) == (2, 1)
    assert f"{tmp_path / 'in.txt'}, line 2, column 8: 'zhx'" in ran.message
    ran = convert("nǐ hǎo, wo3 de iPhone huai le!\n", "--strict")
    assert (ran.code, ran.err) == (0, b"")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--spans"], "--spans goes with --format jsonl"),
        (["--fuzzy", "zh=eng"], "--fuzzy"),
        (["--user-dict", "/nowhere"], "no such user dictionary"),
        (["--nbest", "0"], "--nbest"),
        (["--punct", "en"], "--punct"),
        (["--format", "tsv", "--column", "3"], "no column 3"),
    ],
)
def test_options_that_cannot_be_meant(convert: Convert, options: list[str], message: str) -> None:
    ran = convert("ni hao", *options)
    assert (ran.code, ran.out) == (2, b"")
    assert message in ran.message


def test_invalid_bytes(convert: Convert) -> None:
    ran = convert(b"ni hao\nni \xff hao\n")
    assert (ran.code, ran.message.count("\n")) == (2, 1)
    assert "line 2" in ran.message
    assert convert(b"ni hao\nni \xff hao\n", "--errors", "skip").text == "你好\n"
    assert convert(b"ni hao ni \xff hao wo\n", "--errors", "replace").text.count("\ufffd") == 1


def test_a_broken_record_is_named(convert: Convert) -> None:
    ran = convert('{"text": "ni hao"}\n{"text": 3}\n', "--format", "jsonl")
    assert (ran.code, ran.message.count("\n")) == (2, 1)
    assert "line 2" in ran.message
