"""Training a corrector: what comes out corrects, and every way to begin, stop and fail."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from cnchar.bundle import open_bundle
from cnchar.errors import BadInput
from cnchar.tasks.correct import candidates
from cnchar.tasks.correct_parts import FEATURES, TASK, read_parts
from cnchar.tasks.tables import NEURAL
from cnchar.train.correct.corrector import resume_corrector, train_corrector
from cnchar.train.correct.judge import TorchSuggestions
from cnchar.train.correct.options import CorrectorOptions
from cnchar.train.correct.start import first_model, read_start
from cnchar.train.export.compact import compact_onnx
from cnchar.train.language.learn import train_language
from cnchar.train.language.options import PretrainOptions

SMALL = (
    "backbone=cnn", "embedding=16", "hidden=16", "layers=2", "bigrams=64", "bigram_dim=4", "flag_dim=4",
    "batch_chars=512", "length=32", "max_steps=8", "threads=1", "lr=0.01", "warmup=2",
)  # fmt: skip
AGAIN = ("batch_chars=512", "length=32", "max_steps=4", "threads=1", "warmup=1")
LINES = ["我们今天非常高兴，要去北京。", "他们在公园里看见了花。", "因为明天下雨，我们不去了。", "春天来了，花都开了。"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Raw text, and pairs."""
    folder = tmp_path_factory.mktemp("text")
    text = folder / "text.txt"
    text.write_text("".join(f"{LINES[n % 4]}{LINES[n * 7 % 4]}第{n}天。\n" for n in range(200)), encoding="utf-8")
    pairs = folder / "pairs.tsv"
    rows = [("我们很高心。", "我们很高兴。"), ("要去天京。", "要去北京。"), ("花都开了。", "花都开了。")] * 20
    pairs.write_text("".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")
    return str(text), str(pairs)


@pytest.fixture(scope="module")
def run(files: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "mine"
    train_corrector(CorrectorOptions((files[0],), (files[1],)), folder, None, SMALL, quiet=True)
    return folder


def test_the_folder_of_a_run_is_a_model_that_says_what_it_does(run: Path) -> None:
    bundle = open_bundle(run, TASK, (NEURAL,))
    parts = read_parts(bundle)
    assert set(bundle.config["decision"]) == set(FEATURES) and 0 < parts.threshold <= 1
    assert bundle.config["scores"][0]["signature"].startswith("csc-f1|level:sentence|norm:none|data:sha256:")
    card = (run / "README.md").read_text(encoding="utf-8")
    assert "| errors mended (recall) | 0.0% |" in card and "| right lines changed | 0.0% |" in card
    assert "pairs.tsv (sha256" in card
    start = read_start(str(run))
    network = TorchSuggestions(first_model(start.config, start).eval())
    text = "我们很高心。"
    found = candidates(parts, network, [text], [np.ones(len(text), np.bool_)])[0]
    assert all(0 <= each.place < len(text) and 0 < each.score < 1 for each in found)


def test_the_graph_says_what_the_network_says(run: Path) -> None:
    import onnxruntime

    bundle = open_bundle(run, TASK, (NEURAL,))
    start = read_start(str(run))
    network = TorchSuggestions(first_model(start.config, start).eval())
    graph = bundle.path("model.onnx").read_bytes()
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    small = onnxruntime.InferenceSession(compact_onnx(graph), providers=["CPUExecutionProvider"])
    chars = np.random.default_rng(1).integers(1, start.config.symbols, (3, 9))
    batch = {"chars": chars, "flags": (chars % 7)[..., None]}
    expected = network(batch)
    for each, most in ((session, 1e-4), (small, 0.1)):
        typed, scores, _ = each.run(["typed", "scores", "targets"], batch)
        assert np.abs(typed - expected.typed).max() < most and np.abs(scores - expected.scores).max() < most


def test_a_corrector_learns_on_and_is_told_what_it_did_before(
    run: Path, files: tuple[str, str], tmp_path: Path
) -> None:
    options = CorrectorOptions((files[0],), (files[1],), start=str(run), weights=("*pairs*=3",))
    finished = train_corrector(options, tmp_path / "on", None, AGAIN, quiet=True)
    assert finished.before is not None and finished.before.parts.threshold == read_start(str(run)).parts.threshold  # type: ignore[union-attr]
    assert "->" in finished.summary() and finished.summary().count("%") >= 8
    before, after = (read_parts(open_bundle(each, TASK, (NEURAL,))).confusions for each in (run, tmp_path / "on"))
    assert before and set(before) == {("北", "天")} and after == before  # of the same pairs


def test_a_pretrained_model_begins_as_it_was(files: tuple[str, str], tmp_path: Path) -> None:
    """New inputs count for nothing at first, so the first step sees what pretraining left."""
    changes = ("backbone=cnn", "embedding=16", "hidden=16", "layers=2", "tied=true", "max_steps=3", "threads=1")
    language = PretrainOptions((files[0],), objective="masked=1,denoise=1")
    train_language(language, tmp_path / "base", None, [*changes, "length=32", "batch_chars=512"], quiet=True)
    finished = train_corrector(
        CorrectorOptions((files[0],), start=str(tmp_path / "base")), tmp_path / "run", None,
        ("bigrams=64", "bigram_dim=4", "flag_dim=4", *AGAIN), quiet=True,
    )  # fmt: skip
    assert finished.before is None and finished.development.made  # there were no pairs
    config = json.loads((tmp_path / "run" / "config.json").read_text(encoding="utf-8"))
    assert config["model"]["bigrams"] == 64 and config["model"]["layers"] == 2


def test_a_run_that_was_stopped_goes_on(files: tuple[str, str], run: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    train_corrector(CorrectorOptions((files[0],), (files[1],)), again, None, SMALL, quiet=True)
    record = json.loads((again / "run.json").read_text(encoding="utf-8"))
    record["config"]["train"]["max_steps"] = 10
    (again / "run.json").write_text(json.dumps(record), encoding="utf-8")
    resume_corrector(again, quiet=True)
    steps = [json.loads(line)["step"] for line in (again / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    assert steps[-1] == 10
    assert (again / "model.onnx").read_bytes() != (run / "model.onnx").read_bytes()


def test_what_cannot_be_is_told_in_a_sentence(files: tuple[str, str], run: Path, tmp_path: Path) -> None:
    text, pairs = files
    with pytest.raises(BadInput, match="besides --pairs"):
        train_corrector(CorrectorOptions((), (pairs,)), tmp_path / "a", None, SMALL)
    with pytest.raises(BadInput, match="no text file fits"):
        train_corrector(CorrectorOptions((text,), weights=("other=2",)), tmp_path / "a", None, SMALL)
    with pytest.raises(BadInput, match="cannot be set"):
        train_corrector(CorrectorOptions((text,), start=str(run)), tmp_path / "a", None, ("layers=3",))
    with pytest.raises(BadInput, match="exists already"):
        train_corrector(CorrectorOptions((text,)), run, None, SMALL)
    broken = tmp_path / "broken.tsv"
    broken.write_text("我们\t我\n", encoding="utf-8")
    with pytest.raises(BadInput, match="line 1"):
        train_corrector(CorrectorOptions((text,), (str(broken),)), tmp_path / "a", None, SMALL)
    assert not (tmp_path / "a" / "run.json").exists()
