"""`cnchar eval pinyin2hanzi` with a model, beside the benchmark's script, and by its protocol; a toy converts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import RunCommand
from evaluate.oracles import run_scorer
from toy_converter import ToyDecoder

from cnchar.runtime import converter
from cnchar.runtime.pinyin_search import PinyinModel

PAIRS = "women qu beijing\t我们去北京\nni3 hao3\t你好\nta lai\t她来了\nwo de iPhone\t我的 iPhone\n"


@pytest.fixture(autouse=True)
def toy_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converter, "open_pinyin_model", lambda *_, **__: PinyinModel(ToyDecoder(), None, "toy", "1"))


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.tsv"
    path.write_text(PAIRS, encoding="utf-8")
    return path


def report(run: RunCommand, gold: Path, *options: str) -> dict[str, Any]:
    """What the command says in JSON."""
    ran = run("eval", "pinyin2hanzi", "--gold", gold, "--format", "json", *options)
    assert (ran.code, ran.message) == (0, "")
    return dict(json.loads(ran.text))


def test_a_model_is_scored_as_its_output_is(cnchar_here: RunCommand, gold: Path, tmp_path: Path) -> None:
    (by_model,) = report(cnchar_here, gold, "--model", "toy")["systems"]
    pinyin = tmp_path / "in.txt"
    pinyin.write_text("".join(line.split("\t")[0] + "\n" for line in PAIRS.splitlines()), encoding="utf-8")
    out = tmp_path / "out.txt"
    out.write_bytes(cnchar_here("pinyin2hanzi", pinyin).out)
    (by_file,) = report(cnchar_here, gold, "--pred", str(out))["systems"]
    assert by_model["scores"] == by_file["scores"]
    assert by_model["errors"] == by_file["errors"] != []
    assert by_model["signature"].replace("|model:toy@1", "") == by_file["signature"]
    assert by_model["name"] == "toy@1"
    assert [table["name"] for table in by_model["tables"]] == ["by_length"]


@pytest.mark.shared
def test_scores_are_those_of_the_benchmark(cnchar_here: RunCommand, gold: Path, tmp_path: Path, shared: Path) -> None:
    scores = report(cnchar_here, gold, "--model", "toy")["systems"][0]["scores"]
    golds = [line.split("\t")[1] for line in PAIRS.splitlines()]
    theirs = run_scorer(shared, "score_p2h", tmp_path, golds, ["我们去北京", "你好", "他来", "我的 iPhone"])
    assert {name: round(scores[name], 6) for name in ("cer", "accuracy", "exact")} == {
        name: theirs[name] for name in ("cer", "accuracy", "exact")
    }


def test_tones_can_be_dropped(cnchar_here: RunCommand, gold: Path) -> None:
    gold.write_text("ni2 hǎo\t你好\n", encoding="utf-8")
    assert report(cnchar_here, gold, "--model", "toy")["systems"][0]["scores"]["exact"] == 0
    assert report(cnchar_here, gold, "--model", "toy", "--drop-tones")["systems"][0]["scores"]["exact"] == 1


def test_records(cnchar_here: RunCommand, gold: Path) -> None:
    gold.write_text(
        '{"text": "ni hao", "target": "你好", "d": "a"}\n{"source": "ta", "target": "女", "d": "b"}\n', "utf-8"
    )
    options = ("--model", "toy", "--gold-format", "jsonl", "--slice", "d")
    (system,) = report(cnchar_here, gold, *options)["systems"]
    assert system["scores"]["exact"] == 0.5
    assert [table["name"] for table in system["tables"]] == ["slice:d", "by_length"]


def test_the_protocol_of_kyubyong(cnchar_here: RunCommand, gold: Path) -> None:
    rows = ["1\tzainar？\t在哪儿？", "2\tcan！\t餐！"] + [f"{n}\tnihao。\t你好。" for n in range(3, 1001)]
    gold.write_text(
        "\n".join([*rows[:960], *(f"{n}\two\t错错错错" for n in range(961, 1001))]) + "\n", encoding="utf-8"
    )
    found = report(cnchar_here, gold, "--model", "toy", "--protocol", "kyubyong")
    (system,) = found["systems"]
    assert system["counts"]["sentences"] == 960
    assert system["counts"]["characters"] == 4 + 2 + 958 * 3
    assert system["counts"]["exact_sentences"] >= 958
    assert "norm:kyubyong" in system["signature"]
    pred = gold.with_name("pred.txt")
    pred.write_text("\n".join(row.split("\t")[2] for row in rows) + "\n", encoding="utf-8")
    (system,) = report(cnchar_here, gold, "--pred", str(pred), "--protocol", "kyubyong")["systems"]
    assert (system["counts"]["sentences"], system["scores"]["cer"]) == (960, 0)


def test_gold_lines_without_pinyin_are_named(cnchar_here: RunCommand, gold: Path) -> None:
    gold.write_text("ni\t你\n好\n", encoding="utf-8")
    ran = cnchar_here("eval", "pinyin2hanzi", "--gold", gold, "--model", "toy")
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert f"{gold} line 2" in ran.message


@pytest.mark.parametrize("options", [["--fast"], ["--drop-tones"], ["--user-dict", "a.tsv"]])
def test_options_of_a_model_need_one(cnchar_here: RunCommand, gold: Path, options: list[str]) -> None:
    ran = cnchar_here("eval", "pinyin2hanzi", "--gold", gold, "--pred", gold, *options)
    assert (ran.code, ran.out) == (2, b"")
    assert "--model" in ran.message
