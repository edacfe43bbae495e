"""The words of files or of a model, read and scored: what `cnchar eval segment` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import tee
from typing import Any

from cnchar.cli.eval.finish import Asked, check_systems
from cnchar.corpus.segmented import SegmentedFile, read_word_list
from cnchar.errors import BadInput
from cnchar.evaluate.assemble import Scored, Task, assemble
from cnchar.evaluate.confusions import Confusions
from cnchar.evaluate.known import KnownWords
from cnchar.evaluate.pairs import Side
from cnchar.evaluate.report import Report, Table
from cnchar.evaluate.segmentation import count_segmentation
from cnchar.evaluate.tags import tag_table
from cnchar.text.tags import bmes_to_bioes, words_to_bmes


@dataclass(frozen=True)
class SegmentationOptions:
    """What is compared, and how. Exactly one of `preds` (files) and `model` (a name or folder) is given."""

    gold: str
    preds: Sequence[str] = ()
    model: str | None = None
    known: str | None = None
    standard: str | None = None
    user_dict: str | None = None
    gold_format: str = "text"
    pred_format: str = "text"
    encoding: str = "utf-8"
    tags: bool = False
    errors_top: int = 10
    slices: Sequence[str] = ()


def eval_segment(options: SegmentationOptions, asked: Asked | None = None) -> Report:
    """Score files or a model. Raises BadInput where the sides do not hold the same text, MissingExtra for `tags`."""
    asked = asked or Asked()
    _check(options, asked)
    known = KnownWords(read_word_list(options.known, options.encoding)) if options.known else None
    segmenter = _load(options) if options.model else None
    scored = []
    preds: Sequence[str | None] = options.preds or [None]
    for path in preds:
        gold = SegmentedFile(options.gold, options.gold_format, options.encoding)
        pred = SegmentedFile(path, options.pred_format, options.encoding) if path else None
        sides = _file_sides(options, gold, pred) if pred else _model_sides(options, gold, segmenter)
        scored.append(_score(options, sides, known, keep=asked.resampling is not None))
    return assemble(
        Task("segment"),
        _sources(options, scored[0].model),
        scored,
        sha256=gold.sha256,
        resampling=asked.resampling,
        paired=asked.paired,
        unit=gold.unit,
    )


@dataclass(frozen=True)
class Sides:
    """Gold lines and predicted ones, where they come from, and for each --slice the value of every gold line."""

    lines: tuple[Iterable[str], Iterable[str]]
    names: tuple[Side, Side]
    groups: Mapping[str, Iterable[str]]
    model: str | None = None


def _file_sides(options: SegmentationOptions, gold: SegmentedFile, pred: SegmentedFile) -> Sides:
    gold_has_fields = gold.form == "jsonl"
    gold_lines, gold_groups = _lines_and_groups(gold, options.slices if gold_has_fields else ())
    pred_lines, pred_groups = _lines_and_groups(pred, () if gold_has_fields else options.slices)
    names = Side(gold.name, gold.unit), Side(pred.name, pred.unit)
    return Sides((gold_lines, pred_lines), names, gold_groups | pred_groups)


def _model_sides(options: SegmentationOptions, gold: SegmentedFile, segmenter: Any) -> Sides:
    """`segmenter` is what the runtime loads: texts in, sentences with `words` out, one for one and in order."""
    lines, groups = _lines_and_groups(gold, options.slices)
    gold_lines, texts = tee(lines)
    label = f"{segmenter.name}@{segmenter.version}"
    names = Side(gold.name, gold.unit), Side(label, "sentence")
    return Sides((gold_lines, predicted_lines(segmenter, texts)), names, groups, label)


def predicted_lines(segmenter: Callable[[Iterable[str]], Iterable[Any]], lines: Iterable[str]) -> Iterator[str]:
    """Join the words of gold lines, segment them anew, and give the result as lines of words, blank ones left out."""
    for sentence in segmenter("".join(line.split()) for line in lines if line and not line.isspace()):
        yield " ".join(sentence.words)


def _lines_and_groups(file: SegmentedFile, fields: Sequence[str]) -> tuple[Iterator[str], dict[str, Iterator[str]]]:
    if not fields:
        return file.lines(), {}
    lines, *copies = tee(file.labelled(fields), 1 + len(fields))
    groups = {f"slice:{field}": _values(copy, i) for i, (field, copy) in enumerate(zip(fields, copies, strict=True))}
    return (line for line, _ in lines), groups


def _values(labelled: Iterable[tuple[str, tuple[str, ...]]], index: int) -> Iterator[str]:
    return (values[index] for _, values in labelled)


def _score(options: SegmentationOptions, sides: Sides, known: KnownWords | None, *, keep: bool) -> Scored:
    confusions = Confusions() if options.errors_top else None
    gold, pred = map(list, sides.lines) if options.tags else sides.lines
    found = count_segmentation(
        gold, pred, known=known, confusions=confusions, sides=sides.names, groups=sides.groups, keep=keep
    )
    return Scored(
        name=sides.names[1].name,
        tally=found.tally,
        tables=(*found.tables(), *([_tag_table(gold, pred)] if options.tags else [])),
        errors=confusions.most_common(options.errors_top) if confusions else (),
        model=sides.model,
    )


def _tag_table(gold: Iterable[str], pred: Iterable[str]) -> Table:
    def tags(lines: Iterable[str]) -> Iterator[Sequence[str]]:
        return (bmes_to_bioes(words_to_bmes(line.split())) for line in lines if line.strip())

    return tag_table(tags(gold), tags(pred))


def _load(options: SegmentationOptions) -> Any:
    from cnchar.runtime import load

    given = {"standard": options.standard, "user_dict": options.user_dict}
    return load("segment", model=options.model, **{name: value for name, value in given.items() if value is not None})


def _check(options: SegmentationOptions, asked: Asked) -> None:
    check_systems(options.gold, options.preds, options.model, asked.paired)
    if options.preds and (options.standard or options.user_dict):
        raise BadInput("--standard and --user-dict belong to --model; they cannot change what is in --pred.")
    if options.slices and "jsonl" not in (options.gold_format, options.pred_format if options.preds else ""):
        raise BadInput("--slice reads a field of JSON records: give --gold-format jsonl (or --pred-format jsonl).")


def _sources(options: SegmentationOptions, model: str | None) -> dict[str, str]:
    given = {
        "gold": options.gold,
        "pred": ", ".join(options.preds),
        "model": model,
        "known": options.known,
        "standard": options.standard,
        "user_dict": options.user_dict,
    }
    return {name: value for name, value in given.items() if value}
