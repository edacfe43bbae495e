from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cnchar.corpus.answers import Answer, AnswerFile, pair_answers
from cnchar.errors import BadInput
from cnchar.evaluate.aligned import Line

FIELDS = ("correct.text", "target")
Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str, name: str = "a.txt") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def answers(path: str, form: str = "text", **options: object) -> list[Answer]:
    return list(AnswerFile(path, FIELDS, form, **options).answers())  # type: ignore[arg-type]


def test_the_last_column_is_the_answer_what_stands_before_its_source(write: Write) -> None:
    assert answers(write("人\n\nzhong guo\t中国\r\n7\tren\t人\n")) == [
        Answer(1, "", "人"),
        Answer(2, "", ""),
        Answer(3, "zhong guo", "中国"),
        Answer(4, "7\tren", "人"),
    ]


def test_whole_lines_and_pairs(write: Write) -> None:
    assert answers(write("a\tb\tc\n"), columns="whole") == [Answer(1, "", "a\tb\tc")]
    assert answers(write("a\tb\n"), columns="pair") == [Answer(1, "a", "b")]


def test_records_hold_it_at_the_first_of_the_fields(write: Write) -> None:
    records = [
        {"text": "高心", "correct": {"text": "高兴"}, "target": "不用", "domain": "news", "meta": {"year": 2020}},
        {"text": "不用", "source": "高心", "target": "高兴", "domain": "talk", "meta": {"year": 2021}},
        {"target": "高兴", "correct": "不是记录", "domain": "talk", "meta": {"year": 2021}},
    ]
    path = write("\n \n".join(json.dumps(record, ensure_ascii=False) for record in records))
    found = answers(path, "jsonl", slices=["domain", "meta.year"])
    assert [(each.number, each.source, each.text) for each in found] == [
        (1, "高心", "高兴"),
        (3, "高心", "高兴"),
        (5, "", "高兴"),
    ]
    assert found[0].slices == {"slice:domain": "news", "slice:meta.year": "2020"}


def test_digest_encoding_and_compression(tmp_path: Path) -> None:
    data = "高心\t高兴\n".encode("gb18030")
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(data))
    file = AnswerFile(str(path), FIELDS, encoding="gb18030")
    assert list(file.answers()) == [Answer(1, "高心", "高兴")]
    assert file.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("line", "options", "message"),
    [
        ("高心", {"columns": "pair"}, "line 2: '高心' is not a source, a TAB and a target"),
        ("a\tb\tc", {"columns": "pair"}, "line 2: 'a\tb\tc' is not a source"),
        ("高心", {"form": "jsonl"}, "line 2: expected a JSON record, but this is '高心'"),
        ("[1]", {"form": "jsonl"}, r"line 2: expected a JSON record, but this is '\[1\]'"),
        ("[" * 100_000, {"form": "jsonl"}, "line 2: expected a JSON record"),
        (
            '{"text": "a"}',
            {"form": "jsonl"},
            "line 2: expected a JSON record with a text at correct.text or",
        ),
        ('{"target": 5}', {"form": "jsonl"}, "line 2: expected a JSON record with a text at"),
        ('{"target": "a"}', {"form": "jsonl", "columns": "pair"}, "and one at source or text"),
        ('{"target": "a"}', {"form": "jsonl", "slices": ["domain"]}, "line 2: the record has no .* at 'domain'"),
        ("a", {"form": "tsv"}, "Unknown format 'tsv': choose one of text, jsonl"),
    ],
)
def test_bad_lines(write: Write, line: str, options: dict[str, object], message: str) -> None:
    first = '{"source": "a", "target": "a", "domain": "b"}' if options.get("form") == "jsonl" else "a\tb"
    with pytest.raises(BadInput, match=message):
        answers(write(f"{first}\n{line}\n"), **options)  # type: ignore[arg-type]


def test_pairs(write: Write) -> None:
    gold = AnswerFile(write("高心\t高兴\n北京\t北京\n", "gold"), FIELDS)
    pred = AnswerFile(write("高兴\n北京\t背京\n", "pred"), FIELDS)
    assert list(pair_answers(gold, pred)) == [Line(1, "高兴", "高兴", "高心"), Line(2, "北京", "背京", "北京")]


def test_slices_of_either_side(write: Write) -> None:
    record = '{"target": "人", "domain": "news"}\n'
    with_field, without = write(record, "a"), write("人\n", "b")
    for first, second in ((with_field, without), (without, with_field)):
        files = [
            AnswerFile(path, FIELDS, *(("jsonl",) if path == with_field else ()), slices=["domain"])
            for path in (first, second)
        ]
        assert [line.slices for line in pair_answers(files[0], files[1])] == [{"slice:domain": "news"}]


def test_both_must_be_about_the_same_text(write: Write) -> None:
    gold, pred = write("高心\t高兴\n北京\t北京\n", "gold"), write("高心\t高兴\n背京\t北京\n", "pred")
    with pytest.raises(
        BadInput, match=r"gold line 2 and .*pred line 2 differ at character 1 .*: '北京' against '背京'"
    ):
        list(pair_answers(AnswerFile(gold, FIELDS), AnswerFile(pred, FIELDS)))
    assert len(list(pair_answers(AnswerFile(gold, FIELDS), AnswerFile(pred, FIELDS), same_source=False))) == 2
    with pytest.raises(BadInput, match=f"{gold} has 2 lines, .* has 1"):
        list(pair_answers(AnswerFile(gold, FIELDS), AnswerFile(write("高心\t高兴\n", "short"), FIELDS)))


@pytest.mark.parametrize(
    ("gold", "pred", "message"),
    [
        ("天安门\t天安", "天安门", "gold line 1: the target has 2 characters, its source 3: '天安' against '天安门'"),
        (
            "天安门\t天安门",
            "天门",
            "pred line 1: the correction has 2 characters, .*: '天门' against '天安门'",
        ),
    ],
)
def test_corrections_keep_the_length(write: Write, gold: str, pred: str, message: str) -> None:
    files = AnswerFile(write(gold, "gold"), FIELDS, columns="pair"), AnswerFile(write(pred, "pred"), FIELDS)
    assert len(list(pair_answers(*files))) == 1
    files = AnswerFile(write(gold, "gold"), FIELDS, columns="pair"), AnswerFile(write(pred, "pred"), FIELDS)
    with pytest.raises(BadInput, match=message):
        list(pair_answers(*files, same_length=True))
