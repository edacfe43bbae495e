"""The `cnchar` command and its subcommands, one module each."""

from __future__ import annotations

from typing import Annotated, NoReturn

import typer

from cnchar.cli import (
    build_vocab,
    clean,
    correct,
    exits,
    export,
    finetune,
    generate,
    hanzi2pinyin,
    models,
    pinyin2hanzi,
    pretrain,
    score,
    segment,
)
from cnchar.cli import eval as evaluation
from cnchar.cli.version import print_version

app = typer.Typer(
    name="cnchar",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("segment")(segment.segment_cli)
app.command("clean")(clean.clean_cli)
app.command("build-vocab")(build_vocab.build_vocab_cli)
app.add_typer(evaluation.app, name="eval")
app.add_typer(finetune.app, name="finetune")
app.command("pretrain")(pretrain.pretrain_cli)
app.command("generate")(generate.generate_cli)
app.command("export")(export.export_cli)
app.command("score")(score.score_cli)
app.command("hanzi2pinyin")(hanzi2pinyin.hanzi2pinyin_cli)
app.command("pinyin2hanzi")(pinyin2hanzi.pinyin2hanzi_cli)
app.command("correct")(correct.correct_cli)
app.command("models")(models.models_cli)


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show versions and stop.", callback=print_version, is_eager=True)
    ] = False,
) -> None:
    """Chinese text at the level of characters: segment, clean, build vocabularies, evaluate."""


def main() -> NoReturn:
    """The entry point of the `cnchar` command."""
    exits.start(app)
