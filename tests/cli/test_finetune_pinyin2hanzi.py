"""`cnchar finetune pinyin2hanzi` and `cnchar pretrain --objective pinyin`: from plain text to a folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ran, RunCommand
from toy_language import lines

SETTINGS = [
    word
    for change in (
        "hidden=16", "embedding=8", "bigrams=0", "trigrams=0", "layers=1", "dropout=0", "lr=0.02", "warmup=2", "ema=0",
        "epochs=1", "eval_every=0", "batch_chars=256", "length=32", "threads=1", "device=cpu",
    )
    for word in ("--set", change)
]  # fmt: skip


@pytest.fixture
def train(tmp_path: Path) -> Path:
    path = tmp_path / "train.txt"
    path.write_text("".join(f"{line.replace(' ', '')}\n" for line in lines(150, 1)), encoding="utf-8")
    return path


@pytest.fixture
def finetune(cnchar_here: RunCommand) -> Callable[..., Ran]:
    return lambda *options: cnchar_here("finetune", "pinyin2hanzi", *options)


def test_train_go_on_and_begin_again(
    finetune: Callable[..., Ran], train: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = finetune("--train", train, "-o", tmp_path / "run", "--preset", "pinyin", *SETTINGS)
    assert (ran.code, ran.out) == (0, b"")
    assert ran.message.splitlines()[-1].startswith(f"{tmp_path / 'run'}: CER ")
    files = json.loads((tmp_path / "run/config.json").read_text(encoding="utf-8"))["files"]
    assert {"units.tsv", "context.txt", "output.npy", "model.onnx", "weights.safetensors"} <= set(files)
    monkeypatch.setattr("cnchar.train.export.deploy.onnx_bytes", lambda model: b"")
    again = finetune("--resume", tmp_path / "run", "--quiet")  # of a finished run: the model is written again
    assert (again.code, again.err) == (0, b"")
    assert "exists already" in finetune("--train", train, "-o", tmp_path / "run", "--preset", "pinyin").message


def test_pretrain_with_the_objective_pinyin(
    cnchar_here: RunCommand, train: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnchar.train.export.deploy.onnx_bytes", lambda model: b"")
    ran = cnchar_here("pretrain", train, "--objective", "pinyin", "-o", tmp_path / "run", *SETTINGS)
    assert ran.code == 0
    config = json.loads((tmp_path / "run/config.json").read_text(encoding="utf-8"))
    assert (config["task"], config["model"]["head"], config["model"]["backbone"]) == ("pinyin2hanzi", "groups", "cnn")
    on = cnchar_here("pretrain", "--resume", tmp_path / "run", "--max-chars", "6K", "--quiet")
    assert on.code == 0
    checked = json.loads((tmp_path / "run/run.json").read_text(encoding="utf-8"))["config"]["train"]
    assert checked["max_chars"] == 6000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "run"], "Training needs text"),
        (["--train", "train.txt"], "Training needs text"),
        (["--train", "no.txt", "-o", "run"], "no.txt: no such file"),
        (["--train", "empty.txt", "-o", "run", "--vocab", "vocab.txt"], "empty.txt has no line with text"),
        (["--train", "-", "-o", "run"], "standard input"),
        (["--train", "train.txt", "-o", "run", "--from", "none"], "none: no such model"),
        (["--train", "train.txt", "-o", "run", "--preset", "deep"], "no such preset"),
        (["--train", "train.txt", "-o", "run", "--weight", "chat*=2"], "no text file fits"),
        (["--train", "train.txt", "-o", "run", "--set", "groups=2"], "--set groups=2"),
        (["--resume", "empty"], "empty is not the folder of a training run"),
        (["--resume", "empty", "--train", "train.txt"], "--resume goes on"),
    ],
)
def test_what_cannot_be(
    finetune: Callable[..., Ran], train: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    monkeypatch.chdir(train.parent)
    (train.parent / "empty").mkdir()
    (train.parent / "empty.txt").write_bytes(b"\n")
    (train.parent / "vocab.txt").write_text("[PAD]\n[UNK]\n[MASK]\n[BOS]\n[EOS]\n我\n", encoding="utf-8")
    ran = (
        finetune(*options, "--preset", "pinyin")
        if "--preset" not in options and "--resume" not in options
        else finetune(*options)
    )
    assert (ran.code, ran.out) == (2, b"")
    assert message in ran.message and ran.message.count("\n") == 1
    assert not list(train.parent.glob("run/*"))
