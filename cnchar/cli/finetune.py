"""`cnchar finetune`: one command a task."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cnchar.cli import options, training_options
from cnchar.cli.finetune_correct import finetune_correct_cli
from cnchar.cli.finetune_pinyin2hanzi import finetune_pinyin2hanzi_cli
from cnchar.cli.train_extra import train_extra

app = typer.Typer(
    help="Train models on your own data; needs the extra: pip install 'cnchar-toolkit[train]'.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def _finetune() -> None:
    """A callback, so that `segment` is a command of its own even while there is no other."""


@app.command("segment")
def finetune_segment_cli(
    train: Annotated[
        list[str] | None,
        typer.Option("--train", "-t", metavar="FILE", help="Segmented text; give it again for more files."),
    ] = None,
    dev: Annotated[
        list[str] | None,
        typer.Option(
            "--dev", metavar="FILE", help="Segmented text to choose by. Without it one line in 20 is held out."
        ),
    ] = None,
    output: training_options.RunFolder = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            "-p",
            metavar="NAME",
            help="rnn, bilstm, gru, cnn, transformer, adapt, pretrained, or a TOML file. If not given, bilstm; adapt "
            "where --from brings a network, pretrained where it is a language model.",
            show_default=False,
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", metavar="NAME=VALUE", help="Change a setting of the preset: hidden=128, head=crf."),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="MODEL",
            help="Begin with a shipped model (fast, accurate), a model folder, or a pretrained one.",
        ),
    ] = None,
    standard: Annotated[
        str | None,
        typer.Option("--standard", metavar="NAME", help="Which standard of --from to train; else a name for yours."),
    ] = None,
    vocab: Annotated[
        str | None,
        typer.Option("--vocab", metavar="FILE", help="Characters, as cnchar build-vocab writes them."),
    ] = None,
    resume: training_options.Resume = None,
    form: Annotated[
        Literal["text", "icwb2", "conllu", "conll", "pfr", "jsonl"],
        typer.Option("--format", help="Form of --train and --dev."),
    ] = "text",
    encoding: options.Encoding = "utf-8",
    device: training_options.Where = None,
    tag_report: Annotated[
        bool,
        typer.Option("--tag-report", help="At each evaluation write seqeval's and scikit-learn's report to tags.txt."),
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Train a segmenter on your own segmented text.

    The folder holds the whole run and, at its end, a model: cnchar segment --model FOLDER. Words are separated by
    white space, or the files have one of the other forms. With --from fast a network learns what to add to the tables
    of the shipped model; with --from a neural model it learns on.

    Example: cnchar finetune segment --train train.txt --dev dev.txt -o runs/seg --preset bilstm
    """
    with train_extra("cnchar finetune"):
        from cnchar.train.finetune import finetune_segmenter
        from cnchar.train.segment.options import SegmenterOptions

        asked = SegmenterOptions(
            tuple(train or ()), tuple(dev or ()), form, encoding, start, standard, vocab, tag_report
        )
        finished = finetune_segmenter(
            asked, output, resume=resume, preset=preset, changes=changes or [], device=device, quiet=quiet
        )
    if finished and not quiet:
        typer.echo(finished.summary(), err=True)


app.command("correct")(finetune_correct_cli)
app.command("pinyin2hanzi")(finetune_pinyin2hanzi_cli)
