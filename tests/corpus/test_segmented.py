from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from cnchar.corpus.segmented import SegmentedFile, read_word_list
from cnchar.errors import BadInput

TEXT = "他 来到 了\n\n杭研\u3000大厦\n"


def test_text_keeps_its_lines_and_knows_its_digest(tmp_path: Path) -> None:
    path = tmp_path / "gold.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    file = SegmentedFile(str(path))
    assert list(file.lines()) == ["他 来到 了", "", "杭研\u3000大厦"]
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (file.name, file.unit) == (str(path), "line")


def test_digest_is_that_of_the_decompressed_bytes(tmp_path: Path) -> None:
    path = tmp_path / "gold.txt.gz"
    path.write_bytes(gzip.compress(TEXT.encode("gb18030")))
    file = SegmentedFile(str(path), encoding="gb18030")
    assert list(file.lines())[2] == "杭研\u3000大厦"
    assert file.sha256 == hashlib.sha256(TEXT.encode("gb18030")).hexdigest()


def test_other_formats_give_a_line_for_each_sentence(tmp_path: Path) -> None:
    path = tmp_path / "gold.conll"
    path.write_text("他\tS\n\n\n来\tB\n到\tE\n了\tS\n", encoding="utf-8")
    file = SegmentedFile(str(path), "conll")
    assert list(file.lines()) == ["他", "来到 了"]
    assert file.unit == "sentence"


def test_word_list(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("中国\n\n人民 天地\n", encoding="utf-8")
    assert list(read_word_list(str(path))) == ["中国", "人民", "天地"]


def test_unknown_format_and_missing_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Unknown format 'xml': choose one of text, icwb2"):
        SegmentedFile("gold.xml", "xml")
    with pytest.raises(BadInput, match="no such file"):
        list(SegmentedFile(str(tmp_path / "none.txt")).lines())


def test_values_of_fields_beside_each_sentence(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(
        '{"words": ["他", "来到"], "meta": {"domain": "news"}, "a.b": 1}\n'
        '{"words": [" ", "\\u3000"]}\n{"words": []}\n'
        '{"segment": {"words": ["了"]}, "meta": {"domain": "微博"}, "a.b": true}\n',
        encoding="utf-8",
    )
    file = SegmentedFile(str(path), "jsonl")
    assert list(file.labelled(["meta.domain", "a.b"])) == [("他 来到", ("news", "1")), ("了", ("微博", "true"))]
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("rest", ["", ', "meta": 1', ', "meta": {"domain": null}', ', "meta": {"domain": []}'])
def test_a_record_without_the_field(tmp_path: Path, rest: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('\n{"words": ["他"]' + rest + "}", encoding="utf-8")
    message = r"gold\.jsonl line 2: the record has no text or number at 'meta\.domain'; see --slice"
    with pytest.raises(BadInput, match=message):
        list(SegmentedFile(str(path), "jsonl").labelled(["meta.domain"]))
