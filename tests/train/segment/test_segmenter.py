"""Training a segmenter: what comes out runs, and every way to begin, stop, go on and fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from full_disk import full
from toy_language import SMALL, lines, write_text

from cnchar import load
from cnchar.errors import BadBundle, BadInput, CncharError
from cnchar.evaluate.segmentation import count_segmentation
from cnchar.train.segment.development import Development
from cnchar.train.segment.options import SegmenterOptions
from cnchar.train.segment.segmenter import resume_segmenter, train_segmenter
from cnchar.train.segment.write import Finished

EXPECTED = {"README.md", "config.json", "fold.tsv", "metrics.jsonl", "model.onnx", "run.json", "vocab.txt"}


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> SegmenterOptions:
    folder = tmp_path_factory.mktemp("text")
    return SegmenterOptions(
        (str(write_text(folder / "train.txt", 300, 1)),), (str(write_text(folder / "dev.txt", 40, 2)),)
    )


@pytest.fixture(scope="module")
def finished(options: SegmenterOptions, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return train_segmenter(options, tmp_path_factory.mktemp("runs") / "toy", changes=SMALL, quiet=True)


@pytest.fixture
def no_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the ONNX export out, which takes longer than the training."""
    monkeypatch.setattr("cnchar.train.export.deploy.onnx_bytes", lambda model: b"")


def f1(folder: Path, gold: list[str]) -> float:
    segment = load("segment", model=str(folder))
    words = [" ".join(segment(line.replace(" ", "")).words) for line in gold]
    return count_segmentation(gold, words).tally.scores()["f1"]


def weights(folder: Path) -> bytes:
    return (folder / "weights.safetensors").read_bytes()


def changed_config(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")


def copy_of(folder: Path, into: Path) -> Path:
    into.mkdir()
    for path in folder.iterdir():
        (into / path.name).write_bytes(path.read_bytes())
    return into


def test_the_model_is_good_and_runs_as_it_was_scored(finished: Finished, options: SegmenterOptions) -> None:
    gold = Path(options.dev[0]).read_text(encoding="utf-8").splitlines()
    assert finished.scores["f1"] > 0.98
    assert f1(finished.folder, gold) == pytest.approx(finished.scores["f1"], abs=1e-9)


def test_what_the_folder_holds(finished: Finished, options: SegmenterOptions) -> None:
    names = {path.name for path in finished.folder.iterdir()}
    assert names >= EXPECTED
    assert not [name for name in names if name.startswith(".")]  # the training data went
    record = json.loads((finished.folder / "run.json").read_text(encoding="utf-8"))
    assert record["config"]["options"]["train"] == list(options.train)
    assert record["config"]["train"]["seed"] == 1
    assert set(record["data"]) == {*options.train, *options.dev}
    config = json.loads((finished.folder / "config.json").read_text(encoding="utf-8"))
    assert (config["name"], config["standards"]) == ("toy", ["own"])
    assert config["scores"][0]["signature"].startswith("seg-f1|level:word|norm:none|data:sha256:")
    card = (finished.folder / "README.md").read_text(encoding="utf-8")
    assert "train.txt (sha256 " in card and "F1 " in card


@pytest.mark.usefixtures("no_graph")
def test_the_same_seed_gives_the_same_model(finished: Finished, options: SegmenterOptions, tmp_path: Path) -> None:
    again = train_segmenter(options, tmp_path / "run", changes=SMALL, quiet=True)
    assert weights(again.folder) == weights(finished.folder)


@pytest.mark.usefixtures("no_graph")
def test_stopped_and_resumed_equals_uninterrupted(
    finished: Finished, options: SegmenterOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        pass

    calls = []
    score = Development.score

    def dies_the_second_time(self: Development, words: Any) -> dict[str, float]:
        calls.append(0)
        if len(calls) == 2:
            raise Killed
        return score(self, words)

    monkeypatch.setattr(Development, "score", dies_the_second_time)
    monkeypatch.chdir(Path(options.train[0]).parent)
    relative = SegmenterOptions(("train.txt",), ("dev.txt",))
    with pytest.raises(Killed):
        train_segmenter(relative, tmp_path / "run", changes=SMALL, quiet=True)
    assert not (tmp_path / "run/model.onnx").exists()
    monkeypatch.chdir("/")
    resumed = resume_segmenter(tmp_path / "run", quiet=True)
    assert weights(resumed.folder) == weights(finished.folder)
    assert resumed.scores == finished.scores


@pytest.mark.usefixtures("no_graph")
def test_text_that_changed_since(finished: Finished, options: SegmenterOptions, tmp_path: Path) -> None:
    train = tmp_path / "train.txt"
    train.write_bytes(Path(options.train[0]).read_bytes())
    folder = train_segmenter(
        SegmenterOptions((str(train),), options.dev), tmp_path / "run", changes=[*SMALL, "max_steps=1"], quiet=True
    ).folder
    write_text(train, 300, 3)
    with pytest.raises(BadInput, match=r"train\.txt is not what it was"):
        resume_segmenter(folder, quiet=True)


def test_a_run_of_another_task_is_not_resumed(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"config": {"task": "correct"}, "data": {}}', encoding="utf-8")
    with pytest.raises(BadInput, match="makes a model for correct, not for segment"):
        resume_segmenter(tmp_path)


@pytest.mark.usefixtures("no_graph")
def test_a_full_disk_at_the_end_costs_nothing(
    options: SegmenterOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "run"
    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space"):
        patch.setattr("cnchar.train.export.deploy.write_bundle", full)
        train_segmenter(options, folder, changes=[*SMALL, "epochs=1"], quiet=True)
    assert not (folder / "config.json").exists()
    assert resume_segmenter(folder, quiet=True).scores["f1"] > 0.5
    assert (folder / "config.json").exists()


@pytest.mark.usefixtures("no_graph")
def test_without_development_text_some_is_held_out(options: SegmenterOptions, tmp_path: Path) -> None:
    done = train_segmenter(SegmenterOptions(options.train), tmp_path / "run", changes=[*SMALL, "epochs=1"], quiet=True)
    learned = Path(options.train[0]).read_text(encoding="utf-8").splitlines()
    assert 5 <= len(done.development.gold) <= 30
    assert set(done.development.gold) < set(learned)


def test_too_little_text_to_hold_some_out(tmp_path: Path) -> None:
    path = tmp_path / "train.txt"
    path.write_text("我们 喝 茶\n", encoding="utf-8")
    with pytest.raises(BadInput, match="--dev"):
        train_segmenter(SegmenterOptions((str(path),)), tmp_path / "run", changes=SMALL)


@pytest.mark.usefixtures("no_graph")
def test_a_reader_of_other_forms(tmp_path: Path) -> None:
    text = "".join("".join(f"{w}/n " for w in line.split()) + "\n" for line in lines(200, 1))
    path = tmp_path / "train.txt"
    path.write_text(text, encoding="gb18030")
    asked = SegmenterOptions((str(path),), form="pfr", encoding="gb18030", tag_report=True)
    done = train_segmenter(asked, tmp_path / "run", changes=SMALL, quiet=True)
    assert done.scores["f1"] > 0.9
    report = (done.folder / "tags.txt").read_text(encoding="utf-8")
    assert "seqeval" in report and "scikit-learn" in report and "micro avg" in report and "accuracy" in report


@pytest.mark.parametrize("settings", [("head=crf",), ("backbone=cnn", "kernel=3"), ("backbone=transformer",)])
def test_other_networks(options: SegmenterOptions, tmp_path: Path, settings: tuple[str, ...]) -> None:
    done = train_segmenter(options, tmp_path / "run", changes=[*SMALL, "lr=0.01", *settings], quiet=True)
    gold = lines(20, 5)
    assert done.scores["f1"] > 0.9
    assert f1(done.folder, gold) > 0.9


def test_beginning_with_the_tables_of_the_shipped_model(options: SegmenterOptions, tmp_path: Path) -> None:
    asked = SegmenterOptions(options.train, options.dev, start="fast", standard="pku")
    done = train_segmenter(asked, tmp_path / "run", changes=SMALL, quiet=True)
    config = json.loads((done.folder / "config.json").read_text(encoding="utf-8"))
    assert config["standards"] == ["pku"] and set(config["tables"]) == {"pku"} and config["model"]["prior"]
    assert config["licence"] == "CC-BY-SA-4.0" and "the model segment-fast@2" in config["sources"]
    gold = Path(options.dev[0]).read_text(encoding="utf-8").splitlines()
    assert f1(done.folder, gold) == pytest.approx(done.scores["f1"], abs=1e-9)
    assert done.scores["f1"] > f1(Path("fast"), gold)


@pytest.mark.usefixtures("no_graph")
def test_training_a_network_further(finished: Finished, options: SegmenterOptions, tmp_path: Path) -> None:
    """Another segmentation of the same text: the model learns it, and keeps its characters."""
    other = tmp_path / "other.txt"
    text = Path(options.train[0]).read_text(encoding="utf-8").replace("图书馆", "图书 馆")
    other.write_text(text, encoding="utf-8")
    asked = SegmenterOptions((str(other),), start=str(finished.folder))
    done = train_segmenter(asked, tmp_path / "run", changes=["lr=0.02", "threads=1", "batch_chars=200"], quiet=True)
    assert done.scores["f1"] > 0.98
    assert (done.folder / "vocab.txt").read_bytes() == (finished.folder / "vocab.txt").read_bytes()
    record = json.loads((done.folder / "run.json").read_text(encoding="utf-8"))
    assert record["config"]["train"]["epochs"] == 5  # of the preset adapt
    assert "--from" in record["data"]


def test_a_network_keeps_its_shape(finished: Finished, options: SegmenterOptions, tmp_path: Path) -> None:
    asked = SegmenterOptions(options.train, start=str(finished.folder))
    with pytest.raises(BadInput, match="its hidden cannot be set: use --preset adapt"):
        train_segmenter(asked, tmp_path / "run", changes=["hidden=64"])
    with pytest.raises(BadInput, match=r"its backbone, .* cannot be set"):
        train_segmenter(asked, tmp_path / "run", "gru")
    assert not (tmp_path / "run").exists()


def test_models_that_cannot_be_trained_further(finished: Finished, options: SegmenterOptions, tmp_path: Path) -> None:
    folder = copy_of(finished.folder, tmp_path / "model")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    asked = SegmenterOptions(options.train, start=str(folder))
    kept = {name: digest for name, digest in config["files"].items() if name != "weights.safetensors"}
    changed_config(folder, files=kept)  # an LSTM's weights cannot be read out of its graph
    with pytest.raises(BadBundle, match="can be run but not trained further"):
        train_segmenter(asked, tmp_path / "run")
    changed_config(folder, files=config["files"], model=config["model"] | {"symbols": 6})
    with pytest.raises(BadBundle, match="does not fit together"):
        train_segmenter(asked, tmp_path / "run")
    changed_config(folder, model=config["model"] | {"hidden": 64})
    with pytest.raises(BadBundle, match="do not fit the model"):
        train_segmenter(asked, tmp_path / "run2", quiet=True)
    changed_config(folder, labels="BIO")
    with pytest.raises(BadBundle, match="labels are not BMES"):
        train_segmenter(asked, tmp_path / "run")


@pytest.mark.usefixtures("no_graph")
def test_a_vocabulary_of_ones_own(finished: Finished, options: SegmenterOptions, tmp_path: Path) -> None:
    vocab = tmp_path / "vocab.txt"
    vocab.write_text("[UNK]\n我\n们\n茶\n", encoding="utf-8")
    asked = SegmenterOptions(options.train, options.dev, vocab=str(vocab), standard="mine")
    done = train_segmenter(asked, tmp_path / "run", changes=[*SMALL, "max_steps=1"], quiet=True)
    assert (done.folder / "vocab.txt").read_text(encoding="utf-8") == "我\n们\n茶\n"
    assert json.loads((done.folder / "config.json").read_text(encoding="utf-8"))["standard"] == "mine"
    for start in ("fast", str(finished.folder)):
        with pytest.raises(BadInput, match=r"vocab\.txt does not fit the model given with --from"):
            train_segmenter(SegmenterOptions(options.train, start=start, vocab=str(vocab)), tmp_path / "run2")


def test_an_unknown_standard(finished: Finished, options: SegmenterOptions, tmp_path: Path) -> None:
    for start, names in (("fast", "pku, ud"), (str(finished.folder), "own")):
        with pytest.raises(BadInput, match=f"no standard 'msr' in the model .*{names}"):
            train_segmenter(SegmenterOptions(options.train, start=start, standard="msr"), tmp_path / "run")


def test_a_loss_that_is_no_number(options: SegmenterOptions, tmp_path: Path) -> None:
    with pytest.raises(CncharError, match="loss"):
        train_segmenter(options, tmp_path / "run", changes=[*SMALL, "lr=1e38", "clip=0", "warmup=0"], quiet=True)


def test_a_folder_in_use(finished: Finished, options: SegmenterOptions) -> None:
    before = weights(finished.folder)
    with pytest.raises(BadInput, match=r"toy exists already: .* --resume "):
        train_segmenter(options, finished.folder, changes=SMALL)
    assert weights(finished.folder) == before
