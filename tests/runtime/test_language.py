"""Scoring and writing through bundles, in onnxruntime and PyTorch."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from conftest import run_python
from toy_lm import BITS, SEEN, SHARES, SKY, VOCAB, network, step_network, table, write_lm, write_torch_lm

import cnchar
from cnchar.decode.sampling import Sampling
from cnchar.errors import BadBundle, BadInput
from cnchar.nn.config import Backbone
from cnchar.runtime.language import BLOCK_CHARS, Foreseeable, load_language
from cnchar.runtime.neural import OnnxNetwork, TorchNetwork
from cnchar.runtime.writer import Wish, Writer, write

LINES = ["天地" * 20, "", "人天", "地"]
BACKBONES = get_args(Backbone)


def test_bits_by_hand(tmp_path: Path) -> None:
    model = load_language(str(write_lm(tmp_path / "lm")))
    assert [found.bits for found in model(BITS)] == pytest.approx(list(BITS.values()), abs=1e-4)
    assert model("天地").bits == pytest.approx(3, abs=1e-4)
    assert (model.name, model.version) == ("toy-lm", "2")


def test_one_object_scores_and_writes(tmp_path: Path) -> None:
    folder = str(write_lm(tmp_path / "lm"))
    model, writer = cnchar.load("language", folder, device="cpu", threads=1), Writer(folder)
    assert model("天地").bits == pytest.approx(3, abs=1e-4)
    daring = Sampling(temperature=2.0)
    assert list(model.write("天", daring, seed=3)) == list(writer.write("天", daring, seed=3))
    assert model.likeliest("天", length=5) == writer.likeliest("天", length=5)
    with pytest.raises(cnchar.CncharError, match="language needs a model"):
        cnchar.load("language")  # type: ignore[call-overload]


def test_lines_are_read_as_they_are_needed(tmp_path: Path) -> None:
    model, read = load_language(str(write_lm(tmp_path / "lm"))), []

    def lines() -> Any:
        for number in range(10):
            read.append(number)
            yield "天" * BLOCK_CHARS

    next(model(lines()))
    assert read == [0]


def test_without_a_graph_pytorch_runs_it(tmp_path: Path) -> None:
    onnx = load_language(str(write_torch_lm(tmp_path / "a", "gru", graph=True)), device="cpu")
    pytorch = load_language(str(write_torch_lm(tmp_path / "b", "gru")), device="cpu")
    assert isinstance(onnx.network, OnnxNetwork)
    assert isinstance(pytorch.network, TorchNetwork)
    both = zip(onnx(LINES), pytorch(LINES), strict=True)
    assert all(a.bits == pytest.approx(b.bits, abs=1e-3) for a, b in both)


@pytest.mark.parametrize(
    "code",
    [
        "from cnchar.runtime.language import load_language as load; list(load(FOLDER)(['天']))",
        "from cnchar.runtime.writer import Writer; w = Writer(FOLDER); list(w.write('天', seed=1)); w.likeliest('天')",
    ],
)
def test_a_cpu_needs_no_torch(tmp_path: Path, code: str) -> None:
    code = code.replace("FOLDER", repr(str(write_lm(tmp_path / "lm"))))
    ran = run_python("-c", f"{code}; import sys; print('torch' in sys.modules)")
    assert (ran.code, ran.text) == (0, "False\n")


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"task": "segment"}, BadBundle, "a model for segment, not for language"),
        ({"files": {"vocab.txt": VOCAB.dumps().encode()}}, BadBundle, "lists no file model.onnx"),
        ({"files": {"vocab.txt": VOCAB.dumps().encode(), "model.onnx": network(table()[:, :5])}}, BadBundle, "logits"),
    ],
)
def test_what_cannot_be_opened(tmp_path: Path, change: dict[str, Any], error: type[Exception], told: str) -> None:
    with pytest.raises(error, match=told):
        load_language(str(write_lm(tmp_path / "lm", **change)))


def test_lines_that_are_foreseen_are_kept(tmp_path: Path) -> None:
    """Bits a character: 1.5, 1, 3, 2.5, 2."""
    model = load_language(str(write_lm(tmp_path / "lm")))
    assert Foreseeable(model, 2.01).keep(list(BITS)) == [True, True, False, False, True]


@pytest.mark.parametrize("backbone", BACKBONES)
def test_every_backbone_writes_characters_and_nothing_else(tmp_path: Path, backbone: str) -> None:
    """More of them than it sees at once."""
    writer = Writer(str(write_torch_lm(tmp_path / "lm", backbone)), "cpu")
    texts = ["".join(islice(writer.write("天", seed=seed), 3 * SEEN)) for seed in range(8)]
    assert set("".join(texts)) == set("天地")
    assert max(map(len, texts)) > SEEN
    assert set(writer.likeliest("天", length=2 * SEEN, beam=2)) <= set("天地")


def test_equal_seeds_write_alike_and_pieces_come_one_by_one(tmp_path: Path) -> None:
    folder = str(write_torch_lm(tmp_path / "lm"))
    wish = Wish("天人", length=30, count=3, seed=4)
    texts = "".join(write(folder, wish, "cpu")).splitlines()
    assert texts == "".join(write(folder, wish, "cpu")).splitlines()
    assert len(texts) == 3
    assert all(text.startswith("天人") and set(text[2:]) <= set("天地") and len(text) <= 32 for text in texts)
    assert len(set(texts)) > 1
    pieces = list(write(folder, Wish("天人", length=5, seed=4), "cpu"))
    assert pieces[0] == "天人"
    assert all(len(piece) == 1 for piece in pieces[1:])


def test_a_beam_leaves_nothing_to_chance(tmp_path: Path) -> None:
    folder = str(write_torch_lm(tmp_path / "lm"))
    assert len({"".join(write(folder, Wish("天", length=9, beam=3), "cpu")) for _ in range(2)}) == 1
    for more in ({"seed": 1}, {"count": 2}, {"sampling": Sampling()}):
        with pytest.raises(BadInput, match="--beam leaves nothing to chance"):
            Wish("天", beam=2, **more)  # type: ignore[arg-type]


def test_what_is_written_by_hand(tmp_path: Path) -> None:
    """The likeliest after the beginning is 天, then 地, then the end: 1/2 each."""
    writer = Writer(str(write_lm(tmp_path / "lm")))
    assert list(writer.write(sampling=Sampling(temperature=0))) == ["天", "地"]
    assert [writer.likeliest(beam=beam) for beam in (1, 5)] == ["天地", "天地"]
    texts = ["".join(writer.write("天", seed=seed)) for seed in range(2000)]
    ends, ends_at_once = SHARES[SKY][2], texts.count("") / 2000
    assert ends_at_once == pytest.approx(ends / (1 - SHARES[SKY][3]), abs=0.03)  # [UNK] is never written


def test_a_step_graph_is_tried(tmp_path: Path) -> None:
    vocab = VOCAB.dumps().encode()
    spoilt = table()
    spoilt[SKY] = np.nan
    for graph, told in (
        (b"no graph", "cannot read it"),
        (network(table()), "no logits"),  # of all symbols, not of the last
        (step_network(table()[:, :5]), "no logits"),
        (step_network(spoilt), "no logits"),
        (step_network(table()).replace(b"chars", b"codes"), "should read chars"),
    ):
        folder = write_lm(tmp_path / "lm", {"vocab.txt": vocab, "step.onnx": graph})
        with pytest.raises(BadBundle, match=told):
            list(Writer(str(folder), "cpu").write("天", seed=1))


def test_without_a_step_graph_a_writer_needs_train_weights_that_are_numbers(tmp_path: Path) -> None:
    from safetensors.numpy import load, save

    folder = write_torch_lm(tmp_path / "broken")
    weights = load((folder / "weights.safetensors").read_bytes())
    weights["output.weight"][:] = float("nan")
    model = load_language(str(folder), "cpu").language.config.as_dict()
    write_lm(folder, {"weights.safetensors": save(weights)}, model=model)
    with pytest.raises(BadBundle, match="no numbers"):
        Writer(str(folder), "cpu")
    with pytest.raises(BadBundle, match=r"weights\.safetensors"):
        Writer(str(write_lm(tmp_path / "lm", {"model.onnx": network(table())})))
