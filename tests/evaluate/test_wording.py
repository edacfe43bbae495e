from __future__ import annotations

from dataclasses import replace

from cnchar.evaluate.report import Gate, Table
from cnchar.evaluate.wording import column_labels, count_text, gate_sentence, headline, label, signed, verdict
from evaluate.samples import EMPTY, FULL, SIMPLE


def test_gates_in_words() -> None:
    assert [verdict(report) for report in (SIMPLE, FULL)] == ["", "1 of 3 gates failed"]
    assert verdict(replace(FULL, gates=FULL.gates[:1])) == "1 of 1 gates passed"
    just_below = Gate("f1 >= 0.95", "f1", 0.9499999999, 0.95, False)
    assert gate_sentence(just_below) == "f1 >= 0.95 failed: f1 is 0.9499999999"


def test_names_for_people() -> None:
    assert [label(name) for name in ("oov_recall", "slice:user_id", "f1")] == ["oov recall", "by user_id", "f1"]
    assert column_labels(Table("classes", ("class", "f_1"), ())) == ["class", "f 1"]
    assert column_labels(Table("confusion_matrix", ("gold", "a_b"), ())) == ["gold", "a_b"]


def test_numbers_for_people() -> None:
    assert [signed("f1", d, {}) for d in (0.0038, -0.5)] == ["+0.38 points", "-50.00 points"]
    assert signed("bits", -0.25, {"bits": "bits"}) == "-0.25 bits"
    assert [count_text(count) for count in (None, 1944, 1234.5, 7.0)] == ["", "1,944", "1,234.50", "7"]
    assert [headline(r, r.systems[0]) for r in (SIMPLE, EMPTY)] == ["f1 70.00 %", "no scores"]
