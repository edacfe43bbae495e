"""`cnchar eval pinyin2hanzi`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import tee
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cnchar.cli.eval import options
from cnchar.cli.eval.answers import Compared, GoldFormat, PredFormat
from cnchar.cli.eval.finish import Asked, finish
from cnchar.cli.options import Encoding
from cnchar.errors import BadInput

if TYPE_CHECKING:
    from cnchar.corpus.answers import Answer, AnswerFile
    from cnchar.evaluate.aligned import Line
    from cnchar.evaluate.assemble import Scored
    from cnchar.evaluate.report import Report
    from cnchar.runtime.converter import Converter

KYUBYONG_LINES = 960  # of the 1,000: what the published figures count


@dataclass(frozen=True)
class Conversions:
    """What --model runs on: the column before the hanzi, and how it is read."""

    model: str
    fast: bool = False
    user_dict: str | None = None
    drop_tones: bool = False


def pinyin2hanzi_cli(
    gold: options.Gold,
    pred: options.Preds = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Or: a model to run on the pinyin of --gold.")
    ] = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="With --model: look-ups alone, without the network.", show_default=False)
    ] = False,
    user_dict: Annotated[
        str | None, typer.Option("--user-dict", metavar="FILE", help="With --model: words of your own.")
    ] = None,
    drop_tones: Annotated[
        bool, typer.Option("--drop-tones", help="With --model: give it the pinyin without tones.", show_default=False)
    ] = False,
    protocol: Annotated[
        Literal["kyubyong"] | None,
        typer.Option(
            "--protocol",
            help="Count as published for kyubyong.eval1000.tsv (id, pinyin, sentence): sentences 1 to 960, punctuation "
            "too; u may be ü and r er.",
            show_default=False,
        ),
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
    """Score pinyin to hanzi: character accuracy, character error rate (CER), exact lines, the commonest confusions.

    One line each in both files, of which the last column (after a TAB) counts; in jsonl the text at pinyin2hanzi.text
    or target. With --model the pinyin is the column before, in jsonl the one at source or text.

    Example: cnchar eval pinyin2hanzi --gold pairs.tsv --model pinyin2hanzi --fail-under accuracy=0.95
    """
    asked = Asked(bootstrap, seed, paired, fail_under or [], baseline, max_drop or [], form, report or [])
    compared = Compared(gold, pred or [], gold_format, pred_format, encoding, errors_top, slices or [])
    if (fast or user_dict or drop_tones) and not model:
        raise BadInput("--fast, --user-dict and --drop-tones belong to --model; they cannot change what is in --pred.")
    conversions = Conversions(model, fast, user_dict, drop_tones) if model else None
    finish(eval_pinyin2hanzi(compared, asked, conversions, protocol), asked)


def eval_pinyin2hanzi(
    compared: Compared,
    asked: Asked | None = None,
    conversions: Conversions | None = None,
    protocol: Literal["kyubyong"] | None = None,
) -> Report:
    """Score files of hanzi, or a model on the gold file's pinyin, line for line.

    Raises BadInput where the files' numbers of lines differ, or a gold line has no pinyin for the model.
    """
    from cnchar.evaluate.assemble import Task, assemble

    asked = asked or Asked()
    compared.check(asked, conversions.model if conversions else None)
    gold, scored = _score(compared, asked, conversions, protocol)
    task = Task("pinyin2hanzi", norm=protocol or "none", lower_is_better=frozenset({"cer"}))
    given = {"pred": ", ".join(compared.preds)} if conversions is None else vars(conversions)
    sources = {"gold": compared.gold, **{name: str(value) for name, value in given.items() if value}}
    return assemble(task, sources, scored, sha256=gold.sha256, resampling=asked.resampling, paired=asked.paired)


def _score(
    compared: Compared, asked: Asked, conversions: Conversions | None, protocol: str | None
) -> tuple[AnswerFile, list[Scored]]:
    """Each system's counts, and the gold file as it was read last."""
    from cnchar.corpus.answers import AnswerFile, pair_answers

    fields = ("pinyin2hanzi.text", "target")
    last = KYUBYONG_LINES if protocol else None
    scored = []
    if conversions:
        gold = AnswerFile(compared.gold, fields, compared.gold_format, compared.encoding, slices=compared.gold_slices)
        converter = _load(conversions, protocol)
        lines = _converted(gold, converter, last, drop_tones=conversions.drop_tones)
        label = f"{converter.name}@{converter.version}"
        return gold, [_count(lines, compared, asked, label, label)]
    for path in compared.preds:
        gold, pred = compared.answer_files(path, fields)
        pairs = pair_answers(gold, pred, same_source=False)
        scored.append(_count((line for line in pairs if not last or line.number <= last), compared, asked, pred.name))
    return gold, scored


def _load(conversions: Conversions, protocol: str | None) -> Converter:
    from cnchar.runtime.converter import load_converter

    typing: dict[str, Any] = {"loose_umlaut": True, "erhua": True, "all_pinyin": True} if protocol else {}
    return load_converter(conversions.model, fast=conversions.fast, user_dict=conversions.user_dict, **typing)


def _converted(gold: AnswerFile, converter: Converter, last: int | None, *, drop_tones: bool) -> Iterator[Line]:
    from cnchar.evaluate.aligned import Line
    from cnchar.runtime.pronouncer import Rewriter

    answers, copy = tee(answer for answer in gold.answers() if not last or answer.number <= last)
    pinyin = (_pinyin_of(answer, gold.name) for answer in copy)
    if drop_tones:
        pinyin = (line.pinyin for line in Rewriter("plain")(pinyin))
    for answer, line in zip(answers, converter(pinyin), strict=True):
        yield Line(answer.number, answer.text, line.hanzi, line.text, answer.slices)


def _pinyin_of(answer: Answer, name: str) -> str:
    if not answer.source and answer.text:
        raise BadInput(f"{name} line {answer.number}: --model needs lines of pinyin, a TAB and hanzi.")
    return answer.source.rpartition("\t")[2]


def _count(lines: Iterator[Line], compared: Compared, asked: Asked, name: str, model: str | None = None) -> Scored:
    from cnchar.evaluate.assemble import Scored
    from cnchar.evaluate.conversion import CONVERSION, count_conversion
    from cnchar.evaluate.kinds import Kinds
    from cnchar.evaluate.tally import Tally

    tally, kinds = Tally(CONVERSION, asked.resampling is not None), Kinds() if compared.errors_top else None
    count_conversion(lines, tally, kinds)
    return Scored(name, tally, (), kinds.most_common(compared.errors_top) if kinds else (), model)
