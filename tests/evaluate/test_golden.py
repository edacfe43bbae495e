"""Every kind of report is what its golden file says. After a change meant so: UPDATE_GOLDEN=1 pytest; read the diff."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cnchar.cli.reports import KINDS, Kind, render
from evaluate.samples import EMPTY, FULL, SIMPLE

GOLDEN = Path(__file__).with_name("golden")
SAMPLES = {"simple": SIMPLE, "full": FULL, "empty": EMPTY}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sample", SAMPLES)
def test_the_report_is_the_golden_file(sample: str, kind: Kind) -> None:
    path = GOLDEN / f"{sample}.{kind}"
    report = render(SAMPLES[sample], kind).encode("utf-8")
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(report)
    assert report == path.read_bytes()


def test_every_golden_file_is_tested() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{sample}.{kind}" for sample in SAMPLES for kind in KINDS}
