"""`cnchar eval tag`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cnchar.cli.eval import options
from cnchar.cli.eval.answers import Compared, Preds, report_on
from cnchar.cli.eval.finish import Asked, finish
from cnchar.cli.options import Encoding

if TYPE_CHECKING:
    from cnchar.evaluate.report import Report

Scheme = Literal["BIO", "BIOES", "BMES"]
TaggedFormat = Literal["conll", "jsonl"]


def eval_tag(compared: Compared, scheme: Scheme = "BIO", asked: Asked | None = None) -> Report:
    """Score tagged text. Raises BadInput where the tokens differ, or tags are not of the scheme."""
    from cnchar.corpus.tagged import TaggedFile, pair_sentences
    from cnchar.evaluate.assemble import Scored, Task
    from cnchar.evaluate.kinds import Kinds
    from cnchar.evaluate.tagging import TypeCounts, count_tagging, tagging_metric
    from cnchar.evaluate.tally import Tally

    asked = asked or Asked()
    compared.check(asked)
    scored = []
    for path in compared.preds:
        gold = TaggedFile(
            *(compared.gold, scheme, compared.gold_format, compared.encoding), slices=compared.gold_slices
        )
        pred = TaggedFile(path, scheme, compared.pred_format, compared.encoding, slices=compared.pred_slices)
        tally, types, kinds = Tally(tagging_metric(scheme), asked.resampling is not None), TypeCounts(), Kinds()
        count_tagging(pair_sentences(gold, pred), tally, scheme, types, kinds)
        scored.append(Scored(pred.name, tally, types.tables(), kinds.most_common(compared.errors_top)))
    return report_on(Task("tag"), compared, asked, scored, gold.sha256)


def tag_cli(
    gold: options.Gold,
    pred: Preds,
    scheme: Annotated[Scheme, typer.Option("--scheme", help="The tags; BMES has M where BIOES has I.")] = "BIO",
    gold_format: Annotated[TaggedFormat, typer.Option("--gold-format", help="Format of --gold.")] = "conll",
    pred_format: Annotated[TaggedFormat, typer.Option("--pred-format", help="Format of --pred.")] = "conll",
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
    """Score tagged entities, strictly and leniently, over all and by type, with the mistakes by what is wrong.

    CoNLL files: first and last column of each line are token and tag, a blank line ends a sentence. In jsonl, text and
    tag.entities, as cnchar tag writes them. The numbers are those of seqeval.

    Example: cnchar eval tag --gold gold.bio --pred pred.bio --scheme BIO --fail-under f1=0.7
    """
    asked = Asked(bootstrap, seed, paired, fail_under or [], baseline, max_drop or [], form, report or [])
    compared = Compared(gold, pred, gold_format, pred_format, encoding, errors_top, slices or [])
    finish(eval_tag(compared, scheme, asked), asked)
