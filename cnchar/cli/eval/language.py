"""`cnchar eval language`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnchar.cli.eval.answers import Compared, answer_command, report_on
from cnchar.cli.eval.finish import Asked
from cnchar.errors import BadInput

if TYPE_CHECKING:
    from cnchar.evaluate.report import Report

UNITS = {"bits_per_char": "bits", "perplexity": "", "bits": "bits"}
ABOUT = """Score a language model by its bits per character and perplexity.

--gold is the text; --pred has for each of its lines: number TAB bits TAB characters, or JSON records with line, bits
and chars. The bits are those of the whole line, its end counted as a character or not.

Example: cnchar eval language --gold held-out.txt --pred scores.tsv --fail-under bits_per_char=4.5
"""


def eval_language(compared: Compared, asked: Asked | None = None) -> Report:
    """Score the scores of lines. Raises BadInput where they are not those of the text."""
    from cnchar.corpus.answers import AnswerFile
    from cnchar.corpus.line_scores import ScoreFile, pair_scores
    from cnchar.evaluate.assemble import Scored, Task
    from cnchar.evaluate.language import LANGUAGE, HardestLines, count_language
    from cnchar.evaluate.tally import Tally

    asked = asked or Asked()
    compared.check(asked)
    if compared.pred_slices:
        raise BadInput("--slice reads a field of the text's records here: give --gold-format jsonl.")
    scored = []
    for path in compared.preds:
        gold = AnswerFile(
            *(compared.gold, ("text",), compared.gold_format, compared.encoding),
            columns="whole",
            slices=compared.gold_slices,
        )
        pred = ScoreFile(path, compared.pred_format, compared.encoding)
        tally, hardest = Tally(LANGUAGE, asked.resampling is not None), HardestLines(compared.errors_top)
        count_language(pair_scores(gold, pred), tally, hardest)
        scored.append(Scored(pred.name, tally, (hardest.table(),) if compared.errors_top else ()))
    task = Task("language", lower_is_better=frozenset({"bits_per_char", "perplexity"}), units=UNITS)
    return report_on(task, compared, asked, scored, gold.sha256)


language_cli = answer_command(eval_language, ABOUT)
