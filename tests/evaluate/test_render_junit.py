from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from hypothesis import given, settings

from cnchar.evaluate.markup import printable
from cnchar.evaluate.render_junit import to_junit
from evaluate.hostile import TEXTS, report_of
from evaluate.samples import FULL, SIMPLE


def test_gates_are_test_cases() -> None:
    root = ElementTree.fromstring(to_junit(FULL))
    (suite,) = root
    assert (root.tag, suite.tag) == ("testsuites", "testsuite")
    assert [suite.get(name) for name in ("tests", "failures", "errors")] == ["3", "1", "0"]
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [gate.name for gate in FULL.gates]
    assert [len(case) for case in cases] == [0, 1, 0]
    failure = cases[1][0]
    assert failure.tag == "failure"
    assert failure.get("message") == "fast@1: oov_recall >= 0.71 failed: oov_recall is 0.7099999"


def test_scores_are_properties_unrounded() -> None:
    suite = ElementTree.fromstring(to_junit(FULL))[0]
    properties = {each.get("name"): each.get("value") for each in suite.findall("properties/property")}
    for system in FULL.systems:
        assert properties[f"{system.name}: signature"] == str(system.signature)
        for name, score in system.scores.items():
            assert float(properties[f"{system.name}: {name}"] or "") == score


def test_a_report_without_a_gate_has_one_test_that_passes() -> None:
    suite = ElementTree.fromstring(to_junit(SIMPLE))[0]
    (case,) = suite.findall("testcase")
    assert (suite.get("tests"), suite.get("failures"), len(case)) == ("1", "0", 0)


@settings(deadline=None)
@given(TEXTS)
def test_any_text_gives_a_file_that_can_be_read(text: str) -> None:
    suite = ElementTree.fromstring(to_junit(report_of(text)))[0]
    assert suite.get("failures") == "1"
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.text == f"{printable(text)} failed: f1 is 0.5"
