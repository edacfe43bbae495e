from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from toy_training import ToyBatches, toy_model, toy_settings

from cnchar.errors import BadInput
from cnchar.train.engine.checkpoint import (
    State,
    load_optimizer,
    optimizer_tensors,
    read_checkpoint,
    read_tensors,
    run_tensors,
    write_checkpoint,
    write_tensors,
)
from cnchar.train.engine.optimizer import build_optimizer


@pytest.mark.parametrize("name", ["adamw", "sgd"])
def test_everything_comes_back(tmp_path: Path, name: str) -> None:
    model, path = toy_model(), tmp_path / "c.safetensors"
    optimizer = build_optimizer(model, toy_settings(optimizer=name))
    model(**next(ToyBatches().epoch(0))).loss.backward()
    optimizer.step()
    state = State(step=3, loss=0.1 + 0.2, best=1 / 3)
    write_checkpoint(path, state, run_tensors(model, {"w": torch.ones(2)}, optimizer), {"scale": 2.0})
    found, parts, scaler = read_checkpoint(path)
    assert (found, scaler) == (state, {"scale": 2.0})
    assert torch.equal(parts["average"]["w"], torch.ones(2))
    assert all(torch.equal(parts["weights"][name], tensor) for name, tensor in model.state_dict().items())
    other = build_optimizer(model, toy_settings(optimizer=name))
    load_optimizer(model, other, parts["optimizer"])
    mine, theirs = optimizer_tensors(model, optimizer), optimizer_tensors(model, other)
    assert len(mine) == len(theirs) >= 5
    assert all(torch.equal(theirs[name], tensor) for name, tensor in mine.items())


def test_shared_and_turned_tensors(tmp_path: Path) -> None:
    matrix = torch.arange(6.0).view(2, 3)
    write_tensors(tmp_path / "t", {"a": matrix, "b": matrix, "turned": matrix.T}, {"n": 1})
    tensors, facts = read_tensors(tmp_path / "t")
    assert facts == {"n": 1}
    assert torch.equal(tensors["b"], matrix)
    assert torch.equal(tensors["turned"], matrix.T)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t"
    write_tensors(path, {"a": torch.zeros(2)}, {"n": 1})

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(KeyboardInterrupt):
        write_tensors(path, {"a": torch.ones(2)}, {"n": 2})
    assert read_tensors(path)[1] == {"n": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["t"]


@pytest.mark.parametrize("damage", ["empty", "half", "noise", "another program's", "another kind"])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, damage: str) -> None:
    from safetensors.torch import save

    path = tmp_path / "c.safetensors"
    write_tensors(path, {"weights/a": torch.zeros(100)}, {"state": {}, "scaler": {}})
    whole = path.read_bytes()
    found = {"empty": b"", "half": whole[: len(whole) // 2], "noise": b"\xff" * 99, "another program's": save({})}
    if damage == "another kind":
        write_tensors(path, {"a": torch.zeros(1)}, {"step": 1})
    else:
        path.write_bytes(found[damage])
    with pytest.raises(BadInput, match=r"c\.safetensors: not a checkpoint"):
        read_checkpoint(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no such file"):
        read_tensors(tmp_path / "nothing")
