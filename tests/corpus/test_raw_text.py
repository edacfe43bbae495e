from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from cnchar.corpus.raw_text import KINDS, Kind, Reading
from cnchar.corpus.vocabulary import count_files
from cnchar.errors import BadInput

RECORDS = [{"text": "春天来了", "meta": {"body": "花开\r\n\n鸟叫"}}, {"text": "半\ud800个", "meta": {"body": ""}}]
SAMPLES: dict[Kind, tuple[str, list[str]]] = {
    "text": ("春天 来了\r\n\n花开", ["春天 来了", "", "花开"]),
    "tsv": ("1\t春天来了\n2\t花开\n", ["春天来了", "花开"]),
    "icwb2": ("春天  来了\n\n花\u3000开\n", ["春天来了", "花开"]),
    "conll": ("春\tB\n天\tE\n\n花\tS\n", ["春天", "花"]),
    "conllu": ("1\t春天\t_\n2\t来了\t_\n\n1\t花\t_\n", ["春天来了", "花"]),
    "pfr": ("19980101-01-001-001/m  春天/t  来/v  了/y\n", ["春天来了"]),
}


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8", newline="")
    return str(path)


@pytest.mark.parametrize("form", SAMPLES)
def test_every_kind_gives_its_text(tmp_path: Path, form: Kind) -> None:
    written, lines = SAMPLES[form]
    text = Reading(form, column=2).open(write(tmp_path / "a", written))
    assert list(text.lines()) == lines
    assert text.sha256 == hashlib.sha256(written.encode()).hexdigest()


def test_records_by_their_field(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress("".join(json.dumps(record) + "\n" for record in RECORDS).encode()))
    assert list(Reading("jsonl").open(str(path)).lines()) == ["春天来了", "半\ufffd个"]
    assert list(Reading("jsonl", "meta.body").open(str(path)).lines()) == ["花开", "", "鸟叫", ""]


def test_all_kinds_are_read() -> None:
    assert {*SAMPLES, "jsonl"} == set(KINDS)
    with pytest.raises(BadInput, match="Unknown format 'xml': choose one of text, jsonl, tsv"):
        Reading("xml")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("form", "written", "message"),
    [
        ("jsonl", '{"text": "a"}\n{"txt": "b"}\n', r"a, line 2: the record has no field 'text'; see --field"),
        ("jsonl", '{"text": 3}\n', r"a, line 1: the field 'text' is not a text"),
        ("jsonl", '{"text": "a"\n', r"a, line 1: not a JSON record"),
        ("tsv", "1\t2\n3\n", r"a, line 2: no column 2"),
        ("conll", "春\tX\n", r"a line 1: the tag 'X'"),
    ],
)
def test_what_has_no_text_is_named(tmp_path: Path, form: Kind, written: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        list(Reading(form, column=2).open(write(tmp_path / "a", written)).lines())


@pytest.mark.parametrize("form", SAMPLES)
@pytest.mark.parametrize("jobs", [1, 2])
def test_characters_are_those_of_the_text(tmp_path: Path, form: Kind, jobs: int) -> None:
    written, lines = SAMPLES[form]
    path = write(tmp_path / "a", written)
    codes, counts = count_files([path, path], Reading(form, column=2), jobs=jobs).ranked()
    text = "".join(lines)
    assert dict(zip(map(chr, codes), counts.tolist(), strict=True)) == {c: 2 * text.count(c) for c in text}
