from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cnchar.corpus.tagged import TaggedFile, TaggedSentence, pair_sentences
from cnchar.errors import BadInput

Write = Callable[..., str]
CONLL = "吴\tB-PER\n阳\tI-PER\n\n\n我 O\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str, name: str = "a.txt") -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def sentences(path: str, *options: str, slices: tuple[str, ...] = ()) -> list[TaggedSentence]:
    return list(TaggedFile(path, *options, slices=slices).sentences())  # type: ignore[arg-type]


def record(text: str, *entities: object, **fields: object) -> str:
    return json.dumps({"text": text, "tag": {"entities": entities}, **fields}, ensure_ascii=False) + "\n"


def entity(start: object, end: object, label: object = "PER") -> dict[str, object]:
    return {"start": start, "end": end, "label": label, "text": "?"}


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_conll_with_the_lines_of_its_tokens(write: Write, end: str) -> None:
    first, second = sentences(write(CONLL.rstrip("\n") + end), "BIO")
    assert (first.tokens, list(first.lines), first.tags) == (["吴", "阳"], [1, 2], [("B", "PER"), ("I", "PER")])
    assert (second.tokens, list(second.lines), second.tags) == (["我"], [5], [("O", "_")])


def test_records(write: Write) -> None:
    text = record("吴阳是我", entity(0, 2), entity(3, 4, "人"), domain="talk") + "\n" + record("", domain="news")
    path = write(text)
    first, second = sentences(path, "BMES", "jsonl", slices=("domain",))
    assert list(first.tokens) == list("吴阳是我")
    assert first.tags == [("B", "PER"), ("E", "PER"), ("O", "_"), ("S", "人")]
    assert (list(first.lines), first.slices) == ([1] * 4, {"slice:domain": "talk"})
    assert (list(second.tokens), list(second.lines), second.tags) == ([], [], [])
    assert sentences(write('{"text": "我", "entities": []}'), "BIO", "jsonl")[0].tags == [("O", "_")]


@pytest.mark.parametrize(
    ("tag", "scheme", "message"),
    [
        ("M-PER", "BIO", "line 4: 'M-PER' is not a tag of BIO, which has O and B-TYPE, I-TYPE; see --scheme"),
        ("I-PER", "BMES", "line 4: 'I-PER' is not a tag of BMES, which has O and B-TYPE, M-TYPE, E-TYPE, S-TYPE"),
    ],
)
def test_a_tag_of_another_scheme_is_named(write: Write, tag: str, scheme: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        sentences(write(f"吴 B-PER\n\n我 O\n很 {tag}\n"), scheme)


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "吴阳"}',
        '{"text": "吴阳", "tag": {}}',
        '{"text": "吴阳", "tag": {"entities": 5}}',
        record("吴阳", 5),
        record("吴阳", entity("0", 2)),
        record("吴阳", entity(0.0, 2)),
        record("吴阳", entity(0, 2, None)),
        record("吴阳", entity(0, 2, "")),
        record("吴阳", entity(1, 1)),
    ],
)
def test_what_are_no_entities(write: Write, line: str) -> None:
    with pytest.raises(BadInput, match=r"line 1: tag.entities is not a list of records with start, end"):
        sentences(write(line), "BIO", "jsonl")


@pytest.mark.parametrize("entities", [[entity(0, 2), entity(1, 2)], [entity(1, 3)], [entity(-1, 1)]])
def test_entities_lie_apart_within_the_text(write: Write, entities: list[object]) -> None:
    with pytest.raises(BadInput, match="line 1: entities overlap, or go beyond the 2 characters"):
        sentences(write(record("吴阳", *entities)), "BIO", "jsonl")


def test_a_record_needs_a_text(write: Write) -> None:
    with pytest.raises(BadInput, match="line 1: expected a JSON record with text"):
        sentences(write('{"tag": {"entities": []}}'), "BIO", "jsonl")
    with pytest.raises(BadInput, match="Unknown format 'bio'"):
        sentences("none", "BIO", "bio")


def test_pairs_of_both_formats(write: Write) -> None:
    gold = TaggedFile(write("吴 B-PER\n阳 I-PER\n", "gold"), "BIO")
    pred = TaggedFile(write(record("吴阳", entity(0, 1), domain="talk"), "pred"), "BIO", "jsonl", slices=["domain"])
    (pair,) = pair_sentences(gold, pred)
    assert (pair.gold, pair.pred) == ([("B", "PER"), ("I", "PER")], [("B", "PER"), ("O", "_")])
    assert (list(pair.lines), pair.slices) == ([1, 2], {"slice:domain": "talk"})


@pytest.mark.parametrize(
    ("pred", "message"),
    [
        ("吴 O\n阳 O\n\n你 O\n", "gold line 4 and .*pred line 4 differ in text: '我们' against '你'"),
        ("吴 O\n阳 O\n\n我 O\n", "gold line 5 and .*pred line 4 differ in text: '我们' against '我'"),
        ("吴 O\n阳 O\n", "gold has 2 sentences, .*pred has 1"),
    ],
)
def test_both_must_hold_the_same_text(write: Write, pred: str, message: str) -> None:
    files = write("吴 O\n阳 O\n\n我 O\n们 O\n", "gold"), write(pred, "pred")
    with pytest.raises(BadInput, match=message):
        list(pair_sentences(*(TaggedFile(path, "BIO") for path in files)))
