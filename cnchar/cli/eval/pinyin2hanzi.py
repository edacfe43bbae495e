"""`cnchar eval pinyin2hanzi`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnchar.cli.eval.answers import Compared, answer_command, eval_texts
from cnchar.cli.eval.finish import Asked

if TYPE_CHECKING:
    from cnchar.evaluate.aligned import Line
    from cnchar.evaluate.kinds import Kinds
    from cnchar.evaluate.report import Report, Table
    from cnchar.evaluate.tally import Tally

ABOUT = """Score pinyin to hanzi: character accuracy, character error rate (CER), exact lines, the commonest confusions.

One line each in both files, of which the last column (after a TAB) counts; in jsonl the text at pinyin2hanzi.text or
target.

Example: cnchar eval pinyin2hanzi --gold pairs.tsv --pred out.txt --fail-under accuracy=0.95
"""


def eval_pinyin2hanzi(compared: Compared, asked: Asked | None = None) -> Report:
    """Score files of hanzi, line for line. Raises BadInput where their numbers of lines differ."""
    from cnchar.evaluate.assemble import Task
    from cnchar.evaluate.conversion import CONVERSION, count_conversion

    def count(lines: Iterator[Line], tally: Tally, kinds: Kinds | None) -> tuple[Table, ...]:
        count_conversion(lines, tally, kinds)
        return ()

    task = Task("pinyin2hanzi", lower_is_better=frozenset({"cer"}))
    return eval_texts(task, CONVERSION, count, compared, asked or Asked(), same_source=False)


pinyin2hanzi_cli = answer_command(eval_pinyin2hanzi, ABOUT)
