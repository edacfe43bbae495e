"""What every `cnchar eval TASK` does with its report: gates, files, standard output, exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from cnchar.cli.reports import Kind, check_reports, render, write_reports
from cnchar.errors import BadInput, CheckFailed

if TYPE_CHECKING:
    from cnchar.evaluate.report import Gate, Report
    from cnchar.evaluate.significance import Resampling

_PAIRED_RESAMPLES = 1000


@dataclass(frozen=True)
class Asked:
    """The options all tasks share. Raises BadInput, before any work, for what cannot be meant."""

    bootstrap: int = 0
    seed: int = 1
    paired: bool = False
    fail_under: Sequence[str] = ()
    baseline: str | None = None
    max_drop: Sequence[str] = ()
    form: Kind = "text"
    reports: Sequence[str] = ()

    def __post_init__(self) -> None:
        from cnchar.evaluate.gates import parse_drop, parse_floor

        check_reports(self.reports)
        for text in self.fail_under:
            parse_floor(text)
        for text in self.max_drop:
            parse_drop(text)
        if self.max_drop and not self.baseline:
            raise BadInput("--max-drop needs --baseline FILE: a drop from what?")
        self.before  # noqa: B018  a baseline that cannot be read is told before any work is done

    @cached_property
    def before(self) -> Report | None:
        """The report of --baseline."""
        return read_report(self.baseline) if self.baseline else None

    @property
    def resampling(self) -> Resampling | None:
        """How to resample, or None: then memory stays constant."""
        from cnchar.evaluate.significance import Resampling

        resamples = self.bootstrap or (_PAIRED_RESAMPLES if self.paired else 0)
        return Resampling(resamples, self.seed) if resamples else None

    def gates(self, report: Report) -> tuple[Gate, ...]:
        """What was asked to hold, and whether it does. Raises BadInput for scores that cannot be compared."""
        from cnchar.evaluate.gates import drop_gates, floor_gates, parse_drop, parse_floor

        gates = floor_gates(report, map(parse_floor, self.fail_under))
        if not (self.baseline and self.before):
            return gates
        drops = map(parse_drop, self.max_drop or ["0"])
        return gates + drop_gates(report, self.before, self.baseline, drops)


def finish(report: Report, asked: Asked) -> None:
    """Check the gates, write the files and standard output. Raises CheckFailed, at the very end, if a gate failed."""
    from cnchar.evaluate.wording import gate_sentence

    report = replace(report, gates=asked.gates(report))
    write_reports(report, check_reports(asked.reports))
    sys.stdout.write(render(report, asked.form))
    if failed := [gate_sentence(gate) for gate in report.gates if not gate.passed]:
        raise CheckFailed("; ".join(failed))


def check_systems(gold: str, preds: Sequence[str], model: str | None, paired: bool) -> None:
    """Raises BadInput unless there is something to score, and each stream is read only once."""
    from cnchar.io.files import STDIN

    if bool(preds) == bool(model):
        raise BadInput("Give either --pred FILE or --model NAME: what shall be compared with the gold file?")
    if [gold, *preds].count(STDIN) > 1:
        raise BadInput("Only one of --gold and --pred can be standard input (-).")
    if gold == STDIN and len(preds) > 1:
        raise BadInput("--gold - can be read only once: give one --pred, or the name of a file.")
    if len(set(preds)) < len(preds):
        raise BadInput("The same --pred is given twice.")
    if paired and len(preds) < 2:
        raise BadInput("--paired needs two --pred files or more: which is better?")


def read_report(path: str) -> Report:
    """The JSON report of an earlier run. Raises BadInput for anything else."""
    from cnchar.evaluate.render_json import from_json
    from cnchar.io.files import open_input

    with open_input(path) as stream:
        data = stream.read()
    return from_json(data.decode("utf-8", "replace"), path)
