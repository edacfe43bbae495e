from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import cnchar
from cnchar.errors import BadInput
from cnchar.evaluate.assemble import Scored, Task, assemble
from cnchar.evaluate.report import Error, Interval, Table
from cnchar.evaluate.significance import Resampling
from cnchar.evaluate.tally import Metric, Tally, share

METRIC = Metric("acc", "char", ("right", "all"), lambda counts: {"accuracy": share(counts["right"], counts["all"])})
TASK = Task("count", norm="nfc", lower_is_better=frozenset({"cer"}), units={"bits": "bits"})
SHA256 = "ab12cd34" * 8


def scored(name: str, rights: list[int], *, keep: bool = True) -> Scored:
    tally = Tally(METRIC, keep)
    tally.add(np.array([[right, 4] for right in rights]), {"slice:domain": ["news"] * len(rights)})
    return Scored(name, tally)


def test_one_system() -> None:
    table, error = Table("by_kind", ("kind",), (("a",),)), Error("a", "b", 1, 1, "", "")
    one = replace(scored("pred.txt", [4, 2], keep=False), tables=(table,), errors=(error,), model="fast@3")
    report = assemble(TASK, {"gold": "g"}, [one], sha256=SHA256, unit="sentence")
    (system,) = report.systems
    assert str(system.signature) == (
        f"acc|level:char|norm:nfc|data:sha256:ab12cd34|n:2|model:fast@3|v:{cnchar.__version__}"
    )
    assert (system.name, system.counts, system.scores) == (
        "pred.txt",
        {"sentences": 2, "right": 6, "all": 8},
        {"accuracy": 0.75},
    )
    assert [each.name for each in system.tables] == ["by_kind", "slice:domain"]
    assert (system.errors, system.intervals, report.comparisons) == ((error,), {}, ())
    assert (report.task, report.sources, report.unit) == ("count", {"gold": "g"}, "sentence")
    assert (report.lower_is_better, report.units) == (TASK.lower_is_better, TASK.units)


def test_resampling_is_in_the_signature_and_gives_intervals() -> None:
    report = assemble(TASK, {}, [scored("a", [4, 2, 0])], sha256=SHA256, resampling=Resampling(50, seed=3))
    (system,) = report.systems
    assert "|n:3|bs:50|seed:3|v:" in str(system.signature)
    assert set(system.intervals) == {"accuracy"}
    assert system.intervals["accuracy"].low < 0.5 < system.intervals["accuracy"].high
    assert report.comparisons == ()


def test_the_first_system_is_the_base() -> None:
    three = [scored("a", [4, 2, 0]), scored("b", [4, 3, 0]), scored("c", [0, 0, 0])]
    report = assemble(TASK, {}, three, sha256=SHA256, resampling=Resampling(50), paired=True)
    assert [(each.base, each.other, each.difference) for each in report.comparisons] == [
        ("a", "b", pytest.approx(1 / 12)),
        ("a", "c", -0.5),
    ]


def test_an_interval_does_not_depend_on_the_other_systems() -> None:
    how = Resampling(50)
    alone = assemble(TASK, {}, [scored("b", [4, 3, 0])], sha256=SHA256, resampling=how)
    both = assemble(TASK, {}, [scored("a", [1, 1, 1]), scored("b", [4, 3, 0])], sha256=SHA256, resampling=how)
    assert alone.systems[0].intervals == both.systems[1].intervals
    assert both.systems[0].intervals == {"accuracy": Interval(0.25, 0.25)}


def test_systems_scored_on_other_sentences_are_not_compared() -> None:
    pair = [scored("a", [4, 2, 0]), scored("b", [4, 3])]
    with pytest.raises(BadInput, match="only if all are scored on the same sentences"):
        assemble(TASK, {}, pair, sha256=SHA256, resampling=Resampling(5), paired=True)
