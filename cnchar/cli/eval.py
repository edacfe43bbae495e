"""`cnchar eval`: run a model or read another tool's output, then score it. One command a task."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import tee
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cnchar.cli.options import Encoding
from cnchar.errors import BadInput

if TYPE_CHECKING:
    from cnchar.corpus.segmented import SegmentedFile
    from cnchar.evaluate.report import SegmentationReport
    from cnchar.evaluate.tags import TagReport

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Score a model, or any tool's output, against a gold standard."
)
CorpusFormat = Literal["text", "icwb2", "conllu", "conll", "pfr", "jsonl"]


@app.callback()
def _tasks() -> None:
    """Score a model, or any tool's output, against a gold standard."""


@dataclass(frozen=True)
class SegmentationOptions:
    """What is compared, and how. Exactly one of `pred` (a file) and `model` (a name or folder) is given."""

    gold: str
    pred: str | None = None
    model: str | None = None
    known: str | None = None
    standard: str | None = None
    user_dict: str | None = None
    gold_format: str = "text"
    pred_format: str = "text"
    encoding: str = "utf-8"
    tags: bool = False
    errors_top: int = 10


def eval_segment(options: SegmentationOptions) -> SegmentationReport:
    """Score a file or a model. Raises BadInput where the sides do not hold the same text, MissingExtra for `tags`."""
    from cnchar.corpus.segmented import SegmentedFile

    _check(options)
    gold = SegmentedFile(options.gold, options.gold_format, options.encoding)
    if options.pred is None:
        return _score_model(options, gold, _load(options))
    pred = SegmentedFile(options.pred, options.pred_format, options.encoding)
    return _score(options, gold, gold.lines(), pred.lines(), (pred.name, pred.unit), None)


def _score_model(options: SegmentationOptions, gold: SegmentedFile, segmenter: Any) -> SegmentationReport:
    """`segmenter` is what the runtime loads: texts in, sentences with `words` out, one for one and in order."""
    gold_lines, texts = tee(gold.lines())
    label = f"{segmenter.name}@{segmenter.version}"
    return _score(options, gold, gold_lines, predicted_lines(segmenter, texts), (label, "sentence"), label)


def predicted_lines(segmenter: Callable[[Iterable[str]], Iterable[Any]], lines: Iterable[str]) -> Iterator[str]:
    """Join the words of gold lines, segment them anew, and give the result as lines of words, blank ones left out."""
    for sentence in segmenter("".join(line.split()) for line in lines if line and not line.isspace()):
        yield " ".join(sentence.words)


def _score(
    options: SegmentationOptions,
    gold: SegmentedFile,
    gold_lines: Iterable[str],
    pred_lines: Iterable[str],
    pred_side: tuple[str, str],
    model: str | None,
) -> SegmentationReport:
    from cnchar import __version__
    from cnchar.corpus.segmented import read_word_list
    from cnchar.evaluate.confusions import Confusions
    from cnchar.evaluate.known import KnownWords
    from cnchar.evaluate.pairs import Side
    from cnchar.evaluate.report import SegmentationReport
    from cnchar.evaluate.segmentation import count_segmentation
    from cnchar.evaluate.signature import Signature, data_value

    known = KnownWords(read_word_list(options.known, options.encoding)) if options.known else None
    confusions = Confusions() if options.errors_top else None
    if options.tags:
        gold_lines, pred_lines = list(gold_lines), list(pred_lines)
    sides = (Side(gold.name, gold.unit), Side(*pred_side))
    counts = count_segmentation(gold_lines, pred_lines, known=known, confusions=confusions, sides=sides)
    signature = Signature.build(
        "seg-f1",
        level="word",
        norm="none",
        data=data_value(gold.sha256),
        n=counts.sentences,
        model=model,
        v=__version__,
    )
    errors = confusions.most_common(options.errors_top) if confusions else ()
    tags = _tag_report(gold_lines, pred_lines) if options.tags else None
    return SegmentationReport(signature, counts, _sources(options, model), errors, tags)


def _tag_report(gold_lines: Iterable[str], pred_lines: Iterable[str]) -> TagReport:
    from cnchar.evaluate.tags import tag_report
    from cnchar.text.tags import bmes_to_bioes, words_to_bmes

    def tags(lines: Iterable[str]) -> Iterator[Sequence[str]]:
        return (bmes_to_bioes(words_to_bmes(line.split())) for line in lines if line.strip())

    return tag_report(tags(gold_lines), tags(pred_lines))


def _load(options: SegmentationOptions) -> Any:
    from cnchar.runtime import load

    given = {"standard": options.standard, "user_dict": options.user_dict}
    return load("segment", model=options.model, **{name: value for name, value in given.items() if value is not None})


def _check(options: SegmentationOptions) -> None:
    if (options.pred is None) == (options.model is None):
        raise BadInput("Give either --pred FILE or --model NAME: what shall be compared with the gold file?")
    if options.pred is not None and (options.standard or options.user_dict):
        raise BadInput("--standard and --user-dict belong to --model; they cannot change what is in --pred.")
    if options.gold == options.pred == "-":
        raise BadInput("Only one of --gold and --pred can be standard input (-).")


def _sources(options: SegmentationOptions, model: str | None) -> dict[str, str]:
    given = {
        "gold": options.gold,
        "pred": options.pred,
        "model": model,
        "known": options.known,
        "standard": options.standard,
        "user_dict": options.user_dict,
    }
    return {name: value for name, value in given.items() if value is not None}


@app.command("segment")
def segment_cli(
    gold: Annotated[str, typer.Option("--gold", metavar="FILE", help="The right words, one sentence a line.")],
    pred: Annotated[
        str | None, typer.Option("--pred", metavar="FILE", help="A tool's words for the same text; - reads stdin.")
    ] = None,
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
    errors_top: Annotated[
        int, typer.Option("--errors-top", metavar="N", min=0, help="How many of the most frequent errors to show.")
    ] = 10,
    format: Annotated[Literal["text", "json"], typer.Option("--format", help="What goes to standard output.")] = "text",
    report: Annotated[
        list[str] | None,
        typer.Option("--report", metavar="KIND:PATH", help="Write a file too: json:PATH or text:PATH. Repeatable."),
    ] = None,
) -> None:
    """Score word segmentation: precision, recall and F1 of words, OOV and IV recall, the most frequent errors.

    Both sides must hold the same text apart from white space; blank lines are skipped.

    Example: cnchar eval segment --gold gold.txt --model fast --known words.txt --report json:eval.json
    """
    from cnchar.cli.reports import check_reports, render, write_reports

    wanted = check_reports(report or [])
    options = SegmentationOptions(
        gold, pred, model, known, standard, user_dict, gold_format, pred_format, encoding, tags, errors_top
    )
    result = eval_segment(options)
    write_reports(result, wanted)
    sys.stdout.write(render(result, format))
