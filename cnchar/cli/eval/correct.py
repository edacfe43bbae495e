"""`cnchar eval correct`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import tee
from typing import TYPE_CHECKING, Annotated

import typer

from cnchar.cli.eval import options
from cnchar.cli.eval.answers import Compared, GoldFormat, PredFormat
from cnchar.cli.eval.finish import Asked, finish
from cnchar.cli.options import Encoding
from cnchar.errors import BadInput

if TYPE_CHECKING:
    from cnchar.corpus.answers import AnswerFile
    from cnchar.evaluate.aligned import Line
    from cnchar.evaluate.assemble import Scored
    from cnchar.evaluate.false_alarms import CleanText
    from cnchar.evaluate.report import Report
    from cnchar.runtime.corrector import Corrector


@dataclass(frozen=True)
class Corrections:
    """What --model runs with, and on which text without errors besides."""

    model: str
    min_confidence: float | None = None
    clean: Sequence[str] = ()


def correct_cli(
    gold: options.Gold,
    pred: options.Preds = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Or: a model to run on the sources of --gold.")
    ] = None,
    clean: Annotated[
        list[str] | None,
        typer.Option(
            "--clean", metavar="FILE", help="With --model: text without errors, for false alarms. Repeatable."
        ),
    ] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option("--min-confidence", metavar="P", help="With --model: the threshold, its own if not given."),
    ] = None,
    gold_format: GoldFormat = "text",
    pred_format: PredFormat = "text",
    encoding: Encoding = "utf-8",
    errors_top: options.ErrorsTop = 10,
    slices: options.Slice = None,
    bootstrap: options.Bootstrap = 0,
    seed: options.Seed = 1,
    paired: options.Paired = False,
    fail_under: options.FailUnder = None,
    baseline: options.Baseline = None,
    max_drop: options.MaxDrop = None,
    form: options.Format = "text",
    report: options.Reports = None,
) -> None:
    """Score spelling correction by sentence and character, detection and correction, and false alarms.

    --gold has source TAB target a line, --pred the corrected text; in jsonl the source is at source or text, the target
    or the corrected text at correct.text or target. All three must be equally long. --clean has a right text a line,
    of which the last column counts; with it come clean_changed, the share of its lines that are changed, and
    clean_edits_per_10k, the wrong edits among 10,000 characters.

    Example: cnchar eval correct --gold pairs.tsv --model correct --clean clean.tsv --fail-under clean_changed=0.01
    """
    asked = Asked(bootstrap, seed, paired, fail_under or [], baseline, max_drop or [], form, report or [])
    compared = Compared(gold, pred or [], gold_format, pred_format, encoding, errors_top, slices or [])
    if (clean or min_confidence is not None) and not model:
        raise BadInput("--clean and --min-confidence belong to --model; they cannot change what is in --pred.")
    corrections = Corrections(model, min_confidence, clean or []) if model else None
    finish(eval_correct(compared, asked, corrections), asked)


def eval_correct(compared: Compared, asked: Asked | None = None, corrections: Corrections | None = None) -> Report:
    """Score corrected text, or a model. Raises BadInput where sources, or the lengths of lines, differ."""
    from cnchar.evaluate.assemble import Task, assemble
    from cnchar.evaluate.false_alarms import CHANGED, EDITS

    asked = asked or Asked()
    compared.check(asked, corrections.model if corrections else None)
    scored: list[Scored] = []
    clean: dict[str, float] = {}
    sources = {"gold": compared.gold}
    if corrections:
        gold, model, clean = _run(compared, asked, corrections)
        scored, sources["model"] = [model], corrections.model
        sources |= {"clean": ", ".join(corrections.clean)} if corrections.clean else {}
    else:
        for path in compared.preds:
            gold, one = _read(path, compared, asked)
            scored.append(one)
        sources["pred"] = ", ".join(compared.preds)
    task = Task("correct", lower_is_better=frozenset({"false_alarm", CHANGED, EDITS}), units={EDITS: ""})
    report = assemble(task, sources, scored, sha256=gold.sha256, resampling=asked.resampling, paired=asked.paired)
    return replace(report, systems=tuple(replace(each, scores={**each.scores, **clean}) for each in report.systems))


def _read(path: str, compared: Compared, asked: Asked) -> tuple[AnswerFile, Scored]:
    """A file of corrected text, and the gold file as it was read."""
    from cnchar.corpus.answers import pair_answers

    gold, pred = compared.answer_files(path, ("correct.text", "target"), "pair")
    return gold, _count(pair_answers(gold, pred, same_length=True), compared, asked, pred.name)


def _run(compared: Compared, asked: Asked, corrections: Corrections) -> tuple[AnswerFile, Scored, dict[str, float]]:
    """A model on the gold file and on clean text: its counts, and its scores on the latter."""
    from cnchar.corpus.answers import AnswerFile
    from cnchar.evaluate.false_alarms import THRESHOLDS, Thresholds, clean_scores, clean_table
    from cnchar.runtime.corrector import load_corrector

    corrector = load_corrector(corrections.model, min_confidence=0.0)
    chosen = corrector.parts.threshold if corrections.min_confidence is None else corrections.min_confidence
    thresholds = (chosen, *(each for each in THRESHOLDS if each != chosen))
    texts = [_on_clean(path, corrector, thresholds, compared.encoding) for path in corrections.clean]
    fields = ("correct.text", "target")
    gold = AnswerFile(
        compared.gold, fields, compared.gold_format, compared.encoding, columns="pair", slices=compared.gold_slices
    )
    table = Thresholds(thresholds)
    label = f"{corrector.name}@{corrector.version}"
    scored = _count(table.watch(_versions(gold, corrector, thresholds)), compared, asked, label, label)
    tables = (*scored.tables, *([clean_table(texts)] if texts else []), table.table(texts))
    return gold, replace(scored, tables=tables), clean_scores(texts) if texts else {}


def _versions(gold: AnswerFile, corrector: Corrector, thresholds: Sequence[float]) -> Iterator[list[Line]]:
    """For each line of the gold file, what comes out at each threshold."""
    from cnchar.corpus.answers import check_length
    from cnchar.evaluate.aligned import Line

    answers, copy = tee(gold.answers())
    for answer, found in zip(answers, corrector(each.source for each in copy), strict=True):
        check_length(f"{gold.name} line {answer.number}: the target", answer.source, answer.text)
        yield [
            Line(answer.number, answer.text, found.above(threshold).text, answer.source, answer.slices)
            for threshold in thresholds
        ]


def _on_clean(path: str, corrector: Corrector, thresholds: Sequence[float], encoding: str) -> CleanText:
    """What is changed in text without errors."""
    from cnchar.corpus.answers import AnswerFile
    from cnchar.evaluate.false_alarms import CleanText

    counts = CleanText(path, thresholds)
    for found in corrector(answer.text for answer in AnswerFile(path, (), "text", encoding).answers()):
        counts.add(found.source, [edit.score for edit in found.edits])
    return counts


def _count(lines: Iterator[Line], compared: Compared, asked: Asked, name: str, model: str | None = None) -> Scored:
    from cnchar.evaluate.assemble import Scored
    from cnchar.evaluate.correction import CORRECTION, ErrorTypes, count_correction
    from cnchar.evaluate.kinds import Kinds
    from cnchar.evaluate.tally import Tally

    tally, kinds = Tally(CORRECTION, asked.resampling is not None), Kinds() if compared.errors_top else None
    types = ErrorTypes(_look_alike)
    count_correction(lines, tally, kinds, types)
    return Scored(name, tally, (types.table(),), kinds.most_common(compared.errors_top) if kinds else (), model)


def _look_alike(one: str, other: str) -> bool:
    from cnchar.pinyin.likeness import load_shapes

    shapes = load_shapes()
    return other in shapes.get(one, "") or one in shapes.get(other, "")
