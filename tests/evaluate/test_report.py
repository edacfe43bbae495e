from __future__ import annotations

import json

from cnchar.evaluate.confusions import Confusions
from cnchar.evaluate.known import KnownWords
from cnchar.evaluate.report import SegmentationReport, to_json, to_text
from cnchar.evaluate.segmentation import count_segmentation
from cnchar.evaluate.signature import Signature
from cnchar.evaluate.tags import TagReport

GOLD = ["他 来到 了 网易 杭研 大厦", "三峡 工程 进展 顺利"]
PRED = ["他 来到 了 网易杭研 大厦", "三峡 工程 进 展 顺利"]


def report(*, known: bool = True, tags: bool = False) -> SegmentationReport:
    confusions = Confusions()
    words = KnownWords(["他", "来到", "了", "网易", "大厦", "工程"]) if known else None
    counts = count_segmentation(GOLD, PRED, known=words, confusions=confusions)
    signature = Signature.build("seg-f1", level="word", norm="none", n=2, v="0.1.0")
    tag_scores = TagReport(0.5, 0.5, 0.5, 4, 0.75) if tags else None
    return SegmentationReport(signature, counts, {"gold": "g.txt"}, confusions.most_common(2), tag_scores)


def test_text() -> None:
    assert to_text(report(tags=True)) == (
        "precision   70.00 %  7 of 10 predicted words\n"
        "recall      70.00 %  7 of 10 gold words\n"
        "f1          70.00 %\n"
        "exact        0.00 %  0 of 2 sentences\n"
        "oov rate    40.00 %  4 of 10 gold words not known\n"
        "oov recall  50.00 %  2 of 4 unknown words\n"
        "iv recall   83.33 %  5 of 6 known words\n"
        "\n"
        "tags (seqeval strict, IOBES): precision 50.00 %, recall 50.00 %, f1 50.00 %, right tags 75.00 %\n"
        "\n"
        "most frequent errors\n"
        "count  gold       predicted  example\n"
        "    1  网易 杭研  网易杭研   1: 他 来到 了 [网易 杭研] 大厦\n"
        "    1  进展       进 展      2: 三峡 工程 [进展] 顺利\n"
        "\n"
        "signature: seg-f1|level:word|norm:none|n:2|v:0.1.0\n"
    )


def test_json() -> None:
    assert json.loads(to_json(report())) == {
        "schema_version": 1,
        "task": "segment",
        "signature": "seg-f1|level:word|norm:none|n:2|v:0.1.0",
        "signature_fields": {"metric": "seg-f1", "level": "word", "norm": "none", "n": "2", "v": "0.1.0"},
        "sources": {"gold": "g.txt"},
        "counts": {
            "sentences": 2,
            "exact_sentences": 0,
            "gold_words": 10,
            "pred_words": 10,
            "right_words": 7,
            "oov_words": 4,
            "oov_right": 2,
        },
        "scores": {
            "precision": 0.7,
            "recall": 0.7,
            "f1": 0.7,
            "exact": 0.0,
            "oov_rate": 0.4,
            "oov_recall": 0.5,
            "iv_recall": 5 / 6,
        },
        "errors": [
            {
                "gold": ["网易", "杭研"],
                "pred": ["网易杭研"],
                "count": 1,
                "example": {"line": 1, "before": "他 来到 了", "after": "大厦"},
            },
            {
                "gold": ["进展"],
                "pred": ["进", "展"],
                "count": 1,
                "example": {"line": 2, "before": "三峡 工程", "after": "顺利"},
            },
        ],
    }


def test_json_leaves_out_what_was_not_asked_for() -> None:
    content = json.loads(to_json(report(known=False)))
    assert "oov_words" not in content["counts"]
    assert set(content["scores"]) == {"precision", "recall", "f1", "exact"}
    assert "tags" not in content
    assert json.loads(to_json(report(tags=True)))["tags"]["scheme"] == "IOBES"


def test_half_characters_can_be_printed() -> None:
    confusions = Confusions()
    counts = count_segmentation(["\ud800 中"], ["\ud800中"], confusions=confusions)
    result = SegmentationReport(Signature.build("seg-f1"), counts, {}, confusions.most_common())
    assert "? 中" in to_text(result)
    assert json.loads(to_json(result))["errors"][0]["gold"] == ["?", "中"]
