"""Tagged entities scored as seqeval does: right if start, end and type are; strictly by the scheme, and leniently."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cnchar.evaluate.aligned import Slices, feed
from cnchar.evaluate.entities import Entity, Scheme, Tag, lenient_entities, strict_entities
from cnchar.evaluate.kinds import Kinds
from cnchar.evaluate.per_class import ClassCounts
from cnchar.evaluate.report import Table
from cnchar.evaluate.tally import Metric, Numbers, Tally, f_score, share

_MODES = ("", "lenient_")  # strict is what is meant where nothing is said
_COUNTS = (
    *("exact_sentences", "tokens", "right_tags"),
    *(f"{mode}{name}_entities" for mode in _MODES for name in ("gold", "pred", "right")),
)


def _scores(counts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    scores: dict[str, Numbers] = {}
    for mode in _MODES:
        right = counts[f"{mode}right_entities"]
        precision, recall = share(right, counts[f"{mode}pred_entities"]), share(right, counts[f"{mode}gold_entities"])
        scores[f"{mode}f1"] = f_score(precision, recall)
        scores |= {f"{mode}precision": precision, f"{mode}recall": recall}
    scores["accuracy"] = share(counts["right_tags"], counts["tokens"])
    scores["exact"] = share(counts["exact_sentences"], counts["sentences"])
    return scores


def tagging_metric(scheme: Scheme) -> Metric:
    """The scheme is part of the signature: what strictly is an entity depends on it."""
    return Metric("tag-f1", f"entity-{scheme.lower()}", _COUNTS, _scores)


@dataclass(frozen=True)
class TaggedPair:
    """A sentence tagged twice: tokens, the line of the gold file each stands on, and their tags, (n,) each."""

    lines: Sequence[int]
    tokens: Sequence[str]
    gold: Sequence[Tag]
    pred: Sequence[Tag]
    slices: Slices = field(default_factory=dict)

    @property
    def length(self) -> int:
        """In characters."""
        return sum(map(len, self.tokens))


@dataclass
class TypeCounts:
    """Entities by type, strictly and leniently, and the mistakes by what is wrong about them."""

    strict: ClassCounts = field(default_factory=ClassCounts)
    lenient: ClassCounts = field(default_factory=ClassCounts)
    mistakes: Counter[str] = field(default_factory=Counter)

    def tables(self) -> tuple[Table, ...]:
        """`types`, `types_lenient`, and `by_error`, the most frequent first."""
        mistakes = Table("by_error", ("mistake", "entities"), tuple(self.mistakes.most_common()))
        return self.strict.table("types", "type"), self.lenient.table("types_lenient", "type"), mistakes


def count_tagging(
    pairs: Iterable[TaggedPair],
    tally: Tally,
    scheme: Scheme,
    types: TypeCounts | None = None,
    kinds: Kinds | None = None,
) -> None:
    """Count the entities of each sentence; `types` is fed with all of them, `kinds` with the mistakes."""
    types = TypeCounts() if types is None else types

    def count(pair: TaggedPair) -> tuple[int, ...]:
        right_tags = sum(one == other for one, other in zip(pair.gold, pair.pred, strict=True))
        gold, pred = strict_entities(pair.gold, scheme), strict_entities(pair.pred, scheme)
        for mistake in mistakes(gold, pred):
            types.mistakes[mistake.name] += 1
            if kinds is not None:
                _add_kind(pair, mistake, kinds)
        return (
            *(right_tags == len(pair.tokens), len(pair.tokens), right_tags),
            *_count(gold, pred, types.strict),
            *_count(lenient_entities(pair.gold), lenient_entities(pair.pred), types.lenient),
        )

    feed(tally, pairs, count, lambda pair: pair.length)


@dataclass(frozen=True)
class Mistake:
    """A gold entity and the first predicted one that overlaps it, at least one of them; not both the same."""

    gold: Entity | None
    pred: Entity | None

    @property
    def name(self) -> str:
        """What is wrong: `missed`, `spurious`, `type`, `boundary`, or `boundary and type`."""
        if self.gold is None or self.pred is None:
            return "missed" if self.gold else "spurious"
        if self.gold[:2] == self.pred[:2]:
            return "type"
        return "boundary" if self.gold.kind == self.pred.kind else "boundary and type"


def mistakes(gold: Sequence[Entity], pred: Sequence[Entity]) -> Iterator[Mistake]:
    """What is wrong about each gold entity that was not found, then each predicted one that overlaps no gold one.

    The entities of either side are in order and do not overlap one another.
    """
    right = set(gold) & set(pred)
    for entity in gold:
        if entity not in right:
            yield Mistake(entity, _overlapping(entity, pred))
    for entity in pred:
        if entity not in right and _overlapping(entity, gold) is None:
            yield Mistake(None, entity)


def _overlapping(entity: Entity, others: Sequence[Entity]) -> Entity | None:
    first = bisect_right(others, entity.start, key=lambda other: other.end)
    return others[first] if first < len(others) and others[first].start < entity.end else None


def _count(gold: Sequence[Entity], pred: Sequence[Entity], classes: ClassCounts) -> tuple[int, int, int]:
    right = set(gold) & set(pred)
    for entities, counter in ((gold, classes.gold), (pred, classes.pred), (right, classes.right)):
        counter.update(entity.kind for entity in entities)
    return len(gold), len(pred), len(right)


def _add_kind(pair: TaggedPair, mistake: Mistake, kinds: Kinds) -> None:
    place = mistake.gold or mistake.pred
    assert place is not None
    gold, pred = (
        f"{''.join(pair.tokens[each.start : each.end])}/{each.kind}" if each else "O"
        for each in (mistake.gold, mistake.pred)
    )
    start, end = (len("".join(pair.tokens[:at])) for at in place[:2])
    kinds.add(gold, pred, pair.lines[place.start], "".join(pair.tokens), start, end)
