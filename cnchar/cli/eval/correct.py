"""`cnchar eval correct`."""

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

ABOUT = """Score spelling correction by sentence and character, detection and correction, and false alarms.

--gold has source TAB target a line, --pred the corrected text; in jsonl the source is at source or text, the target or
the corrected text at correct.text or target. All three must be equally long.

Example: cnchar eval correct --gold pairs.tsv --pred out.txt --baseline last.json --max-drop 0.002
"""


def eval_correct(compared: Compared, asked: Asked | None = None) -> Report:
    """Score corrected text. Raises BadInput where sources, or the lengths of lines, differ."""
    from cnchar.evaluate.assemble import Task
    from cnchar.evaluate.correction import CORRECTION, ErrorTypes, count_correction

    def count(lines: Iterator[Line], tally: Tally, kinds: Kinds | None) -> tuple[Table, ...]:
        types = ErrorTypes()
        count_correction(lines, tally, kinds, types)
        return (types.table(),)

    task = Task("correct", lower_is_better=frozenset({"false_alarm"}))
    return eval_texts(task, CORRECTION, count, compared, asked or Asked(), columns="pair", same_length=True)


correct_cli = answer_command(eval_correct, ABOUT)
