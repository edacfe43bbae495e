from __future__ import annotations

import pytest

from cnchar.evaluate.report import Cell, Gate, Report, shown


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("f1", 0.953149, "95.31 %"),
        ("f1", 1.0, "100.00 %"),
        ("bits_per_char", 4.26543, "4.265 bits"),
        ("perplexity", 1234.5, "1234"),
        ("words", 104372, "104,372"),
        ("domain", "news", "news"),
        ("recall", None, ""),
    ],
)
def test_shown(name: str, value: Cell, text: str) -> None:
    assert shown(name, value, {"bits_per_char": "bits", "perplexity": ""}) == text


@pytest.mark.parametrize(("gates", "passed"), [((), True), ((True,), True), ((True, False), False)])
def test_a_report_passes_if_no_gate_failed(gates: tuple[bool, ...], passed: bool) -> None:
    report = Report("segment", {}, (), gates=tuple(Gate("f1 >= 0", "f1", 0.0, 0.0, each) for each in gates))
    assert report.passed is passed
