from __future__ import annotations

from dataclasses import replace

from cnchar.evaluate.render_text import aligned, to_text
from cnchar.evaluate.report import Comparison, Error, Gate, Interval, Report, Table
from evaluate.samples import SIMPLE

(ONE,) = SIMPLE.systems


def test_one_system() -> None:
    lengths = Table("by_length", ("characters", "gold_words", "f1"), (("1", 1200, 0.5), ("2", 4, None)))
    one = replace(ONE, tables=(lengths,), intervals={"f1": Interval(0.65, 0.75)})
    gate = Gate("f1 >= 0.95", "f1", 0.7, 0.95, False)
    assert to_text(replace(SIMPLE, systems=(one,), gates=(gate,))) == (
        "f1         70.00 %, 65.00 % to 75.00 %\n"
        "precision                      70.00 %\n"
        "recall                         70.00 %\n"
        "exact                           0.00 %\n"
        "\n"
        "f1 >= 0.95 failed: f1 is 0.7\n"
        "\n"
        "counts\n"
        "sentences  gold words  pred words  right words\n"
        "2                  10          10            7\n"
        "\n"
        "by length\n"
        "characters  gold words       f1\n"
        "1                1,200  50.00 %\n"
        "2                    4\n"
        "\n"
        "most frequent errors\n"
        "count  gold       predicted  example\n"
        "    1  网易 杭研  网易杭研   1: 他 来到 了 [网易 杭研] 大厦\n"
        "    1  进展       进 展      3: 三峡 工程 [进展] 顺利\n"
        "\n"
        "signature: seg-f1|level:word|norm:none|data:sha256:ab12cd34|n:2|v:0.1.0\n"
    )


def test_several_systems_stand_side_by_side() -> None:
    plain = replace(ONE, scores={"f1": 0.7}, counts={}, errors=())
    better = replace(plain, name="better.txt", scores={"f1": 0.75, "bits": 2.5})
    luck = Comparison("f1", "pred.txt", "better.txt", 0.05, Interval(0.01, 0.09), 0.02, 0.0312)
    report = Report("segment", {}, (plain, better), comparisons=(luck,), units={"bits": "bits"})
    assert to_text(report) == (
        "      pred.txt              better.txt\n"
        "f1     70.00 %  75.00 % (+5.00 points)\n"
        "bits                          2.5 bits\n"
        "\n"
        "score  base      other         difference                 95 % interval  p (bootstrap)  p (randomisation)\n"
        "f1     pred.txt  better.txt  +5.00 points  +1.00 points to +9.00 points         0.0200             0.0312\n"
        "\n"
        "signature: pred.txt: seg-f1|level:word|norm:none|data:sha256:ab12cd34|n:2|v:0.1.0\n"
        "\n"
        "signature: better.txt: seg-f1|level:word|norm:none|data:sha256:ab12cd34|n:2|v:0.1.0\n"
    )


def test_what_is_in_a_file_cannot_break_the_table() -> None:
    error = Error("\ud800\x1b[31m", "中\n国", 1, 1, "\t", "\u202e")
    text = to_text(replace(SIMPLE, systems=(replace(ONE, errors=(error,)),)))
    assert "    1  \ufffd\ufffd[31m  中 国      1: [\ufffd\ufffd[31m] \ufffd\n" in text


def test_chinese_takes_two_places() -> None:
    assert aligned([["中国", "1"], ["a", "22"], ["", "333"]], "<>") == "中国    1\na      22\n      333\n"
