from __future__ import annotations

from dataclasses import replace

import pytest

from cnchar.errors import BadInput
from cnchar.evaluate.compare import merge
from cnchar.evaluate.report import Gate, Report
from evaluate.reports import report, system


def test_systems_in_the_order_of_the_files() -> None:
    one, two = report(system({"f1": 0.9}, "fast@1")), report(system({"f1": 0.8}, "jieba@1"), system({"f1": 0.7}, "x"))
    merged = merge([one, two], ["1.json", "2.json"])
    assert merged.systems == (*one.systems, *two.systems)
    assert (merged.task, merged.sources) == ("segment", {"reports": "1.json, 2.json"})
    assert merged.lower_is_better == {"cer"}


def test_systems_of_one_name_are_told_apart_by_file() -> None:
    one, two = report(system({"f1": 0.9}, "fast@1")), report(system({"f1": 0.8}, "fast@1"), system({"f1": 0.7}, "x"))
    assert [each.name for each in merge([one, two], ["1.json", "2.json"]).systems] == ["1.json", "2.json: fast@1", "x"]


def test_what_holds_for_one_run_only_is_left_out() -> None:
    one = replace(report(system({"f1": 0.9})), gates=(Gate("f1 >= 1", "f1", 0.9, 1.0, False),))
    assert merge([one], ["1.json"]).gates == ()


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (report(system({"f1": 0.8}, n=3)), r"2.json was measured in another way \(n: 2 against 3\)"),
        (replace(report(system({"f1": 0.8})), task="tag"), "2.json is a report on tag, not on segment"),
    ],
)
def test_other_data_and_tasks_are_refused(other: Report, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        merge([report(system({"f1": 0.9})), other], ["1.json", "2.json"])


def test_nothing_to_compare() -> None:
    with pytest.raises(BadInput, match="Nothing to compare"):
        merge([], [])
