from __future__ import annotations

from itertools import groupby, islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics import accuracy_score, classification_report
from seqeval.scheme import IOB2, IOBES

from cnchar.evaluate.entities import Entity, Scheme, parse_tag
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.report import Table
from cnchar.evaluate.tagging import Mistake, TaggedPair, TypeCounts, count_tagging, mistakes, tagging_metric
from cnchar.evaluate.tally import Tally
from cnchar.text.tags import bmes_to_bioes
from evaluate.oracles import read_lines, spoil

Corpus = list[list[str]]
TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


@st.composite
def corpora(draw: st.DrawFn) -> tuple[Corpus, Corpus]:
    lengths = draw(st.lists(st.integers(1, 8), min_size=1, max_size=6))
    sides = [[draw(st.lists(st.sampled_from(TAGS), min_size=n, max_size=n)) for n in lengths] for _ in range(2)]
    return sides[0], sides[1]


def count(gold: Corpus, pred: Corpus, scheme: Scheme, kinds: Kinds | None = None) -> tuple[Tally, TypeCounts]:
    def parse(tags: list[str]) -> list[Any]:
        return [parse_tag(tag, scheme) for tag in tags]

    tally, types = Tally(tagging_metric(scheme)), TypeCounts()
    pairs = (
        TaggedPair(range(10, 10 + len(one)), ("天安门广场" * len(one))[: len(one)], parse(one), parse(other))
        for one, other in zip(gold, pred, strict=True)
    )
    count_tagging(pairs, tally, scheme, types, kinds)
    return tally, types


def as_theirs(table: Table) -> dict[str, dict[str, float]]:
    names = ("precision", "recall", "f1-score", "support")
    return {str(row[0]): dict(zip(names, row[1:], strict=True)) for row in table.rows}  # type: ignore[arg-type]


def assert_equal_to_seqeval(gold: Corpus, pred: Corpus, scheme: Scheme) -> None:
    tally, types = count(gold, pred, scheme)
    golds, preds = ([bmes_to_bioes(tags) for tags in side] for side in (gold, pred))
    options = {"output_dict": True, "zero_division": 0}
    strict = {"mode": "strict", "scheme": IOB2 if scheme == "BIO" else IOBES}
    scores = tally.scores()
    for table, mode, prefix in ((types.tables()[0], strict, ""), (types.tables()[1], {}, "lenient_")):
        ours = as_theirs(table)
        if not ours["micro avg"]["support"] and len(ours) == 3:
            continue  # seqeval's averages of nothing are NaN
        theirs = classification_report(golds, preds, **options, **mode)
        assert ours.keys() == theirs.keys()
        for name, row in theirs.items():
            assert ours[name] == pytest.approx(row), name
        assert scores[f"{prefix}f1"] == pytest.approx(theirs["micro avg"]["f1-score"])
        assert scores[f"{prefix}precision"] == pytest.approx(theirs["micro avg"]["precision"])
        assert scores[f"{prefix}recall"] == pytest.approx(theirs["micro avg"]["recall"])
    assert scores["accuracy"] == pytest.approx(accuracy_score(golds, preds))


@given(corpora())
@settings(deadline=None, max_examples=60)
def test_same_as_seqeval(sides: tuple[Corpus, Corpus]) -> None:
    assert_equal_to_seqeval(*sides, "BIO")


def read_tags(path: Path, most: int) -> Corpus:
    lines = (line.split() for line in read_lines(path))
    sentences = ([row[-1] for row in rows] for full, rows in groupby(lines, key=bool) if full)
    return list(islice(sentences, most))


@pytest.mark.shared
@pytest.mark.parametrize(("name", "scheme"), [("resume.dev.bmes", "BMES"), ("weibo.dev.conll", "BIO")])
def test_real_data_as_seqeval(shared: Path, name: str, scheme: Scheme) -> None:
    gold = read_tags(shared / "data/ner" / name, 100)
    names = sorted({tag for tags in gold for tag in tags})
    pred = [spoil(tags, names, 0.05, seed=i) for i, tags in enumerate(gold)]
    assert_equal_to_seqeval(gold, pred, scheme)


def test_scores_mistakes_and_examples() -> None:
    gold = [["B-LOC", "I-LOC", "I-LOC", "O", "O"], ["B-PER", "I-PER", "O", "B-LOC", "O"]]
    pred = [["B-LOC", "I-LOC", "O", "O", "O"], ["B-PER", "I-PER", "O", "O", "B-PER"]]
    kinds = Kinds()
    tally, types = count(gold, pred, "BIO", kinds)
    scores = tally.scores()
    assert list(scores)[:4] == ["f1", "precision", "recall", "lenient_f1"]
    assert (scores["f1"], scores["exact"], scores["accuracy"]) == (1 / 3, 0.0, 0.7)
    assert types.tables()[2].rows == (("boundary", 1), ("missed", 1), ("spurious", 1))
    assert [(e.gold, e.pred, e.line, e.before, e.after) for e in kinds.most_common(9)] == [
        ("天安门/LOC", "天安/LOC", 10, "", "广场"),
        ("广/LOC", "O", 13, "天安门", "场"),
        ("O", "场/PER", 14, "天安门广", ""),
    ]


def test_the_scheme_is_part_of_the_signature() -> None:
    assert tagging_metric("BIO").level != tagging_metric("BIOES").level


@pytest.mark.parametrize(
    ("gold", "pred", "name"),
    [
        (Entity(0, 2, "P"), Entity(0, 2, "L"), "type"),
        (Entity(0, 2, "P"), Entity(0, 3, "P"), "boundary"),
        (Entity(0, 2, "P"), Entity(1, 3, "L"), "boundary and type"),
        (Entity(0, 2, "P"), None, "missed"),
        (None, Entity(0, 2, "P"), "spurious"),
    ],
)
def test_names_of_mistakes(gold: Entity | None, pred: Entity | None, name: str) -> None:
    assert Mistake(gold, pred).name == name
    assert [each.name for each in mistakes([gold] if gold else [], [pred] if pred else [])] == [name]


def entity_lists() -> st.SearchStrategy[list[Entity]]:
    cuts = st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3), st.sampled_from("PL")), max_size=5)

    def apart(drawn: list[tuple[int, int, str]]) -> list[Entity]:
        entities: list[Entity] = []
        for start, length, kind in sorted(drawn):
            if not entities or start >= entities[-1].end:
                entities.append(Entity(start, start + length, kind))
        return entities

    return cuts.map(apart)


@given(entity_lists(), entity_lists())
@settings(deadline=None, max_examples=300)
def test_every_wrong_entity_is_one_mistake(gold: list[Entity], pred: list[Entity]) -> None:
    def overlap(one: Entity, other: Entity) -> bool:
        return one.start < other.end and other.start < one.end

    expected = [
        Mistake(one, next((other for other in pred if overlap(one, other)), None)) for one in gold if one not in pred
    ]
    expected += [Mistake(None, other) for other in pred if not any(overlap(one, other) for one in gold)]
    assert list(mistakes(gold, pred)) == expected
