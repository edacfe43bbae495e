"""Training a network for pinyin, from plain text to a folder that runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from toy_language import lines
from toy_pinyin import write_pinyin

from cnchar.bundle import open_bundle
from cnchar.errors import BadInput
from cnchar.nn.model import CharacterModel
from cnchar.runtime.converter import load_converter
from cnchar.runtime.unit_network import open_unit_network
from cnchar.tasks.pinyin2hanzi import TASK
from cnchar.tasks.pinyin_tables import ARCHITECTURES as TABLES
from cnchar.tasks.tables import NEURAL
from cnchar.tasks.unit_scores import UnitScores, read_parts, score_ways
from cnchar.train.engine.metrics import read_metrics
from cnchar.train.export.deploy import load_weights, read_weights
from cnchar.train.language.learn import resume_language
from cnchar.train.pinyin.converter import resume_pinyin, train_pinyin
from cnchar.train.pinyin.development import PinyinDevelopment, best_units, parts_of, type_lines
from cnchar.train.pinyin.options import PinyinOptions
from cnchar.train.segment.development import network_of

ARCHITECTURES = (*TABLES, NEURAL)
SMALL = (
    "hidden=32", "embedding=16", "bigrams=64", "bigram_dim=8", "trigrams=0", "layers=1", "dropout=0", "lr=0.02",
    "warmup=5", "ema=0", "epochs=4", "eval_every=0", "batch_chars=256", "length=32", "threads=1", "device=cpu",
)  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def nothing_shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Without --from there are units alone, no tables: what is tested is the network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cnchar.train.pinyin.start.SHIPPED", tmp_path_factory.mktemp("shipped"))
        yield


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("text") / "text.txt"
    path.write_text("".join(f"{line.replace(' ', '')}\n" for line in lines(400, 1)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(text: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run."""
    folder = tmp_path_factory.mktemp("runs") / "p2h"
    train_pinyin(PinyinOptions((str(text),)), folder, "pinyin", SMALL, quiet=True)
    return folder


@pytest.fixture
def no_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves the ONNX export out, which takes longer than the training."""
    monkeypatch.setattr("cnchar.train.export.deploy.onnx_bytes", lambda model: b"")


def cers(folder: Path) -> list[float]:
    return [record["dev"]["cer"] for record in read_metrics(folder) if "dev" in record]


def converted(folder: Path, line: str) -> str:
    """A line typed, and turned into hanzi again by the network that the folder serves."""
    bundle = open_bundle(folder, TASK, ARCHITECTURES)
    network, units = open_unit_network(bundle, "cpu", 1), read_parts(bundle).units
    assert network is not None
    (typed,) = type_lines(units, [line])
    (scores,) = network([typed])
    best = np.where(typed.syllables < 0, 0, units.firsts[typed.syllables] + best_units(scores))
    return "".join(
        chr(code) if code else units.characters[unit]
        for unit, code in zip(best.tolist(), typed.kept.tolist(), strict=True)
    )


def test_it_learns_and_the_folder_runs(run: Path) -> None:
    assert cers(run)[-1] < 0.01
    assert converted(run, "我们去北京图书馆，") == "我们去北京图书馆，"


def test_the_graph_and_the_table_say_what_the_weights_say(run: Path) -> None:
    bundle = open_bundle(run, TASK, ARCHITECTURES)
    parts, network = read_parts(bundle), open_unit_network(bundle, "cpu", 1)
    model = CharacterModel(parts.config).eval()
    load_weights(model, read_weights(bundle), "the run")
    ways = list(type_lines(parts.units, ["我们今天喝茶", "在北京，去图书馆" * 50]))
    exact = score_ways(network_of(model), parts_of(model, parts.units, parts.alphabet), ways)
    assert network is not None
    for one, other in zip(exact, network(ways), strict=True):
        assert one.offsets.tolist() == other.offsets.tolist()
        np.testing.assert_allclose(one.values, other.values, atol=0.15)
        assert best_units(one).tolist() == best_units(other).tolist()


def test_best_units_takes_the_first_of_equals_and_nothing_where_text_is_kept() -> None:
    scores = UnitScores(np.array([0, 3, 3, 5]), np.array([-2.0, -1.0, -1.0, -0.1, -3.0], np.float32))
    assert best_units(scores).tolist() == [1, 0, 0]


@pytest.mark.parametrize("preset", ["gru", "transformer"])
def test_any_backbone(text: Path, tmp_path: Path, preset: str) -> None:
    changes = [change for change in SMALL if not change.startswith("trigrams")]
    changes += ["attention_heads=2"] if preset == "transformer" else []
    done = train_pinyin(PinyinOptions((str(text),)), tmp_path / "run", preset, changes, quiet=True)
    assert done.cer < 0.1
    assert converted(tmp_path / "run", "我们今天喝茶") == "我们今天喝茶"


def test_adapting_begins_with_the_network_that_is_there(run: Path, text: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("".join(f"{line.replace(' ', '').replace('北京', '背景')}\n" for line in lines(200, 2)), "utf-8")
    changes = ["epochs=4", "lr=0.01", "batch_chars=256", "length=32", "threads=1", "device=cpu", "warmup=1"]
    done = train_pinyin(PinyinOptions((str(other),), start=str(run)), tmp_path / "run", None, changes, quiet=True)
    assert done.before is not None
    assert done.cer < 0.5 * done.before
    assert f"before: {done.before:.2%}" in done.summary()
    assert converted(tmp_path / "run", "我们去背景") == "我们去背景"
    assert converted(run, "我们去背景") == "我们去北京"
    with pytest.raises(BadInput, match="hidden cannot be set"):
        train_pinyin(PinyinOptions((str(other),), start=str(run)), tmp_path / "two", None, ["hidden=64"], quiet=True)


@pytest.mark.usefixtures("no_graph")
def test_stopped_and_resumed_equals_uninterrupted(text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(Exception):
        pass

    calls: list[int] = []
    score = PinyinDevelopment.score

    def dies_the_second_time(self: PinyinDevelopment, model: torch.nn.Module) -> Mapping[str, float]:
        calls.append(0)
        if len(calls) == 2:
            raise Killed
        return score(self, model)

    changes = [*SMALL, "eval_every=7", "dropout=0.2", "epochs=2"]
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(PinyinDevelopment, "score", dies_the_second_time)
        train_pinyin(PinyinOptions((str(text),)), tmp_path / "killed", "pinyin", changes, quiet=True)
    resumed = resume_pinyin(tmp_path / "killed", quiet=True)
    whole = train_pinyin(PinyinOptions((str(text),)), tmp_path / "whole", "pinyin", changes, quiet=True)
    one, other = ((done.folder / "weights.safetensors").read_bytes() for done in (resumed, whole))
    assert one == other
    assert resumed.cer == whole.cer
    with pytest.raises(BadInput, match="not for language"):
        resume_language(whole.folder)


def test_a_run_says_how_it_was_made(run: Path, text: Path) -> None:
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    assert record["config"]["task"] == TASK
    assert record["config"]["options"]["fresh"] is True
    assert list(record["data"]) == [str(text)]
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))
    assert config["scores"][0]["metric"] == "cer"
    assert (
        f"n:{len((run / 'data/0000.held-out.txt').read_text(encoding='utf-8').splitlines())}"
        in (config["scores"][0]["signature"])
    )


def test_options_that_do_not_fit_together(text: Path, tmp_path: Path) -> None:
    asked = PinyinOptions((str(text),))
    for wrong in (replace(asked, objective="pinyin,masked"), replace(asked, objective="masked")):
        with pytest.raises(BadInput, match="pinyin"):
            wrong.checked()
    with pytest.raises(BadInput, match="length is 1000"):
        train_pinyin(asked, tmp_path / "run", "pinyin", ["length=1000"], quiet=True)
    assert not (tmp_path / "run").exists()


def test_with_tables_the_run_is_a_whole_converter_that_knows_the_words_of_the_domain(tmp_path: Path) -> None:
    tables = write_pinyin(tmp_path / "tables")
    domain = tmp_path / "domain.txt"
    domain.write_text(
        "".join(f"{line.replace(' ', '').replace('今天', '金田一')}\n" for line in lines(200, 3)), "utf-8"
    )
    done = train_pinyin(
        PinyinOptions((str(domain),), start=str(tables)), tmp_path / "run", "pinyin", [*SMALL, "epochs=1"], quiet=True
    )
    assert done.joined is not None and done.before is not None
    assert done.joined.cer < done.before
    converter = load_converter(str(tmp_path / "run"), device="cpu")
    assert converter("women jintianyi qu beijing").hanzi == "我们金田一去北京"
    assert json.loads((tmp_path / "run/config.json").read_text("utf-8"))["network_weight"] == done.joined.tables.network
