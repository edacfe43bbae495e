"""The loop: exact resume from any kill, signals, bad losses, full disks, early stopping, averaged weights."""

from __future__ import annotations

import operator
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from full_disk import largest_file

pytest.importorskip("torch")

import torch
from toy_training import LENGTH, ToyBatches, accuracy, toy_model, toy_settings, weights_of

from cnchar.errors import BadInput, CncharError
from cnchar.train.engine.checkpoint import BEST, CHECKPOINT, read_checkpoint, read_tensors
from cnchar.train.engine.loop import fit
from cnchar.train.engine.metrics import read_metrics

FREQUENT = {"checkpoint_every": 1, "ema": 0.9, "eval_every": 4}


class Killed(BaseException):
    """The process dies here, as far as the loop can tell."""


class DyingBatches(ToyBatches):
    """Toy batches until the process is killed in the middle of an epoch."""

    def epoch(self, number: int, start: int = 0, step: int = 1) -> Iterator[dict[str, torch.Tensor]]:
        for index, batch in enumerate(super().epoch(number, start, step), start):
            if (number, index) == (1, 3):
                raise Killed
            yield batch


def curve(folder: Path) -> list[dict[str, Any]]:
    """The metrics without what the clock says."""
    timed = ("seconds", "characters_per_second")
    return [{name: value for name, value in record.items() if name not in timed} for record in read_metrics(folder)]


def test_learns(tmp_path: Path) -> None:
    state = fit(toy_model(), ToyBatches(20), accuracy, toy_settings(epochs=10, lr=0.03), tmp_path)
    assert state.best is not None
    assert state.best > 0.95
    assert (state.step, state.epoch, state.characters) == (200, 10, 200 * 4 * LENGTH)
    losses = [record["loss"] for record in read_metrics(tmp_path) if "loss" in record]
    assert losses[-1] < losses[0] / 2


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    folder, model = tmp_path_factory.mktemp("whole"), toy_model()
    fit(model, ToyBatches(), accuracy, toy_settings(**FREQUENT), folder)
    return folder, weights_of(model)


def resumed_equals(uninterrupted: tuple[Path, dict[str, bytes]], folder: Path, **changes: Any) -> None:
    """A resumed run ends with the same weights, curve and checkpoint, bit for bit."""
    model = toy_model()
    fit(model, ToyBatches(), accuracy, toy_settings(**FREQUENT | changes), folder, resume=True)
    assert weights_of(model) == uninterrupted[1]
    assert curve(folder) == curve(uninterrupted[0])
    (state, parts, _), (other, other_parts, _) = (read_checkpoint(f / CHECKPOINT) for f in (folder, uninterrupted[0]))
    assert {**vars(state), "seconds": 0} == {**vars(other), "seconds": 0}
    assert all(torch.equal(parts[p][n], other_parts[p][n]) for p in parts for n in other_parts[p])


def test_killed_between_steps_and_resumed(uninterrupted: Any, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        fit(toy_model(), DyingBatches(), accuracy, toy_settings(**FREQUENT), tmp_path)
    assert read_checkpoint(tmp_path / CHECKPOINT)[0].step == 8
    resumed_equals(uninterrupted, tmp_path)


def test_killed_long_after_the_checkpoint_and_resumed(uninterrupted: Any, tmp_path: Path) -> None:
    rare = toy_settings(**FREQUENT | {"checkpoint_every": 0})
    with pytest.raises(Killed):
        fit(toy_model(), DyingBatches(count=5), accuracy, rare, tmp_path)
    with (tmp_path / "metrics.jsonl").open("a") as stream:
        stream.write('{"step": 10, "loss": 0.1}\n{"step": 1')  # of steps after the checkpoint, half a line too
    resumed_equals(uninterrupted, tmp_path)


def test_killed_while_evaluating_and_resumed(uninterrupted: Any, tmp_path: Path) -> None:
    calls = []

    def dying(model: torch.nn.Module) -> dict[str, float]:
        calls.append(model)
        if len(calls) == 2:
            raise Killed
        return accuracy(model)

    with pytest.raises(Killed):
        fit(toy_model(), ToyBatches(), dying, toy_settings(**FREQUENT), tmp_path)
    resumed_equals(uninterrupted, tmp_path)


def test_killed_after_an_evaluation_was_told_and_resumed(tmp_path: Path) -> None:
    def dying(record: Any) -> None:
        if record["step"] == 10 and "dev" in record:
            raise Killed

    changes, model = {"eval_every": 0}, toy_model()
    settings = toy_settings(**FREQUENT | changes)
    fit(model, ToyBatches(), accuracy, settings, tmp_path / "whole")
    with pytest.raises(Killed):
        fit(toy_model(), ToyBatches(), accuracy, settings, tmp_path / "killed", report=dying)
    resumed_equals((tmp_path / "whole", weights_of(model)), tmp_path / "killed", **changes)


def test_killed_before_the_first_checkpoint_and_resumed(uninterrupted: Any, tmp_path: Path) -> None:
    def dying(model: torch.nn.Module) -> dict[str, float]:
        raise Killed

    with pytest.raises(Killed):
        fit(toy_model(), ToyBatches(), dying, toy_settings(**FREQUENT | {"checkpoint_every": 0}), tmp_path)
    assert not (tmp_path / CHECKPOINT).exists()
    resumed_equals(uninterrupted, tmp_path)


def test_sigterm_writes_a_checkpoint_and_then_ends_as_it_would_have(uninterrupted: Any, tmp_path: Path) -> None:
    told: list[Any] = []

    def at_step_six(record: Any) -> None:
        told.append(record)
        if record["step"] == 6 and "loss" in record:
            signal.raise_signal(signal.SIGTERM)

    def exit_143(number: int, frame: object) -> None:
        raise SystemExit(143)

    before = signal.signal(signal.SIGTERM, exit_143)
    settings = toy_settings(**FREQUENT | {"checkpoint_every": 0})
    try:
        with pytest.raises(SystemExit) as stopped:
            fit(toy_model(), ToyBatches(), accuracy, settings, tmp_path, report=at_step_six)
        assert signal.getsignal(signal.SIGTERM) is exit_143
    finally:
        signal.signal(signal.SIGTERM, before)
    assert stopped.value.code == 143
    assert told[-1]["stopped"] == str(tmp_path)
    assert read_checkpoint(tmp_path / CHECKPOINT)[0].step == 6
    resumed_equals(uninterrupted, tmp_path)


def test_evaluating_leaves_no_trace_in_training(tmp_path: Path) -> None:
    def noisy(model: torch.nn.Module) -> dict[str, float]:
        torch.rand(1000)
        return {"steps": float(len(read_metrics(tmp_path / "often")))}  # later is better

    often, never = toy_model(), toy_model()
    fit(often, ToyBatches(), noisy, toy_settings(eval_every=1), tmp_path / "often")
    fit(never, ToyBatches(), None, toy_settings(), tmp_path / "never")
    assert weights_of(often) == weights_of(never)


def test_accumulated_batches_equal_one_large_batch(tmp_path: Path) -> None:
    def losses(batches: ToyBatches, name: str, **changes: Any) -> list[float]:
        settings = toy_settings(log_every=1, **changes)
        fit(toy_model(dropout=0.0), batches, None, settings, tmp_path / name)
        return [record["loss"] for record in read_metrics(tmp_path / name)]

    together = losses(ToyBatches(count=3, rows=8), "together")
    apart = losses(ToyBatches(count=6, rows=4), "apart", accumulate=2)
    assert len(together) == 9
    assert apart == pytest.approx(together, rel=1e-4)


class UnevenBatches(ToyBatches):
    """In every second batch only the first character counts."""

    def epoch(self, number: int, start: int = 0, step: int = 1) -> Iterator[dict[str, torch.Tensor]]:
        for index, batch in enumerate(super().epoch(number)):
            if index % 2:
                batch["chars"][:, 1:] = 0
                batch["targets"][:, 1:] = -100
            if index >= start and (index - start) % step == 0:
                yield batch


def test_every_character_of_a_step_counts_the_same(tmp_path: Path) -> None:
    model = toy_model(dropout=0.0)
    batches = list(UnevenBatches(count=2).epoch(0))
    together = {name: torch.cat([batch[name] for batch in batches]) for name in batches[0]}
    expected = model(**together).loss.item()
    fit(model, UnevenBatches(count=2), None, toy_settings(max_steps=1, accumulate=2, log_every=1), tmp_path)
    assert read_metrics(tmp_path)[0]["loss"] == pytest.approx(expected, rel=1e-5)


def test_averaged_weights_are_judged_and_kept(tmp_path: Path) -> None:
    judged: list[dict[str, bytes]] = []

    def judge(model: torch.nn.Module) -> dict[str, float]:
        assert not model.training
        assert not torch.is_grad_enabled()
        judged.append(weights_of(model))
        return {"score": float(len(judged))}

    model = toy_model()
    fit(model, ToyBatches(), judge, toy_settings(ema=0.9), tmp_path)
    _, parts, _ = read_checkpoint(tmp_path / CHECKPOINT)
    assert judged[-1] == weights_of(model)
    assert weights_of(model)["output.bias"] == parts["average"]["output.bias"].numpy().tobytes()
    assert not torch.equal(parts["average"]["output.bias"], parts["weights"]["output.bias"])


@pytest.mark.parametrize(("better", "best"), [(operator.gt, 0.9), (operator.lt, 0.2)])
def test_patience_ends_training_with_the_best_weights(tmp_path: Path, better: Any, best: float) -> None:
    up = [0.5, 0.9, 0.7, 0.8, 0.1]
    scores = iter(up if better is operator.gt else [0.5, 0.2, 0.4, 0.3, 0.1])
    judged: list[dict[str, bytes]] = []

    def judge(model: torch.nn.Module) -> dict[str, float]:
        judged.append(weights_of(model))
        return {"score": next(scores)}

    model = toy_model()
    state = fit(model, ToyBatches(), judge, toy_settings(epochs=9, patience=2), tmp_path, better=better)
    assert (state.epoch, state.best, state.stale) == (4, best, 2)
    assert weights_of(model) == judged[1]
    assert read_tensors(tmp_path / BEST)[1]["dev"] == {"score": best}


@pytest.mark.parametrize(
    ("limits", "steps"),
    [
        ({"epochs": 2}, 10),
        ({"max_steps": 7}, 7),
        ({"max_chars": 3 * 4 * LENGTH}, 3),
        ({"epochs": 0, "max_steps": 12}, 12),
    ],
)
def test_limits(tmp_path: Path, limits: dict[str, int], steps: int) -> None:
    assert fit(toy_model(), ToyBatches(), None, toy_settings(**limits), tmp_path).step == steps


def test_a_finished_run_can_be_resumed_for_longer(tmp_path: Path) -> None:
    model, longer = toy_model(), toy_model()
    state = fit(model, ToyBatches(), accuracy, toy_settings(max_steps=5), tmp_path)
    again = fit(longer, ToyBatches(), accuracy, toy_settings(max_steps=5), tmp_path, resume=True)
    assert again.step == state.step == 5
    assert weights_of(longer) == weights_of(model)
    assert fit(longer, ToyBatches(), accuracy, toy_settings(max_steps=8), tmp_path, resume=True).step == 8


def test_an_average_may_begin_with_a_resume(tmp_path: Path) -> None:
    fit(toy_model(), ToyBatches(), None, toy_settings(max_steps=5), tmp_path)
    before = read_checkpoint(tmp_path / CHECKPOINT)[1]["weights"]["output.bias"]
    fit(toy_model(), ToyBatches(), None, toy_settings(max_steps=6, ema=0.999), tmp_path, resume=True)
    _, parts, _ = read_checkpoint(tmp_path / CHECKPOINT)
    expected = torch.lerp(parts["weights"]["output.bias"], before, 6 / 15)
    assert torch.allclose(parts["average"]["output.bias"], expected)


def test_a_run_is_not_overwritten(tmp_path: Path) -> None:
    fit(toy_model(), ToyBatches(), None, toy_settings(max_steps=1), tmp_path)
    with pytest.raises(BadInput, match="--resume"):
        fit(toy_model(), ToyBatches(), None, toy_settings(max_steps=1), tmp_path)


@pytest.mark.parametrize("poison", ["loss", "weights"])
def test_a_loss_that_is_no_number_leaves_the_last_good_checkpoint(tmp_path: Path, poison: str) -> None:
    model = toy_model()

    def poisoned(record: Any) -> None:
        if record["step"] == 6:
            with torch.no_grad():
                (model.output if poison == "loss" else model.embeddings.characters).weight[:] = float("nan")

    settings = toy_settings(checkpoint_every=2, ema=0.9)
    with pytest.raises(CncharError, match=r"not a number any more at step 6: .*lr"):
        fit(model, ToyBatches(count=20), None, settings, tmp_path, report=poisoned)
    state, parts, _ = read_checkpoint(tmp_path / CHECKPOINT)
    assert state.step == 4
    assert all(bool(tensor.isfinite().all()) for part in parts.values() for tensor in part.values())


def test_a_full_disk_leaves_the_last_good_checkpoint(uninterrupted: Any, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        fit(toy_model(), DyingBatches(), accuracy, toy_settings(**FREQUENT), tmp_path)
    before = (tmp_path / CHECKPOINT).read_bytes()
    with largest_file(len(before) // 2), pytest.raises(CncharError, match=r"No space left to write .*checkpoint"):
        fit(toy_model(), ToyBatches(), accuracy, toy_settings(**FREQUENT), tmp_path, resume=True)
    assert (tmp_path / CHECKPOINT).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [BEST, CHECKPOINT, "metrics.jsonl"]
    resumed_equals(uninterrupted, tmp_path)


def test_a_checkpoint_of_another_model_is_refused(tmp_path: Path) -> None:
    fit(toy_model(), ToyBatches(), None, toy_settings(max_steps=1), tmp_path)
    other = torch.nn.Linear(2, 2)
    with pytest.raises(BadInput, match="of another model"):
        fit(other, ToyBatches(), None, toy_settings(max_steps=2), tmp_path, resume=True)


def test_nothing_to_train_on(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not one batch"):
        fit(toy_model(), ToyBatches(count=0), None, toy_settings(), tmp_path)


def test_the_clock_asks_for_checkpoints(tmp_path: Path) -> None:
    seen: list[int] = []

    def look(record: Any) -> None:
        if (tmp_path / CHECKPOINT).exists():
            seen.append(read_checkpoint(tmp_path / CHECKPOINT)[0].step)

    fit(toy_model(), ToyBatches(), None, toy_settings(epochs=1, checkpoint_seconds=1e-6), tmp_path, report=look)
    assert seen == [1, 3]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # torch's own, while it compiles
def test_compiled_models_learn_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, plain = toy_model(dropout=0.0), toy_model(dropout=0.0)
    fit(plain, ToyBatches(), None, toy_settings(epochs=1), tmp_path / "plain")
    compilers: list[Any] = []

    def compile_quickly(model: torch.nn.Module) -> Any:  # without a C++ compiler
        compilers.append(torch_compile(model, backend="eager"))
        return compilers[-1]

    torch_compile = torch.compile
    monkeypatch.setattr(torch, "compile", compile_quickly)
    fit(compiled, ToyBatches(), None, toy_settings(compile=True, epochs=1), tmp_path / "compiled")
    assert len(compilers) == 1
    assert torch.allclose(compiled.output.weight, plain.output.weight, atol=1e-4)


@pytest.mark.parametrize("changes", [{"amp": "bf16"}, {"optimizer": "sgd", "lr": 0.3}, {"clip": 0.0, "accumulate": 2}])
def test_other_ways_learn_and_resume_too(tmp_path: Path, changes: dict[str, Any]) -> None:
    model, settings = toy_model(), toy_settings(**FREQUENT | changes)
    fit(model, ToyBatches(), accuracy, settings, tmp_path / "whole")
    losses = [record["loss"] for record in read_metrics(tmp_path / "whole") if "loss" in record]
    assert losses[-1] < losses[0]
    with pytest.raises(Killed):
        fit(toy_model(), DyingBatches(), accuracy, settings, tmp_path / "killed")
    resumed_equals((tmp_path / "whole", weights_of(model)), tmp_path / "killed", **changes)
