"""`cnchar eval language`."""

from __future__ import annotations

from collections.abc import Iterator
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
    from cnchar.evaluate.assemble import Scored
    from cnchar.evaluate.language import ScoredLine
    from cnchar.evaluate.report import Report
    from cnchar.evaluate.tally import Metric
    from cnchar.runtime.language import LanguageModel

UNITS = {"bits_per_char": "bits", "perplexity": "", "bits": "bits"}


def language_cli(
    gold: options.Gold,
    pred: options.Preds = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="FOLDER", help="Or: a language model to run on --gold.")
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
    """Score a language model by its bits per character and perplexity.

    --gold is the text; --pred has for each of its lines: number TAB bits TAB characters, or JSON records with line,
    bits and chars, or what cnchar score --format jsonl writes. The bits are those of the whole line, its end counted as
    a character or not. With --model also how often the model's first guess of a character is right.

    Example: cnchar eval language --gold held-out.txt --model runs/lm --fail-under bits_per_char=4.5
    """
    asked = Asked(bootstrap, seed, paired, fail_under or [], baseline, max_drop or [], form, report or [])
    compared = Compared(gold, pred or [], gold_format, pred_format, encoding, errors_top, slices or [])
    finish(eval_language(compared, asked, model), asked)


def eval_language(compared: Compared, asked: Asked | None = None, model: str | None = None) -> Report:
    """Score a model or the scores of lines. Raises BadInput where these are not those of the text."""
    from cnchar.evaluate.assemble import Task, assemble

    asked = asked or Asked()
    compared.check(asked, model)
    if compared.pred_slices:
        raise BadInput("--slice reads a field of the text's records here: give --gold-format jsonl.")
    preds = {"pred": ", ".join(compared.preds)} if compared.preds else {"model": str(model)}
    gold, scored = _score(compared, asked, model)
    task = Task("language", lower_is_better=frozenset({"bits_per_char", "perplexity"}), units=UNITS)
    sources = {"gold": compared.gold, **preds}
    return assemble(task, sources, scored, sha256=gold.sha256, resampling=asked.resampling, paired=asked.paired)


def _score(compared: Compared, asked: Asked, model: str | None) -> tuple[AnswerFile, list[Scored]]:
    """Each system's counts, and the text as it was read last."""
    from cnchar.corpus.answers import AnswerFile
    from cnchar.corpus.line_scores import ScoreFile, pair_scores
    from cnchar.evaluate.language import GUESSES, LANGUAGE

    def read() -> AnswerFile:
        form, slices = compared.gold_format, compared.gold_slices
        return AnswerFile(compared.gold, ("text",), form, compared.encoding, columns="whole", slices=slices)

    if model:
        from cnchar.runtime.language import load_language

        gold, network = read(), load_language(model)
        label = f"{network.name}@{network.version}"
        return gold, [_count(GUESSES, _foreseen(gold, network), compared, asked, label, label)]
    scored = []
    for path in compared.preds:
        gold, pred = read(), ScoreFile(path, compared.pred_format, compared.encoding)
        scored.append(_count(LANGUAGE, pair_scores(gold, pred), compared, asked, pred.name))
    return gold, scored


def _foreseen(gold: AnswerFile, network: LanguageModel) -> Iterator[ScoredLine]:
    from cnchar.evaluate.language import ScoredLine

    lines, copy = tee(gold.answers())
    for line, found in zip(lines, network(line.text for line in copy), strict=True):
        yield ScoredLine(line.number, line.text, found.bits, found.characters, found.right, line.slices)


def _count(
    metric: Metric, lines: Iterator[ScoredLine], compared: Compared, asked: Asked, name: str, model: str | None = None
) -> Scored:
    from cnchar.evaluate.assemble import Scored
    from cnchar.evaluate.language import HardestLines, count_language
    from cnchar.evaluate.tally import Tally

    tally, hardest = Tally(metric, asked.resampling is not None), HardestLines(compared.errors_top)
    count_language(lines, tally, hardest)
    return Scored(name, tally, (hardest.table(),) if compared.errors_top else (), model=model)
