"""`cnchar eval`: run a model or read another tool's output, then score it. One command, and one module, a task."""

from __future__ import annotations

import typer

from cnchar.cli.eval import classify, compare, correct, language, pinyin2hanzi, segment, tag, transduce

app = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Score a model, or any tool's output, against a gold standard."
)
app.command("segment")(segment.segment_cli)
app.command("tag")(tag.tag_cli)
app.command("classify")(classify.classify_cli)
app.command("pinyin2hanzi")(pinyin2hanzi.pinyin2hanzi_cli)
app.command("correct")(correct.correct_cli)
app.command("language")(language.language_cli)
app.command("transduce")(transduce.transduce_cli)
app.command("compare")(compare.compare_cli)


@app.callback()
def _tasks() -> None:
    """Score a model, or any tool's output, against a gold standard."""
