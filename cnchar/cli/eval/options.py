"""The options of `cnchar eval` commands, each spelled once."""

from __future__ import annotations

from typing import Annotated

import typer

from cnchar.cli.reports import Kind

Gold = Annotated[str, typer.Option("--gold", metavar="FILE", help="The gold standard: what is right.")]
Preds = Annotated[
    list[str] | None,
    typer.Option("--pred", metavar="FILE", help="A tool's output for the same text; - reads stdin. Repeatable."),
]
ErrorsTop = Annotated[
    int, typer.Option("--errors-top", metavar="N", min=0, help="How many of the most frequent errors to show.")
]
Slice = Annotated[
    list[str] | None,
    typer.Option("--slice", metavar="FIELD", help="Score by the values of this field of jsonl, too. Repeatable."),
]
Bootstrap = Annotated[
    int, typer.Option("--bootstrap", metavar="N", min=0, help="Resamples for 95 % intervals, such as 1000; 0: none.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Seed of the resamples.")]
Paired = Annotated[
    bool,
    typer.Option(
        "--paired",
        help="Is the first --pred better or worse than the others, or is it luck? 1000 resamples unless --bootstrap.",
        show_default=False,
    ),
]
FailUnder = Annotated[
    list[str] | None,
    typer.Option("--fail-under", metavar="NAME=VALUE", help="Exit 1 if a score is worse: f1=0.95. Repeatable."),
]
Baseline = Annotated[
    str | None,
    typer.Option("--baseline", metavar="FILE", help="A JSON report of an earlier run: exit 1 if a score dropped."),
]
MaxDrop = Annotated[
    list[str] | None,
    typer.Option(
        "--max-drop",
        metavar="[NAME=]VALUE",
        help="With --baseline: how far the first score, or the one named, may drop: 0.002. 0 if not given. Repeatable.",
    ),
]
Format = Annotated[Kind, typer.Option("--format", help="What goes to standard output.")]
Reports = Annotated[
    list[str] | None,
    typer.Option("--report", metavar="KIND:PATH", help="Write a file too: json:eval.json. Kinds as above. Repeatable."),
]
