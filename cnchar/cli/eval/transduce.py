"""`cnchar eval transduce`."""

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

ABOUT = """Score rewritten text: chrF and BLEU of characters, as sacrebleu counts them, and exact lines.

One line each in both files, of which the last column (after a TAB) counts; in jsonl the text at transduce.text or
target.

Example: cnchar eval transduce --gold pairs.tsv --pred a.txt --pred b.txt --paired
"""


def eval_transduce(compared: Compared, asked: Asked | None = None) -> Report:
    """Score files of texts, line for line. Raises BadInput where sources, or the numbers of lines, differ."""
    from cnchar.evaluate.assemble import Task
    from cnchar.evaluate.transduction import TRANSDUCTION, count_transduction

    def count(lines: Iterator[Line], tally: Tally, kinds: Kinds | None) -> tuple[Table, ...]:
        count_transduction(lines, tally, kinds)
        return ()

    return eval_texts(Task("transduce"), TRANSDUCTION, count, compared, asked or Asked())


transduce_cli = answer_command(eval_transduce, ABOUT)
