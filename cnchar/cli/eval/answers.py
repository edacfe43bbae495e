"""What the tasks with one answer a line have in common: their options, and scoring each prediction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cnchar.cli.eval import options
from cnchar.cli.eval.finish import Asked, check_systems, finish
from cnchar.cli.options import Encoding
from cnchar.errors import BadInput

if TYPE_CHECKING:
    from cnchar.corpus.answers import AnswerFile, Columns
    from cnchar.evaluate.aligned import Line
    from cnchar.evaluate.assemble import Scored, Task
    from cnchar.evaluate.kinds import Kinds
    from cnchar.evaluate.report import Report, Table
    from cnchar.evaluate.tally import Metric, Tally

AnswerFormat = Literal["text", "jsonl"]
GoldFormat = Annotated[AnswerFormat, typer.Option("--gold-format", help="Format of --gold.")]
PredFormat = Annotated[AnswerFormat, typer.Option("--pred-format", help="Format of --pred.")]
Preds = Annotated[
    list[str],
    typer.Option("--pred", metavar="FILE", help="A tool's output for the same lines; - reads stdin. Repeatable."),
]


@dataclass(frozen=True)
class Compared:
    """The files that are compared, and how they are read."""

    gold: str
    preds: Sequence[str]
    gold_format: str = "text"
    pred_format: str = "text"
    encoding: str = "utf-8"
    errors_top: int = 10
    slices: Sequence[str] = ()

    def check(self, asked: Asked, model: str | None = None) -> None:
        """Raises BadInput, before any work, for files or options that cannot be meant."""
        check_systems(self.gold, self.preds, model, asked.paired)
        if self.slices and "jsonl" not in (self.gold_format, self.pred_format):
            raise BadInput("--slice reads a field of JSON records: give --gold-format jsonl (or --pred-format jsonl).")

    @property
    def gold_slices(self) -> Sequence[str]:
        """The slices are fields of the gold file if it has any."""
        return self.slices if self.gold_format == "jsonl" else ()

    @property
    def pred_slices(self) -> Sequence[str]:
        """Else of the predictions."""
        return () if self.gold_format == "jsonl" else self.slices

    def answer_files(
        self, pred: str, fields: Sequence[str], columns: Columns = "last"
    ) -> tuple[AnswerFile, AnswerFile]:
        """The gold file and a prediction; `columns` are those of the gold file."""
        from cnchar.corpus.answers import AnswerFile

        return (
            AnswerFile(self.gold, fields, self.gold_format, self.encoding, columns=columns, slices=self.gold_slices),
            AnswerFile(pred, fields, self.pred_format, self.encoding, slices=self.pred_slices),
        )


def report_on(task: Task, compared: Compared, asked: Asked, scored: Sequence[Scored], sha256: str) -> Report:
    """The report on the systems that were scored on a gold file of this digest."""
    from cnchar.evaluate.assemble import assemble

    sources = {"gold": compared.gold, "pred": ", ".join(compared.preds)}
    return assemble(task, sources, scored, sha256=sha256, resampling=asked.resampling, paired=asked.paired)


def eval_texts(
    task: Task,
    metric: Metric,
    count: Callable[[Iterator[Line], Tally, Kinds | None], Iterable[Table]],
    compared: Compared,
    asked: Asked,
    *,
    columns: Columns = "last",
    **same: bool,
) -> Report:
    """Score files of texts. `count` feeds the tally and, where errors are wanted, their kinds; it gives further tables.

    `same` is what `pair_answers` shall demand. Raises BadInput where the files do not go together.
    """
    from cnchar.corpus.answers import pair_answers
    from cnchar.evaluate.assemble import Scored
    from cnchar.evaluate.kinds import Kinds
    from cnchar.evaluate.tally import Tally

    compared.check(asked)
    scored = []
    for path in compared.preds:
        gold, pred = compared.answer_files(path, (f"{task.name}.text", "target"), columns)
        tally, kinds = Tally(metric, asked.resampling is not None), Kinds() if compared.errors_top else None
        tables = tuple(count(pair_answers(gold, pred, **same), tally, kinds))
        scored.append(Scored(pred.name, tally, tables, kinds.most_common(compared.errors_top) if kinds else ()))
    return report_on(task, compared, asked, scored, gold.sha256)


def answer_command(evaluate: Callable[[Compared, Asked], Report], about: str) -> Callable[..., None]:
    """The command of a task whose files are texts or JSON records; `about` is its help."""

    def command(
        gold: options.Gold,
        pred: Preds,
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
        asked = Asked(bootstrap, seed, paired, fail_under or [], baseline, max_drop or [], form, report or [])
        compared = Compared(gold, pred, gold_format, pred_format, encoding, errors_top, slices or [])
        finish(evaluate(compared, asked), asked)

    command.__doc__ = about
    return command
