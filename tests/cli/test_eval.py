from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest

import cnchar
from cnchar.cli import eval as evaluation
from cnchar.cli import exits
from cnchar.cli.eval import SegmentationOptions, eval_segment
from cnchar.errors import BadInput

GOLD = "他 来到 了 网易 杭研 大厦\n\n三峡 工程 进展 顺利\n"
PRED = "他 来到 了 网易杭研 大厦\n三峡 工程 进 展 顺利\n"


@dataclass(frozen=True)
class Segmentation:
    words: tuple[str, ...]


class FakeSegmenter:
    """Cuts each text into pairs of characters; reads ahead, as a model that batches does."""

    name, version = "pairs", 3

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, texts: Iterable[str]) -> Iterator[Segmentation]:
        texts = iter(texts)
        while batch := list(islice(texts, 2)):
            self.seen += batch
            yield from (Segmentation(tuple(t[i : i + 2] for i in range(0, len(t), 2))) for t in batch)


@pytest.fixture
def segmenter(monkeypatch: pytest.MonkeyPatch) -> FakeSegmenter:
    fake = FakeSegmenter()
    monkeypatch.setattr(evaluation, "_load", lambda options: fake)
    return fake


@pytest.fixture
def files(tmp_path: Path) -> SimpleNamespace:
    contents = {"gold": GOLD, "pred": PRED, "known": "他\n来到\n了\n网易\n大厦\n工程\n"}
    for name, text in contents.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return SimpleNamespace(**{name: str(tmp_path / name) for name in contents})


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = exits.run(evaluation.app, ["segment", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def signature(text: str, n: int, model: str = "") -> str:
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"seg-f1|level:word|norm:none|data:sha256:{digest}|n:{n}{model}|v:{cnchar.__version__}"


def test_scores_a_file(files: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(
        capsys, "--gold", files.gold, "--pred", files.pred, "--known", files.known, "--errors-top", "1"
    )
    assert (code, err) == (0, "")
    assert out == (
        "precision   70.00 %  7 of 10 predicted words\n"
        "recall      70.00 %  7 of 10 gold words\n"
        "f1          70.00 %\n"
        "exact        0.00 %  0 of 2 sentences\n"
        "oov rate    40.00 %  4 of 10 gold words not known\n"
        "oov recall  50.00 %  2 of 4 unknown words\n"
        "iv recall   83.33 %  5 of 6 known words\n"
        "\n"
        "most frequent errors\n"
        "count  gold       predicted  example\n"
        "    1  网易 杭研  网易杭研   1: 他 来到 了 [网易 杭研] 大厦\n"
        "\n"
        f"signature: {signature(GOLD, 2)}\n"
    )


def test_json_and_reports(files: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = [f"--report={kind}:{tmp_path / 'reports' / kind}" for kind in ("json", "text")]
    arguments = ("--gold", files.gold, "--pred", files.pred, "--format", "json", *reports)
    for _ in range(2):  # the second run replaces the reports of the first
        code, out, err = run(capsys, *arguments)
        assert (code, err) == (0, "")
    content = json.loads(out)
    assert content["signature"] == signature(GOLD, 2)
    assert content["sources"] == {"gold": files.gold, "pred": files.pred}
    assert content["scores"]["f1"] == 0.7
    assert [error["count"] for error in content["errors"]] == [1, 1]
    assert (tmp_path / "reports/json").read_text(encoding="utf-8") == out
    assert (tmp_path / "reports/text").read_text(encoding="utf-8").startswith("precision  70.00 %")


def test_scores_a_model(files: SimpleNamespace, segmenter: FakeSegmenter) -> None:
    report = eval_segment(SegmentationOptions(files.gold, model="pairs"))
    assert segmenter.seen == ["他来到了网易杭研大厦", "三峡工程进展顺利"]
    assert str(report.signature) == signature(GOLD, 2, "|model:pairs@3")
    assert report.sources == {"gold": files.gold, "model": "pairs@3"}
    counts = report.counts
    assert (counts.gold_words, counts.pred_words, counts.right_words, counts.exact_sentences) == (10, 9, 7, 1)
    assert [error.example.line for error in report.errors] == [1]


def test_errors_of_a_model_name_the_line_of_the_gold_file(tmp_path: Path, segmenter: FakeSegmenter) -> None:
    gold = tmp_path / "gold"
    gold.write_text("三峡 工程\n\n \n天安门 广场\n", encoding="utf-8")
    (error,) = eval_segment(SegmentationOptions(str(gold), model="pairs")).errors
    assert (error.gold, error.pred, error.example.line) == (("天安门", "广场"), ("天安", "门广", "场"), 4)


def test_a_model_that_loses_text_is_found_out(files: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lossy(FakeSegmenter):
        def __call__(self, texts: Iterable[str]) -> Iterator[Segmentation]:
            return (Segmentation((text[1:],)) for text in texts)

    monkeypatch.setattr(evaluation, "_load", lambda options: Lossy())
    with pytest.raises(BadInput, match=r"gold line 1 and pairs@3 sentence 1 differ in text at character 1:"):
        eval_segment(SegmentationOptions(files.gold, model="lossy"))


def test_model_and_its_options_reach_the_runtime(monkeypatch: pytest.MonkeyPatch, files: SimpleNamespace) -> None:
    seen = []

    def load(task: str, **options: object) -> FakeSegmenter:
        seen.append((task, options))
        return FakeSegmenter()

    monkeypatch.setitem(sys.modules, "cnchar.runtime", SimpleNamespace(load=load))
    eval_segment(SegmentationOptions(files.gold, model="fast"))
    report = eval_segment(SegmentationOptions(files.gold, model="fast", standard="ud", user_dict="terms.tsv"))
    assert seen == [
        ("segment", {"model": "fast"}),
        ("segment", {"model": "fast", "standard": "ud", "user_dict": "terms.tsv"}),
    ]
    assert report.sources["standard"] == "ud"


@pytest.mark.parametrize("model", [None, "pairs"])
def test_empty_gold_gives_zeros(
    tmp_path: Path, model: str | None, segmenter: FakeSegmenter, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty"
    path.write_text("\n \n", encoding="utf-8")
    side = ["--pred", str(path)] if model is None else ["--model", model]
    code, out, _ = run(capsys, "--gold", str(path), *side, "--known", str(path), "--tags", "--format", "json")
    content = json.loads(out)
    assert code == 0
    assert set(content["scores"].values()) == {0.0}
    assert content["errors"] == []
    assert content["tags"]["support"] == 0


def test_tags(files: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--gold", files.gold, "--pred", files.pred, "--tags", "--format", "json")
    tags, scores = json.loads(out)["tags"], json.loads(out)["scores"]
    assert code == 0
    assert (tags["precision"], tags["recall"], tags["support"]) == (scores["precision"], scores["recall"], 10)
    assert (tags["mode"], tags["scheme"]) == ("strict", "IOBES")


def test_formats_encoding_and_compression(tmp_path: Path) -> None:
    gold, pred = tmp_path / "gold.pfr.gz", tmp_path / "pred.jsonl"
    gold.write_bytes(gzip.compress("19980101-01-001-001/m  [网易/nz  杭研/nz]nt  大厦/n\n".encode("gb18030")))
    pred.write_bytes('{"segment": {"words": ["网易", "杭研大厦"]}}\n'.encode("gb18030"))
    options = SegmentationOptions(
        str(gold), str(pred), gold_format="pfr", pred_format="jsonl", encoding="gb18030", errors_top=0
    )
    report = eval_segment(options)
    assert (report.counts.right_words, report.counts.gold_words, report.counts.pred_words) == (1, 3, 2)
    assert report.errors == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--pred", "PRED", "--model", "fast"], "Give either --pred FILE or --model NAME"),
        ([], "Give either --pred FILE or --model NAME"),
        (["--pred", "PRED", "--standard", "ud"], "belong to --model"),
        (["--pred", "KNOWN"], "differ in text at character 2: '他来到了网易杭研大厦' against '他'"),
        (["--pred", "none.txt"], "none.txt: no such file"),
        (["--pred", "PRED", "--known", "none.txt"], "none.txt: no such file"),
        (["--pred", "PRED", "--pred-format", "jsonl"], "line 1: expected a JSON record"),
        (["--pred", "PRED", "--encoding", "klingon"], "Unknown encoding"),
        (["--pred", "PRED", "--report", "xml:a.xml"], "KIND:PATH with a kind of text, json"),
        (["--pred", "PRED", "--report", "json:"], "KIND:PATH"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(
    files: SimpleNamespace, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    names = {"PRED": files.pred, "KNOWN": files.known}
    code, out, err = run(capsys, "--gold", files.gold, *(names.get(each, each) for each in arguments))
    assert (code, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1


def test_different_text_names_the_line_of_each_file(
    files: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pred = tmp_path / "other"
    pred.write_text("他 来到 了 网易 杭研 大厦\n三峡 工程 进行 顺利\n", encoding="utf-8")
    report = tmp_path / "eval.json"
    code, _, err = run(capsys, "--gold", files.gold, "--pred", str(pred), "--report", f"json:{report}")
    assert code == 2
    assert f"{files.gold} line 3 and {pred} line 2 differ in text at character 6: " in err
    assert not report.exists()
