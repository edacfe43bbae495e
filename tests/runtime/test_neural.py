"""Networks as onnxruntime and PyTorch run them: the same scores, explicit threads, and the right choice of device."""

from __future__ import annotations

import os
import sys
import types
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save
from toy_neural import SYMBOLS, toy_config, write_neural

import cnchar
from cnchar.bundle import Bundle, open_bundle
from cnchar.errors import BadBundle, BadInput, CncharError, MissingExtra
from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.runtime import neural
from cnchar.runtime.neural import BATCH, OnnxNetwork, TorchNetwork, available_cpus, batch_chars, open_network
from cnchar.runtime.segmenter import load_segmenter
from cnchar.tasks.tables import NEURAL

SMALL = {"backbone": "cnn", "embedding": 8, "hidden": 8, "layers": 1}
torch.set_num_threads(1)


def opened(folder: Path) -> Bundle:
    return open_bundle(folder, "segment", (NEURAL,))


def batch(config: ModelConfig, lengths: tuple[int, ...] = (7, 4, 1)) -> dict[str, Any]:
    """Random inputs for a network."""
    random = np.random.default_rng(3)
    inside = np.arange(max(lengths)) < np.array(lengths)[:, None]
    out: dict[str, Any] = {"chars": random.integers(1, config.symbols, inside.shape) * inside}
    if config.flags:
        out["flags"] = random.integers(0, 2, (*inside.shape, len(config.flags)))
    if config.prior:
        out["prior"] = random.normal(size=(*inside.shape, 4)).astype(np.float32)
    return out


def trained(tables: bool = False, half: bool = False, seed: int = 1) -> tuple[CharacterModel, bytes, dict[str, Any]]:
    """A model of PyTorch with random weights, its weights' file and what the config says of it."""
    settings = toy_config(tables)["model"] | SMALL
    torch.manual_seed(seed)
    model = CharacterModel(ModelConfig.from_dict(settings)).eval()
    torch.nn.init.normal_(model.output.weight)  # zero where there is a prior
    state = {name: value.half() if half else value for name, value in model.state_dict().items()}
    return model, save(state), {"model": settings}


@pytest.mark.parametrize("tables", [False, True])
@pytest.mark.parametrize("half", [False, True])
def test_torch_runs_the_train_weights(tmp_path: Path, tables: bool, half: bool) -> None:
    model, weights, changes = trained(tables, half)
    bundle = opened(write_neural(tmp_path / "toy", {"weights.safetensors": weights}, changes, tables=tables))
    network = TorchNetwork(bundle, model.config, "cpu")
    inputs = batch(model.config)
    with torch.inference_mode():
        expected = model(**{name: torch.from_numpy(array) for name, array in inputs.items()}).logits.numpy()
    logits = network(inputs)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits, expected, atol=0.02 if half else 1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("backbone", ["lstm", "transformer"])
def test_the_two_networks_of_a_run_folder_agree(tmp_path: Path, backbone: str) -> None:
    """And neither lets a row's scores depend on what is in the batch."""
    export = pytest.importorskip("cnchar.train.export.deploy")
    config = ModelConfig(SYMBOLS, backbone=backbone, embedding=8, hidden=16, layers=2)  # type: ignore[arg-type]
    torch.manual_seed(2)
    model = CharacterModel(config).eval()
    (tmp_path / "model.onnx").write_bytes(export.onnx_bytes(model))
    files = {"model.onnx": (tmp_path / "model.onnx").read_bytes(), "weights.safetensors": save(model.state_dict())}
    bundle = opened(write_neural(tmp_path / "toy", files, {"model": config.as_dict()}))
    onnx, pytorch = OnnxNetwork(bundle, config, 1), TorchNetwork(bundle, config, "cpu")
    inputs = batch(config, (40, 23, 2))
    inside = inputs["chars"] > 0
    logits = onnx(inputs)
    np.testing.assert_allclose(logits[inside], pytorch(inputs)[inside], atol=1e-4)
    for row, length in enumerate((40, 23, 2)):
        alone = {"chars": inputs["chars"][row : row + 1, :length]}
        for network in (onnx, pytorch):
            np.testing.assert_allclose(network(alone)[0], logits[row, :length], atol=1e-4)


@pytest.mark.parametrize(
    ("spoil", "mention"),
    [
        (lambda data: data[:-9], "not the weights"), (lambda data: b"", "not the weights"),
        (lambda data: save({"x": torch.zeros(1)}), "not the weights"),
        (lambda data: trained(tables=True)[1], "not the weights"),
    ],
    ids=["cut", "empty", "other names", "other sizes"],
)  # fmt: skip
def test_broken_train_weights(tmp_path: Path, spoil: Any, mention: str) -> None:
    model, weights, changes = trained()
    bundle = opened(write_neural(tmp_path / "toy", {"weights.safetensors": spoil(weights)}, changes))
    with pytest.raises(BadBundle, match=mention) as caught:
        TorchNetwork(bundle, model.config, "cpu")
    assert "\n" not in str(caught.value)


def test_weights_that_are_no_numbers(tmp_path: Path) -> None:
    model, _, changes = trained()
    torch.nn.init.constant_(model.output.weight, float("nan"))
    weights = save(model.state_dict())
    bundle = opened(write_neural(tmp_path / "toy", {"weights.safetensors": weights}, changes))
    network = TorchNetwork(bundle, model.config, "cpu")
    with pytest.raises(BadBundle, match="no numbers"):
        network(batch(model.config))


def test_a_full_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, weights, changes = trained()
    bundle = opened(write_neural(tmp_path / "toy", {"weights.safetensors": weights}, changes))
    network = TorchNetwork(bundle, model.config, "cpu")

    def full(**inputs: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate ...")

    monkeypatch.setattr(network, "model", full)
    with pytest.raises(CncharError, match="not enough free memory; try --device cpu"):
        network(batch(model.config))


def spy_on_sessions(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """The intra-op and inter-op threads of each session that is opened."""
    import onnxruntime

    made: list[tuple[int, int]] = []
    true = onnxruntime.InferenceSession

    def spy(data: bytes, options: Any, **more: Any) -> Any:
        made.append((options.intra_op_num_threads, options.inter_op_num_threads))
        return true(data, options, **more)

    monkeypatch.setattr(onnxruntime, "InferenceSession", spy)
    return made


@pytest.mark.parametrize("threads", [None, 1, 3])
def test_threads_are_told_to_onnxruntime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int | None) -> None:
    folder = write_neural(tmp_path / "toy")
    made = spy_on_sessions(monkeypatch)
    load_segmenter(str(folder), threads=threads)
    assert made == [(threads or available_cpus(), 1)]


def test_available_cpus_are_those_of_this_process() -> None:
    assert available_cpus() >= 1
    if hasattr(os, "sched_setaffinity"):
        mine = os.sched_getaffinity(0)
        try:
            os.sched_setaffinity(0, {min(mine)})
            assert available_cpus() == 1
        finally:
            os.sched_setaffinity(0, mine)


@pytest.mark.parametrize(("jobs", "threads", "expected"), [(2, None, 1), (2, 2, 2), (1, 2, 2)])
def test_workers_do_not_fight_for_the_cpus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, threads: int | None, expected: int
) -> None:
    from cnchar.runtime.segment_files import Look, segment_files

    folder = write_neural(tmp_path / "toy")
    (tmp_path / "in").write_text("他来到了\n" * 3, encoding="utf-8")
    made = spy_on_sessions(monkeypatch)
    model = {"model": str(folder), "threads": threads}
    segment_files([str(tmp_path / "in")], str(tmp_path / "out"), model=model, look=Look(), jobs=jobs)
    assert made == [(expected, 1)]


def test_one_network_in_many_threads(tmp_path: Path) -> None:
    bundle = opened(write_neural(tmp_path / "toy"))
    config = ModelConfig.from_dict(bundle.config["model"])
    network = OnnxNetwork(bundle, config, 1)
    batches = [batch(config, tuple(range(1 + k, 0, -1))) for k in range(40)]
    alone = [network(each) for each in batches]
    with ThreadPoolExecutor(8) as pool:
        for found, expected in zip(pool.map(network, batches), alone, strict=True):
            assert (found == expected).all()


def test_cuda_is_refused_where_it_makes_no_sense(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    for model in ("fast", "jieba"):
        with pytest.raises(BadInput, match=r"for neural models, and .* is none"):
            load_segmenter(model, device="cuda")
    with pytest.raises(BadInput, match=r"toy-neural has no weights\.safetensors"):
        load_segmenter(str(write_neural(tmp_path / "toy")), device="cuda")
    _, weights, changes = trained()
    run = write_neural(tmp_path / "run", {"weights.safetensors": weights}, changes)
    with pytest.raises(BadInput, match="finds no CUDA device"):
        load_segmenter(str(run), device="cuda")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"--device cuda needs .*\[train\]"):
        load_segmenter(str(run), device="cuda")


@pytest.mark.parametrize("there", [False, True])
def test_auto_takes_cuda_where_all_of_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    """A machine with a device, for a moment: what would go to CUDA goes to PyTorch on this CPU."""
    model, weights, changes = trained()
    run = opened(write_neural(tmp_path / "run", {"weights.safetensors": weights}, changes))
    shipped = opened(write_neural(tmp_path / "shipped"))
    monkeypatch.setattr(neural, "_driver_has_device", lambda: there)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: there)
    monkeypatch.setattr(neural, "TorchNetwork", lambda bundle, config, device: torch_on_cpu(bundle, config, device))
    assert isinstance(open_network(run, model.config, "auto"), TorchNetwork if there else OnnxNetwork)
    assert isinstance(open_network(run, model.config, "cpu"), OnnxNetwork)
    assert isinstance(open_network(shipped, ModelConfig.from_dict(shipped.config["model"])), OnnxNetwork)


def torch_on_cpu(bundle: Bundle, config: ModelConfig, device: str) -> TorchNetwork:
    assert device == "cuda"
    return TorchNetwork(bundle, config, "cpu")


def test_the_driver_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    import ctypes

    calls: list[str] = []

    def driver(name: str) -> Any:
        calls.append(name)
        answers = types.SimpleNamespace(cuInit=lambda flags: 0)

        def count(pointer: Any) -> int:
            pointer._obj.value = 2
            return 0

        answers.cuDeviceGetCount = count
        return answers

    monkeypatch.setattr(ctypes, "CDLL", driver)
    assert neural._driver_has_device()
    assert len(calls) == 1

    def none(name: str) -> Any:
        raise OSError

    monkeypatch.setattr(ctypes, "CDLL", none)
    assert not neural._driver_has_device()


def test_how_much_a_device_gets_at_once(tmp_path: Path) -> None:
    model, weights, changes = trained()
    bundle = opened(write_neural(tmp_path / "toy", {"weights.safetensors": weights}, changes))
    network = TorchNetwork(bundle, model.config, "cpu")
    assert batch_chars(network) == BATCH
    network.device = "cuda"
    assert batch_chars(network) > BATCH
    assert batch_chars(OnnxNetwork(opened(write_neural(tmp_path / "o")), CONFIG, 1)) == BATCH


CONFIG = ModelConfig.from_dict(toy_config()["model"])


@pytest.mark.cuda
def test_cuda_gives_the_words_of_the_cpu(tmp_path: Path) -> None:
    if not torch.cuda.is_available():
        pytest.skip("there is no CUDA device here")
    export = pytest.importorskip("cnchar.train.export.deploy")
    model, weights, changes = trained(tables=True)
    (tmp_path / "model.onnx").write_bytes(export.onnx_bytes(model))
    files = {"model.onnx": (tmp_path / "model.onnx").read_bytes(), "weights.safetensors": weights}
    run = str(write_neural(tmp_path / "run", files, changes, tables=True))
    text = "他来到了网易杭研大厦，中国人在北京。\n" * 50
    on_cpu, on_cuda = (cnchar.load("segment", model=run, device=device) for device in ("cpu", "cuda"))
    assert on_cuda.text(text) == on_cpu.text(text)
