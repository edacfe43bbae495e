"""`cnchar eval segment`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cnchar.cli.eval import options
from cnchar.cli.eval.finish import Asked, finish
from cnchar.cli.options import Encoding

CorpusFormat = Literal["text", "icwb2", "conllu", "conll", "pfr", "jsonl"]


def segment_cli(
    gold: options.Gold,
    pred: options.Preds = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Or: a model to run on the text of --gold.")
    ] = None,
    known: Annotated[
        str | None, typer.Option("--known", metavar="FILE", help="Words of the training data: adds OOV and IV recall.")
    ] = None,
    standard: Annotated[
        str | None, typer.Option("--standard", metavar="pku|ud", help="With --model: the segmentation standard.")
    ] = None,
    user_dict: Annotated[
        str | None, typer.Option("--user-dict", metavar="FILE", help="With --model: words of your own.")
    ] = None,
    gold_format: Annotated[CorpusFormat, typer.Option("--gold-format", help="Format of --gold.")] = "text",
    pred_format: Annotated[CorpusFormat, typer.Option("--pred-format", help="Format of --pred.")] = "text",
    encoding: Encoding = "utf-8",
    tags: Annotated[
        bool,
        typer.Option("--tags", help="Add seqeval's strict report on BIOES tags (extra: eval).", show_default=False),
    ] = False,
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
    """Score word segmentation: precision, recall and F1 of words, OOV and IV recall, the most frequent errors.

    Both sides must hold the same text apart from white space; blank lines are skipped.

    Example: cnchar eval segment --gold gold.txt --model fast --fail-under f1=0.95 --report json:eval.json
    """
    from cnchar.cli.eval.segmentation import SegmentationOptions, eval_segment

    asked = Asked(bootstrap, seed, paired, fail_under or [], baseline, max_drop or [], form, report or [])
    chosen = SegmentationOptions(
        gold,
        pred or [],
        model,
        known,
        standard,
        user_dict,
        gold_format,
        pred_format,
        encoding,
        tags,
        errors_top,
        slices or [],
    )
    finish(eval_segment(chosen, asked), asked)
