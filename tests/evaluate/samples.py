"""Reports made by hand for the tests of the renderers: one system; two systems with everything a report can hold."""

from __future__ import annotations

from cnchar.evaluate.report import Comparison, Error, Gate, Interval, Report, System, Table
from cnchar.evaluate.signature import Signature

SIMPLE = Report(
    task="segment",
    sources={"gold": "gold.txt", "pred": "pred.txt"},
    systems=(
        System(
            name="pred.txt",
            signature=Signature.build("seg-f1", level="word", norm="none", data="sha256:ab12cd34", n=2, v="0.1.0"),
            counts={"sentences": 2, "gold_words": 10, "pred_words": 10, "right_words": 7},
            scores={"f1": 0.7, "precision": 0.7, "recall": 0.7, "exact": 0.0},
            errors=(
                Error("网易 杭研", "网易杭研", 1, 1, "他 来到 了", "大厦"),
                Error("进展", "进 展", 1, 3, "三峡 工程", "顺利"),
            ),
        ),
    ),
)


def _system(name: str, model: str, f1: float, recall: float) -> System:
    lengths = (("1-10", 812, f1 + 0.01), ("11-20", 700, f1), ("101+", 3, f1 - 0.12))
    return System(
        name=name,
        signature=Signature.build(
            "seg-f1", level="word", norm="none", data="sha256:ab12cd34", n=1944, bs=1000, seed=1, model=model, v="0.1.0"
        ),
        counts={"sentences": 1944, "gold_words": 104372, "pred_words": 104000},
        scores={"f1": f1, "oov_recall": recall, "cer": 1 - f1, "bits_per_char": 4.25 + f1},
        intervals={"f1": Interval(f1 - 0.004, f1 + 0.0037), "cer": Interval(0.03, 0.0425)},
        tables=(
            Table("by_length", ("length", "sentences", "f1"), lengths),
            Table("slice:domain", ("domain", "sentences", "f1"), (("news", 1900, f1), ("微博 <b>", 44, f1 / 2))),
            Table("confusion_matrix", ("gold", "体育", "财经"), (("体育", 30, 2), ("财经", 0, 5))),
            Table("by_oov", ("kind", "words", "right"), (("OOV", 6006, 0.6), ("IV", 98366, None))),
        ),
        errors=(
            Error("网易 杭研", "网易杭研", 1204, 17, "他 来到 了", "大厦"),
            Error("a|b", "<script>alert(1)</script>", 2, 9, "50% *&* `x`", "]]> ::error::@all\n## $y$"),
            Error("\ud800\x00", "\u202e]", 1, 3, "", ""),
        ),
    )


FULL = Report(
    task="segment",
    sources={"gold": "data,1/gold: <1>.txt", "known": "words.txt"},
    systems=(_system("fast@1", "segment-fast@1", 0.9664, 0.71), _system("<b> & co", "b|c", 0.9702, 0.69)),
    comparisons=(Comparison("f1", "fast@1", "<b> & co", 0.0038, Interval(0.0011, 0.0066), 0.004, 0.0031),),
    gates=(
        Gate("fast@1: f1 >= 0.95", "f1", 0.9664, 0.95, True),
        Gate("fast@1: oov_recall >= 0.71", "oov_recall", 0.7099999, 0.71, False),
        Gate('<b> & co: f1 drop <= 0.002 against "last.json"', "f1", 0.9702, 0.002, True),
    ),
    lower_is_better=frozenset({"cer", "bits_per_char"}),
    units={"bits_per_char": "bits"},
)

EMPTY = Report("correct", {}, (System("none", Signature.build("csc-f1"), {}, {}),))
