"""Baselines: findings that are known are no news, wherever their line has moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnchar.errors import BadInput
from cnchar.runtime.known_findings import Baseline, place_of, read_baseline, write_baseline
from cnchar.tasks.edits import Correction, Edit

EDITS = (Edit(1, 2, "心", "兴", 0.9), Edit(3, 4, "背", "北", 0.8))
LINE = Correction("高心去背京", EDITS)


def test_what_was_written_is_known(tmp_path: Path) -> None:
    path = str(tmp_path / "known.json")
    write_baseline(path, [place_of("docs/a.md", LINE, EDITS[0])] * 2)
    baseline = read_baseline(path)
    assert len(baseline.places) == 1
    assert baseline.without("docs/a.md", LINE).edits == EDITS[1:]
    other_target = Correction(LINE.source, (Edit(1, 2, "心", "新", 0.5),))
    assert baseline.without("docs/a.md", other_target).edits == ()
    longer = Correction("高心去背京了" + "很远" * 9, EDITS)
    assert baseline.without("docs/a.md", longer).edits == EDITS
    assert baseline.without("docs/b.md", LINE) == LINE


def test_an_empty_one_and_odd_characters(tmp_path: Path) -> None:
    path = str(tmp_path / "known.json")
    write_baseline(path, [])
    assert read_baseline(path) == Baseline()
    odd = Correction('高\u2028心"\\', (Edit(2, 3, "心", "兴", 0.9),))
    write_baseline(path, [place_of("a", odd, odd.edits[0])])
    assert read_baseline(path).without("a", odd).edits == ()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{}]}', "\xff"]
)
def test_what_is_no_baseline(tmp_path: Path, text: str) -> None:
    path = tmp_path / "known.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(BadInput, match=r"known\.json: not a file of known findings"):
        read_baseline(str(path))


def test_a_missing_baseline() -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_baseline("/nowhere")
