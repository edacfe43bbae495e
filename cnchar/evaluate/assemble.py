"""From what was counted for each system to the Report: signatures, scores, and, if asked for, how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cnchar.errors import BadInput
from cnchar.evaluate.report import Comparison, Error, Interval, Report, System, Table
from cnchar.evaluate.signature import Signature, data_value
from cnchar.evaluate.significance import Resampled, Resampling, bootstrap, compare, intervals
from cnchar.evaluate.tally import Tally


@dataclass(frozen=True)
class Scored:
    """What a task counted for one system. `model` is name@version if cnchar ran it, else None."""

    name: str
    tally: Tally
    tables: tuple[Table, ...] = ()
    errors: tuple[Error, ...] = ()
    model: str | None = None


@dataclass(frozen=True)
class Task:
    """What holds for all reports of a task; see Report for its fields. `norm` is the signature's."""

    name: str
    norm: str = "none"
    lower_is_better: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)


def assemble(
    task: Task,
    sources: Mapping[str, str],
    scored: Sequence[Scored],
    *,
    sha256: str,
    resampling: Resampling | None = None,
    paired: bool = False,
    unit: str = "line",
) -> Report:
    """The report on systems that were scored on one gold file of this digest, the first of them the base.

    With `resampling` every tally must have kept its sentences. `paired` compares the base with each other system.
    Raises BadInput where systems to be compared were not scored on equally many sentences.
    """
    drawn = [_resampled(each, resampling) for each in scored] if resampling else []
    found = [intervals(each.tally.metric, sample.drawn) for each, sample in zip(scored, drawn, strict=False)]
    signatures = [_signature(task, each, sha256, resampling) for each in scored]
    return Report(
        task=task.name,
        sources=sources,
        systems=tuple(map(_system, scored, signatures, found or [{} for _ in scored])),
        comparisons=_comparisons(scored, drawn, resampling) if paired and resampling else (),
        lower_is_better=task.lower_is_better,
        units=task.units,
        unit=unit,
    )


def _system(scored: Scored, signature: Signature, found: Mapping[str, Interval]) -> System:
    return System(
        name=scored.name,
        signature=signature,
        counts=scored.tally.totals(),
        scores=scored.tally.scores(),
        intervals=found,
        tables=(*scored.tables, *scored.tally.tables()),
        errors=scored.errors,
    )


def _resampled(scored: Scored, how: Resampling) -> Resampled:
    counts = scored.tally.kept()
    return Resampled(scored.name, counts, bootstrap(counts, how))


def _comparisons(scored: Sequence[Scored], drawn: Sequence[Resampled], how: Resampling) -> tuple[Comparison, ...]:
    if len({each.tally.sentences for each in scored}) > 1:
        raise BadInput("Systems can be compared only if all are scored on the same sentences.")
    base, *others = drawn
    found = (compare(scored[0].tally.metric, base, other, how) for other in others)
    return tuple(comparison for pair in found for comparison in pair)


def _signature(task: Task, scored: Scored, sha256: str, resampling: Resampling | None) -> Signature:
    from cnchar._version import __version__

    return Signature.build(
        scored.tally.metric.name,
        level=scored.tally.metric.level,
        norm=task.norm,
        data=data_value(sha256),
        n=scored.tally.sentences,
        bs=resampling.resamples if resampling else None,
        seed=resampling.seed if resampling else None,
        model=scored.model,
        v=__version__,
    )
