from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cnchar.errors import MissingExtra
from cnchar.train.engine.metrics import CURVE, METRICS, Metrics, draw_curve, read_metrics

RECORDS: list[dict[str, Any]] = [
    {"step": 2, "loss": 0.5, "lr": 0.1},
    {"step": 2, "dev": {"f1": 0.25, "precision": 0.5}},
    {"step": 4, "loss": 0.25, "lr": 0.1},
]


def written(folder: Path, tensorboard: bool = False) -> Path:
    metrics = Metrics(folder, tensorboard=tensorboard)
    for record in RECORDS:
        metrics.write(record)
    metrics.close()
    return folder


def test_each_record_is_a_line_at_once(tmp_path: Path) -> None:
    metrics = Metrics(tmp_path)
    metrics.write(RECORDS[0])
    assert json.loads((tmp_path / METRICS).read_text()) == RECORDS[0]


def test_what_a_killed_run_wrote_too_much_goes(tmp_path: Path) -> None:
    with (written(tmp_path) / METRICS).open("a") as stream:
        stream.write('{"step": 6, "lo')
    assert read_metrics(tmp_path) == RECORDS
    Metrics(tmp_path, keep=2).write({"step": 3})
    assert read_metrics(tmp_path) == [*RECORDS[:2], {"step": 3}]


def test_no_metrics_yet(tmp_path: Path) -> None:
    assert read_metrics(tmp_path) == []


def test_the_picture(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert draw_curve(written(tmp_path))
    picture = (tmp_path / CURVE).read_bytes()
    assert picture.startswith(b"\x89PNG")
    Metrics(tmp_path, keep=1)
    assert draw_curve(tmp_path)
    assert (tmp_path / CURVE).read_bytes() != picture


def test_a_picture_of_nothing(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert draw_curve(tmp_path)


def test_no_picture_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    assert not draw_curve(written(tmp_path))
    assert not (tmp_path / CURVE).exists()


@pytest.mark.filterwarnings("ignore")  # of TensorBoard's own
def test_tensorboard(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(written(tmp_path, tensorboard=True) / "tensorboard"))
    events.Reload()
    assert set(events.Tags()["scalars"]) == {"train/loss", "train/lr", "dev/f1", "dev/precision"}
    assert [(event.step, event.value) for event in events.Scalars("train/loss")] == [(2, 0.5), (4, 0.25)]


def test_tensorboard_is_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(MissingExtra, match="tensorboard"):
        Metrics(tmp_path, tensorboard=True)
