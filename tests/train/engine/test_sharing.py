"""A model in parts, here all in one process: what it learns, keeps and shows is what the whole one does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
import torch.distributed as dist
from torch.distributed.tensor import DTensor
from toy_training import ToyBatches, toy_model, toy_settings

from cnchar.errors import BadInput, CncharError
from cnchar.nn.config import Backbone
from cnchar.nn.model import CharacterModel
from cnchar.train.engine.checkpoint import State, read_checkpoint
from cnchar.train.engine.device import Place, open_place
from cnchar.train.engine.learner import Learner
from cnchar.train.engine.sharing import Copies, Parts, share

CPU = Place(torch.device("cpu"))


@pytest.fixture
def group() -> Iterator[None]:
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    yield
    dist.destroy_process_group()


def learned(learner: Learner, batches: ToyBatches) -> None:
    for step, batch in enumerate(batches.epoch(0)):
        learner.step(step, 0.01, [(batch, 1)], 1)


@pytest.mark.usefixtures("group")
@pytest.mark.parametrize("backbone", ["gru", "cnn"])
def test_it_learns_and_is_kept_as_the_whole_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backbone: Backbone
) -> None:
    settings, paths = toy_settings(ema=0.9), [tmp_path / "parts", tmp_path / "whole"]
    whole = Learner(toy_model(0.0, backbone), settings, CPU)
    with monkeypatch.context() as patch:
        patch.setattr("cnchar.train.engine.learner.share", lambda model, parallel, place: Parts(model, place))
        parts, again = (Learner(toy_model(0.0, backbone), settings, CPU) for _ in range(2))
    assert all(isinstance(value, DTensor) for value in parts.average.values.values())
    for learner, path in zip((parts, whole), paths, strict=True):
        learned(learner, ToyBatches())
        learner.save(path, State(step=5))
    again.load(paths[1])
    again.save(tmp_path / "again", State(step=5))
    mine, theirs, loaded = (read_checkpoint(path)[1] for path in (*paths, tmp_path / "again"))
    for part, tensors in theirs.items():
        assert mine[part].keys() == tensors.keys()
        assert all(torch.allclose(mine[part][name], tensor, atol=1e-5) for name, tensor in tensors.items())
        assert all(torch.equal(loaded[part][name], tensor) for name, tensor in tensors.items())
    with parts.evaluating() as judged, torch.no_grad():
        assert isinstance(judged, CharacterModel) and not judged.training
        assert torch.allclose(judged.output.weight, theirs["average"]["output.weight"], atol=1e-5)
    assert parts.is_finite()
    with torch.no_grad():
        next(iter(dict(parts._trained.named_parameters()).values())).to_local().fill_(float("nan"))  # type: ignore[attr-defined]
    assert not parts.is_finite()


def test_one_process_has_the_whole() -> None:
    for parallel in ("ddp", "fsdp"):
        assert isinstance(share(toy_model(), parallel, CPU), Copies)  # type: ignore[arg-type]


def test_half_precision_is_not_for_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnchar.train.engine.device.choose_precision", lambda *_: torch.float16)
    with pytest.raises(BadInput, match="fp16 is not for parallel=fsdp"), open_place(toy_settings(parallel="fsdp")):
        pass


def test_where_the_main_process_fails_all_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise BadInput("no")

    assert CPU.in_main(lambda: 3) == 3
    with pytest.raises(BadInput, match=r"^no$"):
        CPU.in_main(fail)
    other = replace(CPU, rank=1)
    assert other.in_main(fail) is None
    monkeypatch.setattr(Place, "total", lambda self, failed: [failed + 1])
    with pytest.raises(CncharError, match="first process of this run could not go on"):
        other.in_main(fail)
