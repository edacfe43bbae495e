"""Pretraining: what comes out foresees text and begins segmenters, and every way to stop, go on and fail."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from full_disk import full
from toy_verse import SMALL, verses, write_verses

from cnchar.bundle import open_bundle
from cnchar.corpus.held_out import is_held_out
from cnchar.errors import BadInput, CncharError
from cnchar.nn.model import CharacterModel
from cnchar.runtime.neural import open_network
from cnchar.runtime.writer import Writer
from cnchar.tasks.language import read_language, score_lines
from cnchar.tasks.tables import NEURAL
from cnchar.train.engine.metrics import read_metrics
from cnchar.train.export.deploy import load_weights, read_weights
from cnchar.train.language.learn import resume_language, train_language
from cnchar.train.language.options import PretrainOptions
from cnchar.train.language.write import Finished
from cnchar.train.text.held_out import HeldOut

CHANGES = [*SMALL, "epochs=6"]


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> PretrainOptions:
    return PretrainOptions((str(write_verses(tmp_path_factory.mktemp("text") / "verses.txt")),))


@pytest.fixture(scope="module")
def finished(options: PretrainOptions, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return train_language(options, tmp_path_factory.mktemp("runs") / "toy", changes=CHANGES, quiet=True)


@pytest.fixture
def no_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the ONNX exports out, which take longer than the training."""
    monkeypatch.setattr("cnchar.train.export.deploy.onnx_bytes", lambda model: b"")
    monkeypatch.setattr("cnchar.train.language.write.step_bytes", lambda model: b"")


def weights(folder: Path) -> bytes:
    return (folder / "weights.safetensors").read_bytes()


def losses(folder: Path) -> list[tuple[int, float]]:
    return [(record["step"], record["loss"]) for record in read_metrics(folder) if "loss" in record]


def test_it_learns_and_its_bundle_scores_what_training_showed(finished: Finished, options: PretrainOptions) -> None:
    bits = finished.scores["bits_per_char"]
    assert 0.2 < bits < 1.5  # the first word, the number and the end are by chance
    bundle = open_bundle(finished.folder, "language", (NEURAL,))
    language = read_language(bundle)
    assert (language.objective, language.max_length) == ("causal", 40)
    held = [line for line in verses(400, 1) if is_held_out(line)]
    assert finished.held_out == held
    scores = score_lines(open_network(bundle, language.config, "cpu", 1), language, held)
    assert sum(s.bits for s in scores) / sum(s.characters for s in scores) == pytest.approx(bits, abs=1e-4)
    assert (finished.folder / "data/0000.held-out.txt").read_text(encoding="utf-8").splitlines() == held


def test_what_it_writes_is_shown(finished: Finished) -> None:
    written = (finished.folder / "samples.txt").read_text(encoding="utf-8").splitlines()
    assert len(written) == 5
    assert any("来了花儿开放" in line or "小鸟歌唱" in line for line in written)
    assert (finished.folder / "learning-curve.png").read_bytes().startswith(b"\x89PNG")


def test_the_folder_writes_text_at_once(finished: Finished) -> None:
    assert (finished.folder / "step.onnx").exists()
    writer = Writer(str(finished.folder), "cpu")
    written = ["".join(islice(writer.write(seed=seed), 60)) for seed in range(5)]
    assert any("来了花儿开放" in line or "小鸟歌唱" in line for line in written)
    assert (finished.folder / "learning-curve.png").read_bytes().startswith(b"\x89PNG")


def test_the_record_of_the_run(finished: Finished, options: PretrainOptions) -> None:
    record = json.loads((finished.folder / "run.json").read_text(encoding="utf-8"))
    assert record["config"]["task"] == "language" and set(record["data"]) == set(options.text)
    config = json.loads((finished.folder / "config.json").read_text(encoding="utf-8"))
    assert config["scores"][0]["signature"].startswith("lm-bpc|level:char|norm:none|data:sha256:")
    card = (finished.folder / "README.md").read_text(encoding="utf-8")
    assert "cnchar generate" in card and "held-out lines" in card
    assert not [record for record in read_metrics(finished.folder) if not math.isfinite(record.get("loss", 0.0))]


@pytest.mark.usefixtures("no_graph")
def test_the_same_seed_gives_the_same_model(finished: Finished, options: PretrainOptions, tmp_path: Path) -> None:
    assert weights(train_language(options, tmp_path / "run", changes=CHANGES, quiet=True).folder) == weights(
        finished.folder
    )


@pytest.mark.usefixtures("no_graph")
@pytest.mark.parametrize("objective", ["causal", "masked"])
def test_stopped_and_resumed_equals_uninterrupted(
    options: PretrainOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, objective: Any
) -> None:
    class Killed(Exception):
        pass

    calls: list[int] = []
    score = HeldOut.score

    def dies_the_second_time(self: HeldOut, model: torch.nn.Module) -> Mapping[str, float]:
        calls.append(0)
        if len(calls) == 2:
            raise Killed
        return score(self, model)

    asked = PretrainOptions(options.text, objective=objective)
    changes = [*SMALL, "eval_every=7", "log_every=1", "dropout=0.2"]
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(HeldOut, "score", dies_the_second_time)
        train_language(asked, tmp_path / "killed", changes=changes, quiet=True)
    source = Path(options.text[0])
    moved = source.rename(source.with_suffix(".moved"))  # the prepared text is all that is needed
    resumed = resume_language(tmp_path / "killed", quiet=True)
    moved.rename(source)
    whole = train_language(asked, tmp_path / "whole", changes=changes, quiet=True)
    assert weights(resumed.folder) == weights(whole.folder)
    assert losses(resumed.folder) == losses(whole.folder)
    assert resumed.scores == whole.scores


@pytest.mark.usefixtures("no_graph")
def test_going_on_further_than_it_was_to_go(options: PretrainOptions, tmp_path: Path) -> None:
    limits = ["max_chars=2000", "epochs=0"]
    first = train_language(options, tmp_path / "run", changes=[*SMALL, *limits], quiet=True)
    more = resume_language(first.folder, max_chars=9000, quiet=True)
    assert more.scores["bits_per_char"] < first.scores["bits_per_char"]
    last = read_metrics(first.folder)[-1]
    assert 9000 <= last["characters"] < 9500
    again = resume_language(first.folder, quiet=True)  # the new limit is the run's own from now on
    assert again.scores == more.scores and read_metrics(first.folder)[-1]["step"] == last["step"]


def test_the_masked_objective(options: PretrainOptions, tmp_path: Path) -> None:
    asked = PretrainOptions(options.text, objective="masked", whole_words=True)
    done = train_language(asked, tmp_path / "run", changes=[*SMALL, "epochs=8"], quiet=True)
    assert done.scores["bits_per_hidden_char"] < 3.0
    assert not (done.folder / "samples.txt").exists()
    assert "0000.words" in {path.name for path in (done.folder / "data").iterdir()}
    assert "cnchar finetune segment --from" in (done.folder / "README.md").read_text(encoding="utf-8")
    assert read_language(open_bundle(done.folder, "language", (NEURAL,))).objective == "masked"


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        ("backbone=lstm", "project=false", "one_hot=true"),
        ("backbone=cnn", "kernel=2"),
        ("backbone=transformer", "tied=true"),
    ],
)
def test_other_networks_and_their_graphs(options: PretrainOptions, tmp_path: Path, changes: tuple[str, ...]) -> None:
    short = ["epochs=1", "tied=false", *changes]
    done = train_language(options, tmp_path / "run", changes=[*SMALL, *short], quiet=True)
    bundle = open_bundle(done.folder, "language", (NEURAL,))
    language = read_language(bundle)
    model = CharacterModel(language.config).eval()
    load_weights(model, read_weights(bundle), "run")
    chars = torch.randint(1, language.config.symbols, (3, 17))
    found = open_network(bundle, language.config, "cpu", 1)({"chars": chars.numpy()})
    np.testing.assert_allclose(found, model(chars).logits.detach().numpy(), atol=1e-4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (["length=1"], "length is 1"),
        (["length=513"], "length is 513"),
        (["wide=64"], "neither wide nor prior"),
        (["tied=true", "embedding=16"], "as wide as hidden"),
    ],
)
def test_settings_that_cannot_be(options: PretrainOptions, tmp_path: Path, changes: list[str], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        train_language(options, tmp_path / "run", changes=[*SMALL, *changes], quiet=True)
    assert not (tmp_path / "run").exists()


def test_text_that_is_too_little(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text("春天来了春天来了\n", encoding="utf-8")
    with pytest.raises(BadInput, match="Too little text to hold some out"):
        train_language(PretrainOptions((str(path),)), tmp_path / "run", changes=SMALL, quiet=True)
    assert not list((tmp_path / "run").iterdir())


def test_a_run_that_was_tampered_with(finished: Finished, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    shutil.copytree(finished.folder, folder)
    vocabulary = folder / "data/vocab.txt"
    whole = vocabulary.read_text(encoding="utf-8")
    vocabulary.write_text(whole + "龘\n", encoding="utf-8")
    with pytest.raises(BadInput, match="prepared text is missing or altered"):
        resume_language(folder, quiet=True)
    vocabulary.write_text(whole, encoding="utf-8")
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["config"]["model"]["layers"] = 2
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(BadInput, match="weights are of another model"):
        resume_language(folder, max_chars=1_000_000, quiet=True)
    record["config"]["task"] = "segment"
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(BadInput, match="makes a model for segment, not for language"):
        resume_language(folder, quiet=True)


def test_a_folder_in_use(finished: Finished, options: PretrainOptions) -> None:
    with pytest.raises(BadInput, match=r"toy exists already: .* --resume "):
        train_language(options, finished.folder, changes=SMALL, quiet=True)


@pytest.mark.usefixtures("no_graph")
def test_what_a_killed_run_left_of_its_text_is_cleared(options: PretrainOptions, tmp_path: Path) -> None:
    left = tmp_path / "run/.data.part"
    left.mkdir(parents=True)
    (left / "0000.symbols").write_bytes(b"abc")
    train_language(options, tmp_path / "run", changes=[*SMALL, "max_steps=1"], quiet=True)
    assert not left.exists()


@pytest.mark.usefixtures("no_graph")
def test_a_full_disk_at_the_end_costs_nothing(
    options: PretrainOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("cnchar.train.export.deploy.write_bundle", full)
        train_language(options, folder, changes=[*SMALL, "epochs=1"], quiet=True)
    assert not (folder / "config.json").exists()
    resume_language(folder, quiet=True)
    assert (folder / "config.json").exists()


def test_a_loss_that_is_no_number(options: PretrainOptions, tmp_path: Path) -> None:
    with pytest.raises(CncharError, match="loss"):
        train_language(options, tmp_path / "run", changes=[*SMALL, "lr=1e38", "clip=0", "warmup=0"], quiet=True)
