"""The entities that tags spell, as seqeval 1.2.2 finds them: strictly by a scheme, or leniently as conlleval does.

Strictly, an entity starts at B or S and, in BIOES, ends at E or S; what breaks the scheme is no entity. Leniently, any
run of tags of one type is an entity, wherever it starts or ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, NamedTuple

Scheme = Literal["BIO", "BIOES", "BMES"]
Tag = tuple[str, str]
"""One of B, I, E, S, O, and a type; `_` where there is none, as in the tag `B`."""

PREFIXES: dict[Scheme, str] = {"BIO": "BI", "BIOES": "BIES", "BMES": "BMES"}


class Entity(NamedTuple):
    """Half-open, in tags."""

    start: int
    end: int
    kind: str


@cache
def parse_tag(tag: str, scheme: Scheme) -> Tag | None:
    """A tag in BIOES's letters, or None if it isn't one of the scheme: `B-PER`, `B`, `O`."""
    prefix, hyphen, kind = tag.partition("-")
    if tag == "O":
        return "O", "_"
    if len(prefix) != 1 or prefix not in PREFIXES[scheme] or (hyphen and not kind):
        return None
    return ("I" if prefix == "M" else prefix), kind or "_"


def entity_tags(entities: Sequence[Entity], length: int, scheme: Scheme) -> list[Tag]:
    """The tags that spell these entities, none of which overlap: (length,)."""
    tags = [("O", "_")] * length
    for start, end, kind in entities:
        tags[start:end] = [("B", kind), *[("I", kind)] * (end - start - 1)]
        if scheme != "BIO":
            tags[end - 1] = ("S" if end - start == 1 else "E", kind)
    return tags


def strict_entities(tags: Sequence[Tag], scheme: Scheme) -> list[Entity]:
    """The entities that keep to the scheme. An entity of BIO ends where it goes on no longer, of BIOES at its E."""
    entities = []
    start, kind = -1, ""  # of the entity that is open; -1: none
    for i, (prefix, here) in enumerate([*tags, ("O", "_")]):
        if start >= 0 and prefix in "IE" and here == kind:
            if prefix == "E":
                entities.append(Entity(start, i + 1, kind))
                start = -1
            continue
        if start >= 0 and scheme == "BIO":
            entities.append(Entity(start, i, kind))
        start, kind = (i, here) if prefix == "B" else (-1, "")
        if prefix == "S":
            entities.append(Entity(i, i + 1, here))
    return entities


def lenient_entities(tags: Sequence[Tag]) -> list[Entity]:
    """The entities as the script of CoNLL-2000 finds them."""
    entities = []
    start, before, kind = 0, "O", "_"
    for i, (prefix, here) in enumerate([*tags, ("O", "_")]):
        changes = here != kind
        if before in "ES" or (before in "BI" and (prefix in "BSO" or changes)):
            entities.append(Entity(start, i, kind))
        if prefix in "BS" or (before in "ESO" and prefix in "EI") or (prefix != "O" and changes):
            start = i
        before, kind = prefix, here
    return entities
