"""Training in processes of its own: killed without warning, or two that share the work (gloo, on the CPU)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")

import torch
from toy_training import ToyBatches, accuracy, toy_model, toy_settings
from toy_verse import SMALL, write_verses

from cnchar.train.checkpoint import BEST, CHECKPOINT, read_checkpoint, read_tensors
from cnchar.train.loop import fit
from cnchar.train.metrics import read_metrics

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tests" / "toy_training.py"
TORCHRUN = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
pytestmark = pytest.mark.slow


def start(folder: Path, settings: dict[str, Any], options: dict[str, Any], *launcher: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, *launcher, str(SCRIPT), str(folder), json.dumps(settings), json.dumps(options)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, start_new_session=True)


def train(folder: Path, settings: dict[str, Any], options: dict[str, Any], *launcher: str) -> None:
    process = start(folder, settings, options, *launcher)
    _, errors = process.communicate(timeout=200)
    assert process.returncode == 0, errors.decode()


def losses(folder: Path) -> list[float]:
    return [record["loss"] for record in read_metrics(folder) if "loss" in record]


def wait_for_step(folder: Path, step: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while not any(record["step"] >= step for record in read_metrics(folder)):
        assert process.poll() is None, "it ended by itself"
        assert time.monotonic() < deadline, "it never got there"
        time.sleep(0.001)


def same_weights(one: Path, other: Path) -> bool:
    (mine, _), (theirs, _) = read_tensors(one / BEST), read_tensors(other / BEST)
    return all(torch.equal(mine[name], theirs[name]) for name in theirs)


def test_killed_without_warning_and_resumed_equals_uninterrupted(tmp_path: Path) -> None:
    settings = {"epochs": 60, "checkpoint_every": 1, "ema": 0.9, "log_every": 1}
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    for resume, step in ((False, 20), (True, 150)):
        process = start(killed, settings, {"resume": resume})
        wait_for_step(killed, step, process)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        at, _, _ = read_checkpoint(killed / CHECKPOINT)
        assert step - 1 <= at.step < 360
    fit(toy_model(), ToyBatches(6), accuracy, toy_settings(**settings), killed, resume=True)
    fit(toy_model(), ToyBatches(6), accuracy, toy_settings(**settings), whole)
    assert same_weights(killed, whole)
    assert losses(killed) == losses(whole)


def test_two_processes_equal_one_with_twice_the_batch(tmp_path: Path) -> None:
    settings = {"log_every": 1, "ema": 0.9, "eval_every": 4}
    train(tmp_path / "two", settings, {"count": 6, "rows": 4, "dropout": 0.0}, *TORCHRUN)
    for name, batches, changes in (
        ("large", ToyBatches(count=3, rows=8), {}),
        ("accumulated", ToyBatches(count=6, rows=4), {"accumulate": 2}),
    ):
        model = toy_model(dropout=0.0)
        fit(model, batches, accuracy, toy_settings(**settings, **changes), tmp_path / name)
        assert len(losses(tmp_path / name)) == 9
        assert losses(tmp_path / "two") == pytest.approx(losses(tmp_path / name), rel=1e-4)
        best, _ = read_tensors(tmp_path / "two" / BEST)
        assert torch.allclose(best["output.weight"], model.output.weight, atol=1e-4)


def test_two_processes_are_stopped_and_resumed_together(tmp_path: Path) -> None:
    settings = {"epochs": 60, "log_every": 1, "accumulate": 2}
    options = {"count": 8, "rows": 2, "dropout": 0.0}
    process = start(tmp_path / "two", settings, options, *TORCHRUN)
    wait_for_step(tmp_path / "two", 5, process)
    process.send_signal(signal.SIGTERM)  # torchrun hands it on to both
    process.communicate(timeout=120)
    assert 5 <= read_checkpoint(tmp_path / "two" / CHECKPOINT)[0].step < 120
    train(tmp_path / "two", settings, {**options, "resume": True}, *TORCHRUN)
    alone = toy_settings(**{**settings, "accumulate": 4})
    fit(toy_model(dropout=0.0), ToyBatches(count=8, rows=2), accuracy, alone, tmp_path / "one")
    assert len(losses(tmp_path / "one")) == 120
    assert losses(tmp_path / "two") == pytest.approx(losses(tmp_path / "one"), rel=1e-3)


def test_two_processes_pretrain_as_one_does(tmp_path: Path) -> None:
    text = write_verses(tmp_path / "verses.txt", 300)
    settings = [word for change in (*SMALL, "epochs=1", "log_every=1") for word in ("--set", change)]
    command = ["pretrain", str(text), "--objective", "masked", "-q", *settings]
    for folder, launcher, more in (
        ("two", TORCHRUN, []),
        ("one", (), ["--set", "accumulate=2"]),
    ):
        run = [sys.executable, *launcher, "-m", "cnchar", *command, *more, "-o", str(tmp_path / folder)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        done = subprocess.run(run, env=environment, stderr=subprocess.PIPE, timeout=200, check=False)
        assert done.returncode == 0, done.stderr.decode()
    assert len(losses(tmp_path / "two")) == 5
    assert losses(tmp_path / "two") == pytest.approx(losses(tmp_path / "one")[:5], rel=1e-3)  # batches in pairs
    assert (tmp_path / "two/config.json").exists()
