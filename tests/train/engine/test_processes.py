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

from cnchar.nn.config import Backbone
from cnchar.train.engine.checkpoint import BEST, CHECKPOINT, read_checkpoint, read_tensors
from cnchar.train.engine.loop import fit
from cnchar.train.engine.metrics import read_metrics
from cnchar.train.language.learn import train_language
from cnchar.train.language.options import PretrainOptions

ROOT = Path(__file__).resolve().parents[3]
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


@pytest.mark.parametrize("backbone", ["cnn", "gru"])
def test_parts_of_a_model_equal_the_whole_and_checkpoints_go_both_ways(tmp_path: Path, backbone: Backbone) -> None:
    """Five steps of nine are taken by one process, or by two that hold a part each, and the rest by the other kind."""
    settings = {"log_every": 1, "ema": 0.9, "eval_every": 4, "decay": "constant"}  # so that rates know no end
    options = {"dropout": 0.0, "backbone": backbone}

    def alone(name: str, **changes: Any) -> None:
        all_settings = toy_settings(**settings, accumulate=2, **changes)
        fit(toy_model(0.0, backbone), ToyBatches(6), accuracy, all_settings, tmp_path / name, resume=True)

    def together(name: str, **changes: Any) -> None:
        train(tmp_path / name, settings | {"parallel": "fsdp"} | changes, options | {"resume": True}, *TORCHRUN)

    first, second = (together, alone) if backbone == "cnn" else (alone, together)
    first("mixed", max_steps=5)
    second("mixed")
    alone("whole")
    assert len(losses(tmp_path / "mixed")) == 9
    assert losses(tmp_path / "mixed") == pytest.approx(losses(tmp_path / "whole"), rel=1e-4)
    (state, mine, _), (_, theirs, _) = (read_checkpoint(tmp_path / name / CHECKPOINT) for name in ("mixed", "whole"))
    assert state.batches == 2
    for part, tensors in theirs.items():
        assert {name: tensor.shape for name, tensor in mine[part].items()} == {n: t.shape for n, t in tensors.items()}
        assert all(torch.allclose(mine[part][name], tensor, atol=1e-4) for name, tensor in tensors.items())


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


DYING = """
import os, signal
from cnchar.cli.main import main
from cnchar.train.engine import loop
from cnchar.train.export import deploy

step, deploy.onnx_bytes = loop._Run._step, lambda model: b""

def dying(run, work):
    step(run, work)
    if (os.environ["RANK"], os.environ["TORCHELASTIC_RESTART_COUNT"], run.state.step) == ("1", "0", 3):
        os.kill(os.getpid(), signal.SIGKILL)

loop._Run._step = dying
main()
"""


def test_torchrun_goes_on_by_itself_when_a_process_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script, text = tmp_path / "dying.py", write_verses(tmp_path / "verses.txt", 300)
    script.write_text(DYING, encoding="utf-8")
    changes = (*SMALL, "epochs=1", "log_every=1", "checkpoint_every=2")
    settings = [word for change in changes for word in ("--set", change)]
    command = ["pretrain", str(text), "--objective", "masked", "-q", *settings, "-o", str(tmp_path / "died")]
    run = [sys.executable, *TORCHRUN, "--max-restarts", "1", str(script), *command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(run, env=environment, stderr=subprocess.PIPE, timeout=200, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert b"Another process of this run has ended" in done.stderr
    monkeypatch.setattr("cnchar.train.export.deploy.onnx_bytes", lambda model: b"")
    asked = PretrainOptions((str(text),), objective="masked")
    train_language(asked, tmp_path / "whole", changes=[*changes, "accumulate=2"], quiet=True)
    assert len(losses(tmp_path / "died")) == 5
    assert losses(tmp_path / "died") == pytest.approx(losses(tmp_path / "whole")[:5], rel=1e-3)  # batches in pairs
    assert (tmp_path / "died/config.json").exists()
