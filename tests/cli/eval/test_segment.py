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
from cnchar.cli.eval import segmentation
from cnchar.cli.eval.finish import Asked
from cnchar.cli.eval.segmentation import SegmentationOptions, eval_segment
from cnchar.errors import BadInput, MissingExtra

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
    monkeypatch.setattr(segmentation, "_load", lambda options: fake)
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
        "f1          70.00 %\n"
        "precision   70.00 %\n"
        "recall      70.00 %\n"
        "exact        0.00 %\n"
        "oov rate    40.00 %\n"
        "oov recall  50.00 %\n"
        "iv recall   83.33 %\n"
        "\n"
        "counts\n"
        "sentences  exact sentences  gold words  pred words  right words  oov words  oov right\n"
        "2                        0          10          10            7          4          2\n"
        "\n"
        "by length\n"
        "characters  gold words  pred words       f1  precision    recall\n"
        "1                    2           4  66.67 %    50.00 %  100.00 %\n"
        "2                    8           5  76.92 %   100.00 %   62.50 %\n"
        "3                    0           0   0.00 %     0.00 %    0.00 %\n"
        "4                    0           1   0.00 %     0.00 %    0.00 %\n"
        "5                    0           0   0.00 %     0.00 %    0.00 %\n"
        "6+                   0           0   0.00 %     0.00 %    0.00 %\n"
        "\n"
        "by oov\n"
        "words    gold words  right words   recall\n"
        "known             6            5  83.33 %\n"
        "unknown           4            2  50.00 %\n"
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
    (system,) = content["systems"]
    assert system["signature"] == signature(GOLD, 2)
    assert content["sources"] == {"gold": files.gold, "pred": files.pred}
    assert system["scores"]["f1"] == 0.7
    assert [error["count"] for error in system["errors"]] == [1, 1]
    assert (tmp_path / "reports/json").read_text(encoding="utf-8") == out
    assert (tmp_path / "reports/text").read_text(encoding="utf-8").startswith("f1         70.00 %")


def test_several_files_and_whether_it_is_luck(files: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys,
        *("--gold", files.gold, "--pred", files.pred, "--pred", files.gold),
        *("--paired", "--bootstrap", "50", "--seed", "4", "--format", "json"),
    )
    content = json.loads(out)
    assert code == 0
    assert [system["name"] for system in content["systems"]] == [files.pred, files.gold]
    assert content["systems"][1]["signature"] == signature(GOLD, 2).replace("|v:", "|bs:50|seed:4|v:")
    assert content["systems"][1]["intervals"]["f1"] == {"low": 1.0, "high": 1.0}
    found = {each["score"]: each["difference"] for each in content["comparisons"]}
    assert found == pytest.approx({"f1": 0.3, "precision": 0.3, "recall": 0.3, "exact": 1.0})
    assert content["sources"]["pred"] == f"{files.pred}, {files.gold}"


def test_slices_of_json_records(tmp_path: Path, segmenter: FakeSegmenter, capsys: pytest.CaptureFixture[str]) -> None:
    records = [
        {"words": ["三峡", "工程"], "domain": "news", "meta": {"year": 2001}},
        {"words": [" "], "domain": "blank"},
        {"words": ["他", "来到"], "domain": "novel", "meta": {"year": 2001}},
        {"words": ["进展", "顺利"], "domain": "news", "meta": {"year": 1999.5}},
    ]
    gold, pred = tmp_path / "gold.jsonl", tmp_path / "pred.txt"
    gold.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    pred.write_text("三峡 工程\n他来 到\n进 展 顺利\n", encoding="utf-8")
    for side in (["--pred", str(pred)], ["--model", "pairs"]):
        code, out, _ = run(
            capsys,
            *("--gold", str(gold), "--gold-format", "jsonl", *side),
            *("--slice", "domain", "--slice", "meta.year", "--format", "json"),
        )
        tables = {table["name"]: table["rows"] for table in json.loads(out)["systems"][0]["tables"]}
        assert code == 0
        assert [row[:2] for row in tables["slice:domain"]] == [["news", 2], ["novel", 1]]
        assert [row[:2] for row in tables["slice:meta.year"]] == [["2001", 2], ["1999.5", 1]]
    assert tables["slice:domain"][0][2] == 1.0


def test_slices_of_the_predicted_records(files: SimpleNamespace, tmp_path: Path) -> None:
    pred = tmp_path / "pred.jsonl"
    lines = [line.split() for line in PRED.splitlines()]
    records = [{"words": words, "id": i} for i, words in enumerate(lines)]
    pred.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    report = eval_segment(SegmentationOptions(files.gold, [str(pred)], pred_format="jsonl", slices=["id"]))
    assert [row[:2] for row in report.systems[0].tables[-1].rows] == [("0", 1), ("1", 1)]


def test_gates(files: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--gold", files.gold, "--pred", files.pred, "--fail-under", "precision=0.7")
    last = tmp_path / "last.json"
    assert run(capsys, *arguments, "--report", f"json:{last}")[0] == 0
    against = ("--baseline", str(last), "--report", f"json:{last}")
    assert run(capsys, *arguments, *against)[0] == 0
    code, out, err = run(capsys, *arguments, *against, "--fail-under", "f1=0.71", "--format", "json")
    assert (code, err) == (1, "cnchar: f1 >= 0.71 failed: f1 is 0.7\n")
    assert [gate["passed"] for gate in json.loads(out)["gates"]] == [True, False, True]
    assert last.read_text(encoding="utf-8") == out  # written although a gate failed


def test_scores_a_model(files: SimpleNamespace, segmenter: FakeSegmenter) -> None:
    report = eval_segment(SegmentationOptions(files.gold, model="pairs"))
    (system,) = report.systems
    assert segmenter.seen == ["他来到了网易杭研大厦", "三峡工程进展顺利"]
    assert (system.name, str(system.signature)) == ("pairs@3", signature(GOLD, 2, "|model:pairs@3"))
    assert report.sources == {"gold": files.gold, "model": "pairs@3"}
    assert system.counts == {"sentences": 2, "exact_sentences": 1, "gold_words": 10, "pred_words": 9, "right_words": 7}
    assert [error.line for error in system.errors] == [1]


def test_errors_of_a_model_name_the_line_of_the_gold_file(tmp_path: Path, segmenter: FakeSegmenter) -> None:
    gold = tmp_path / "gold"
    gold.write_text("三峡 工程\n\n \n天安门 广场\n", encoding="utf-8")
    (error,) = eval_segment(SegmentationOptions(str(gold), model="pairs")).systems[0].errors
    assert (error.gold, error.pred, error.line) == ("天安门 广场", "天安 门广 场", 4)


def test_a_model_that_loses_text_is_found_out(files: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    class Lossy(FakeSegmenter):
        def __call__(self, texts: Iterable[str]) -> Iterator[Segmentation]:
            return (Segmentation((text[1:],)) for text in texts)

    monkeypatch.setattr(segmentation, "_load", lambda options: Lossy())
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
    (system,) = json.loads(out)["systems"]
    assert code == 0
    assert set(system["scores"].values()) == {0.0}
    assert system["errors"] == []
    assert system["tables"][-1]["rows"] == [["IOBES strict", 0.0, 0.0, 0.0, 0, 0.0]]


def test_tags(files: SimpleNamespace) -> None:
    (system,) = eval_segment(SegmentationOptions(files.gold, [files.pred], tags=True)).systems
    assert system.tables[-1].name == "tags"
    assert system.tables[-1].rows[0][1:5] == pytest.approx((*list(system.scores.values())[:3], 10))


def test_tags_without_seqeval(files: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "seqeval.metrics", None)
    with pytest.raises(MissingExtra, match=r"--tags.*cnchar-toolkit\[eval\]"):
        eval_segment(SegmentationOptions(files.gold, [files.pred], tags=True))


def test_nothing_is_resampled_with_an_empty_gold(tmp_path: Path) -> None:
    path = tmp_path / "empty"
    path.write_text("\n", encoding="utf-8")
    other = tmp_path / "other"
    other.write_text("", encoding="utf-8")
    asked = Asked(bootstrap=5, paired=True)
    report = eval_segment(SegmentationOptions(str(path), [str(path), str(other)]), asked)
    assert {interval.high for system in report.systems for interval in system.intervals.values()} == {0.0}
    assert {comparison.p_bootstrap for comparison in report.comparisons} == {1.0}


def test_formats_encoding_and_compression(tmp_path: Path) -> None:
    gold, pred = tmp_path / "gold.pfr.gz", tmp_path / "pred.jsonl"
    gold.write_bytes(gzip.compress("19980101-01-001-001/m  [网易/nz  杭研/nz]nt  大厦/n\n".encode("gb18030")))
    pred.write_bytes('{"segment": {"words": ["网易", "杭研大厦"]}}\n'.encode("gb18030"))
    options = SegmentationOptions(
        str(gold), [str(pred)], gold_format="pfr", pred_format="jsonl", encoding="gb18030", errors_top=0
    )
    report = eval_segment(options)
    counts = report.systems[0].counts
    assert (counts["right_words"], counts["gold_words"], counts["pred_words"]) == (1, 3, 2)
    assert report.systems[0].errors == ()
    assert report.unit == "sentence"


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
        (["--pred", "PRED", "--slice", "domain"], "give --gold-format jsonl"),
        (["--model", "fast", "--pred-format", "jsonl", "--slice", "domain"], "give --gold-format jsonl"),
        (["--pred", "PRED", "--fail-under", "oov_recall=0.5"], "no score 'oov_recall'"),
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
