from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.io.blocks import Block
from cnchar.io.records import Format, read_records


def through(text: str, form: Format = "jsonl", answer: object = None, **options: object) -> str:
    records = read_records(Block(text, 7, name="a.txt"), form, task="segment", **options)  # type: ignore[arg-type]
    return records.rebuild([{"words": [each]} if answer is None else answer for each in records.texts])


def test_a_blank_line_has_any_field() -> None:
    assert read_records(Block('{"a": "甲"}\n'), "jsonl", task="segment", path="a").texts == ["甲", ""]


def test_text_is_the_lines_with_their_ends() -> None:
    block = Block("a\n\nb", complete=False, returns=(0,))
    records = read_records(block, "text", task="segment")
    assert records.texts == ["a", "", "b"]
    assert records.rebuild(["A", "", "B"]) == "A\r\n\nB"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('{"id": 7, "text": "他来"}', '{"id": 7, "text": "他来", "segment": {"words": ["他来"]}}'),
        ('{"text":"a"}', '{"text":"a", "segment": {"words": ["a"]}}'),
        (' { "text" : "a" } ', '{ "text" : "a", "segment": {"words": ["a"]}}'),
        ("他来 到", '{"text": "他来 到", "segment": {"words": ["他来 到"]}}'),
        ("", '{"text": "", "segment": {"words": [""]}}'),
        ('"quoted"', '{"text": "\\"quoted\\"", "segment": {"words": ["\\"quoted\\""]}}'),
        ('{"segment": [1, {"x": 2}], "text": "a"}', '{"segment": {"words": ["a"]}, "text": "a"}'),
        ('{"text": "a","segment":0 }', '{"text": "a","segment":{"words": ["a"]} }'),
        ('{"n": 1.10, "big": 123456789012345678901234567890, "e": 1E400, "text": "a"}',
         '{"n": 1.10, "big": 123456789012345678901234567890, "e": 1E400, "text": "a", "segment": {"words": ["a"]}}'),
    ],
)  # fmt: skip
def test_a_record_keeps_what_the_user_wrote(line: str, expected: str) -> None:
    assert through(line) == expected + "\n"


def test_half_characters_and_huge_numbers_survive() -> None:
    line = '{"text": "a\\ud800", "n": ' + "9" * 5000 + "}"
    out = through(line)
    assert out.encode().decode() == out
    assert json.loads(out, parse_int=str) == {"text": "a\ud800", "n": "9" * 5000, "segment": {"words": ["a\ud800"]}}


def test_nested_and_dotted_fields() -> None:
    line = '{"text": "a", "correct": {"text": "b"}}'
    assert '"segment": {"words": ["b"]}' in through(line, path="correct.text")
    assert '"segment": {"words": ["c"]}' in through('{"x.y": "c", "x": {"y": "d"}}', path="x.y")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda each: st.lists(each, max_size=3)
)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.text(max_size=4) | st.just("segment"), JSON, max_size=4), st.text(max_size=9), st.booleans())
def test_one_key_is_set_and_nothing_else_changes(record: dict[str, object], text: str, escaped: bool) -> None:
    record["text"] = text
    line = json.dumps(record, ensure_ascii=escaped).encode("utf-8", "replace").decode()
    before, out = json.loads(line), json.loads(through(line, answer=1))
    assert out == {**before, "segment": 1}
    assert list(out) == list(before) + (["segment"] if "segment" not in before else [])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "a"', "not a JSON record"),
        ("{'text': 'a'}", "not a JSON record"),
        ('{"text": "a"} x', "not a JSON record"),
        ('{"txt": "a"}', "no field 'text'"),
        ("{}", "no field 'text'"),
        ('{"text": 3}', "is not a text"),
        ('{"text": null}', "is not a text"),
        ('{"text": ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_bad_records_name_file_and_line(line: str, message: str) -> None:
    with pytest.raises(BadInput, match=rf"^a\.txt, line 8: .*{message}"):
        through('{"text": "fine"}\n' + line)


def test_a_column_is_replaced_and_the_others_stay() -> None:
    assert through("1\t他来\tx\n2\t\t", "tsv", answer="答", column=2) == "1\t答\tx\n2\t答\t\n"


def test_a_missing_column_names_file_and_line() -> None:
    with pytest.raises(BadInput, match=r"^a\.txt, line 8: no column 3, the line has 2"):
        through("a\tb\tc\na\tb", "tsv", column=3)
