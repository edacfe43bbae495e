"""Files of tagged text: CoNLL, a token and its tag a line, or JSON records with entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cnchar.corpus.answers import check_form, read_records, slices_of
from cnchar.corpus.formats import read_columns
from cnchar.corpus.segmented import SegmentedFile
from cnchar.errors import BadInput
from cnchar.evaluate.aligned import around_difference, pair_up
from cnchar.evaluate.entities import PREFIXES, Entity, Scheme, Tag, entity_tags, parse_tag
from cnchar.evaluate.pairs import Side
from cnchar.evaluate.tagging import TaggedPair

TAGGED_FORMATS = ("conll", "jsonl")


@dataclass(frozen=True)
class TaggedSentence:
    """Tokens, the line of the file each stands on, and their tags: (n,) each."""

    tokens: Sequence[str]
    lines: Sequence[int]
    tags: Sequence[Tag]
    slices: Mapping[str, str] = field(default_factory=dict)


class TaggedFile:
    """The sentences of a file (`-`: standard input), read once and in constant memory; afterwards `sha256` is known.

    CoNLL: first and last column of each line are token and tag, a blank line ends a sentence. JSON records have what
    `cnchar tag` writes: `text`, and `tag.entities` (or `entities`) with start, end and label. While being read, raises
    BadInput that names the line, also for tags that are not of the scheme.
    """

    def __init__(
        self,
        path: str,
        scheme: Scheme,
        form: str = "conll",
        encoding: str = "utf-8",
        *,
        slices: Sequence[str] = (),
    ) -> None:
        check_form(form, TAGGED_FORMATS)
        self._file = SegmentedFile(path, encoding=encoding)
        self._scheme, self._form, self._slices = scheme, form, slices
        self.name = self._file.name

    @property
    def sha256(self) -> str:
        """Of the bytes read so far: decompressed, not decoded. Hexadecimal."""
        return self._file.sha256

    def sentences(self) -> Iterator[TaggedSentence]:
        """One after the other; those of JSON may have no tokens."""
        return self._of_json() if self._form == "jsonl" else self._of_conll()

    def _of_conll(self) -> Iterator[TaggedSentence]:
        lines = _Numbered(self._file.lines())
        for tokens, tags in read_columns(lines, self.name):
            first = lines.number - len(tokens)
            parsed = [self._parse(tag, number) for number, tag in enumerate(tags, first)]
            yield TaggedSentence(tokens, range(first, lines.number), parsed)

    def _parse(self, tag: str, number: int) -> Tag:
        parsed = parse_tag(tag, self._scheme)
        if parsed is None:
            raise BadInput(
                f"{self.name} line {number}: '{tag}' is not a tag of {self._scheme}, which has O and "
                f"{', '.join(f'{prefix}-TYPE' for prefix in PREFIXES[self._scheme])}; see --scheme."
            )
        return parsed

    def _of_json(self) -> Iterator[TaggedSentence]:
        for number, record in read_records(self._file):
            where = f"{self.name} line {number}"
            if not isinstance(text := record.get("text"), str):
                raise BadInput(f"{where}: expected a JSON record with text and tag.entities.")
            tags = entity_tags(_entities(record, len(text), where), len(text), self._scheme)
            yield TaggedSentence(text, (number,) * len(text), tags, slices_of(record, self._slices, where))


def pair_sentences(gold: TaggedFile, pred: TaggedFile) -> Iterator[TaggedPair]:
    """Both files sentence for sentence. Raises BadInput where their tokens or their numbers of sentences differ."""
    sides = Side(gold.name, "sentence"), Side(pred.name, "sentence")
    for one, other in pair_up(gold.sentences(), pred.sentences(), sides):
        if list(one.tokens) != list(other.tokens):
            raise _tokens_differ(one, other, (gold.name, pred.name))
        yield TaggedPair(one.lines, one.tokens, one.tags, other.tags, one.slices or other.slices)


class _Numbered:
    """Counts the lines it gives; at the end, one more, as if another blank line ended the last sentence."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self.number = lines, 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.number += 1
            yield line
        self.number += 1


def _entities(record: Mapping[str, Any], length: int, where: str) -> list[Entity]:
    """In order. Raises BadInput for what is none, does not lie within the text, or overlaps another."""
    answer = record.get("tag", record)
    found = answer.get("entities") if isinstance(answer, dict) else None
    entities = [_entity(each) for each in found] if isinstance(found, list) else [None]
    whole = sorted(entity for entity in entities if entity)
    if len(whole) < len(entities):
        raise BadInput(f"{where}: tag.entities is not a list of records with start, end (after start) and label.")
    ends = [0, *(entity.end for entity in whole)]
    if any(entity.start < end for entity, end in zip(whole, ends, strict=False)) or ends[-1] > length:
        raise BadInput(f"{where}: entities overlap, or go beyond the {length} characters of the text.")
    return whole


def _entity(value: object) -> Entity | None:
    start, end, label = (value.get(key) if isinstance(value, dict) else None for key in ("start", "end", "label"))
    if isinstance(start, int) and isinstance(end, int) and isinstance(label, str) and start < end and label:
        return Entity(start, end, label)
    return None


def _tokens_differ(one: TaggedSentence, other: TaggedSentence, names: tuple[str, str]) -> BadInput:
    first = next(
        (i for i, (a, b) in enumerate(zip(one.tokens, other.tokens, strict=False)) if a != b),
        min(len(one.tokens), len(other.tokens)),
    )
    _, wanted, given = around_difference("".join(one.tokens), "".join(other.tokens))
    places = [
        f"{name} line {each.lines[min(first, len(each.lines) - 1)] if each.lines else 1}"
        for name, each in zip(names, (one, other), strict=True)
    ]
    return BadInput(f"{places[0]} and {places[1]} differ in text: {wanted} against {given}; both must hold the same.")
