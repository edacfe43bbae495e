"""`cnchar eval classify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnchar.cli.eval.answers import Compared, answer_command, report_on
from cnchar.cli.eval.finish import Asked

if TYPE_CHECKING:
    from cnchar.evaluate.report import Report

FIELDS = ("classify.label", "label")
ABOUT = """Score labels: accuracy, precision, recall and F1 by class and on average, and the confusion matrix.

Each line ends with its label, alone or after the text and a TAB; in jsonl the label is at classify.label or label. The
numbers are those of scikit-learn's classification_report.

Example: cnchar eval classify --gold gold.tsv --pred pred.tsv --fail-under macro_f1=0.9
"""


def eval_classify(compared: Compared, asked: Asked | None = None) -> Report:
    """Score labels, line for line. Raises BadInput where texts, or the numbers of lines, differ."""
    from cnchar.corpus.answers import pair_answers
    from cnchar.evaluate.assemble import Scored, Task
    from cnchar.evaluate.classification import Labels, all_labels, classification_metric, count_classification
    from cnchar.evaluate.kinds import Kinds
    from cnchar.evaluate.pairs import Side
    from cnchar.evaluate.tally import Tally

    asked = asked or Asked()
    compared.check(asked)
    systems = []
    for path in compared.preds:
        gold, pred = compared.answer_files(path, FIELDS)
        kinds = Kinds()
        sides = Side(gold.name), Side(pred.name)
        systems.append((pred.name, Labels.of(pair_answers(gold, pred), kinds, sides), kinds))
    labels = all_labels(each for _, each, _ in systems)
    metric = classification_metric(labels)
    scored = []
    for name, system, kinds in systems:
        tally = Tally(metric, asked.resampling is not None)
        count_classification(system, labels, tally)
        scored.append(Scored(name, tally, system.tables(), kinds.most_common(compared.errors_top)))
    return report_on(Task("classify"), compared, asked, scored, gold.sha256)


classify_cli = answer_command(eval_classify, ABOUT)
