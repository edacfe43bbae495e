from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, IOBES, Entities

from cnchar.evaluate.entities import (
    PREFIXES,
    Entity,
    Scheme,
    entity_tags,
    lenient_entities,
    parse_tag,
    strict_entities,
)
from cnchar.text.tags import bmes_to_bioes

SEQEVAL = {"BIO": IOB2, "BIOES": IOBES, "BMES": IOBES}


def tags_of(scheme: Scheme) -> st.SearchStrategy[list[str]]:
    names = ["O", *(f"{prefix}{kind}" for prefix in PREFIXES[scheme] for kind in ("", "-PER", "-PER.NAM", "-L-C"))]
    return st.lists(st.sampled_from(names), max_size=14)


def parse(tags: Sequence[str], scheme: Scheme) -> list[tuple[str, str]]:
    parsed = [parse_tag(tag, scheme) for tag in tags]
    assert None not in parsed
    return [tag for tag in parsed if tag]


@pytest.mark.parametrize("scheme", SEQEVAL)
@given(data=st.data())
@settings(deadline=None, max_examples=200)
def test_strict_entities_are_those_of_seqeval(scheme: Scheme, data: st.DataObject) -> None:
    tags = data.draw(tags_of(scheme))
    (theirs,) = Entities([bmes_to_bioes(tags)], SEQEVAL[scheme]).entities
    assert strict_entities(parse(tags, scheme), scheme) == [(each.start, each.end, each.tag) for each in theirs]


@pytest.mark.parametrize("scheme", SEQEVAL)
@given(data=st.data())
@settings(deadline=None, max_examples=200)
def test_lenient_entities_are_those_of_seqeval(scheme: Scheme, data: st.DataObject) -> None:
    tags = data.draw(tags_of(scheme))
    theirs = get_entities(bmes_to_bioes(tags))
    assert lenient_entities(parse(tags, scheme)) == [(start, end + 1, kind) for kind, start, end in theirs]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.sampled_from("PL"))), st.integers(0, 2))
@settings(deadline=None)
def test_tags_of_entities_spell_them(gaps: list[tuple[int, int, str]], rest: int) -> None:
    entities, end = [], 0
    for gap, length, kind in gaps:
        entities.append(Entity(end + gap, end + gap + length, kind))
        end = entities[-1].end
    for scheme in PREFIXES:
        tags = entity_tags(entities, end + rest, scheme)
        assert len(tags) == end + rest
        assert strict_entities(tags, scheme) == entities
        assert lenient_entities(tags) == entities


@pytest.mark.parametrize(
    ("tag", "scheme"),
    [
        *(("M-PER", "BIO"), ("E-PER", "BIO"), ("I-PER", "BMES"), ("M-PER", "BIOES")),
        *((tag, "BIO") for tag in ("", "PER", "B-", "BI-PER", "O-PER", "0", "-PER", "b-PER")),
    ],
)
def test_what_is_no_tag(tag: str, scheme: Scheme) -> None:
    assert parse_tag(tag, scheme) is None
