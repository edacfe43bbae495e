"""The finished corrector as a bundle: its config, its model card, its files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from cnchar._version import __version__
from cnchar.bundle import write_bundle
from cnchar.nn.config import LONGEST
from cnchar.nn.model import CharacterModel
from cnchar.nn.suggestions import Suggestions
from cnchar.tasks.correct_parts import FEATURES, TASK, confusion_files
from cnchar.tasks.fluency import TABLES
from cnchar.tasks.language import VOCABULARY
from cnchar.tasks.tables import NEURAL
from cnchar.train.correct.judge import Development, Verdict
from cnchar.train.correct.start import Start
from cnchar.train.engine.run_folder import FinishedRun
from cnchar.train.engine.scores import score_entry
from cnchar.train.export.deploy import MODEL, WEIGHTS, example_inputs, exportable, to_onnx, weight_bytes
from cnchar.train.text.shards import TextShards

_CARD = """\
# {name}

A corrector trained with cnchar {version}: `cnchar correct --model {folder}`.

| on text that was not learned from | before | after |
| --- | --- | --- |
{table}

{pairs} pairs{made}, {quiet} lines without known errors. The threshold is the least one at which no more than two edits
fall on 10,000 characters of such lines, so where these have errors, it is higher than need be.

## Confidence

Edits of these lines by their confidence, and how many of them are right.

{reliability}

## Made from

{sources}. Licence: {licence}.

`run.json` says how it was made, `metrics.jsonl` how training went.
"""


@dataclass(frozen=True)
class Finished(FinishedRun):
    """A finished run: its folder, what the model did before and does now, by what that was measured, and its text."""

    before: Verdict | None
    after: Verdict
    development: Development
    start: Start | None
    text: TextShards

    def summary(self) -> str:
        """What people want to know first: what was found and what was wrongly found, before and after."""
        rows = "\n".join(f"  {name}: {before} -> {after}" for name, before, after in self.rows())
        return f"{self.folder}: on text that was not learned from\n{rows}\n  cnchar correct --model {self.folder}"

    def rows(self) -> list[tuple[str, str, str]]:
        """Measures before and after, as texts. A model that does nothing finds nothing and breaks nothing."""
        before, after = self.before, self.after
        none = "0.0%", "-", "0.0%", "0.0%", "0.0"
        names = (
            "errors mended (recall)",
            "of the changes, right (precision)",
            "F1 at best",
            "right lines changed",
            "per 10,000 characters",
        )
        return list(zip(names, none if before is None else _texts(before), _texts(after), strict=True))


def _texts(verdict: Verdict) -> tuple[str, ...]:
    at = verdict.default
    shares = f"{at.recall:.1%}", f"{at.precision:.1%}", f"{verdict.best.f1:.1%}", f"{verdict.changed_lines:.2%}"
    return (*shares, f"{verdict.changes:.2f}")


def write_corrector(run: Finished, model: CharacterModel) -> None:
    """Write the bundle into the run's folder."""
    config = corrector_config(run, model)
    json.dumps(config)  # fails before anything is written
    files = {
        VOCABULARY: run.text.alphabet.vocab.dumps().encode(),
        MODEL: suggestion_bytes(model),
        WEIGHTS: weight_bytes(model),
        **confusion_files(run.after.parts.confusions),
    }
    write_bundle(run.folder, config, files, _card(run, config))


def suggestion_bytes(model: CharacterModel) -> bytes:
    """The network as a graph that gives what nn/suggestions.py does."""
    inputs = example_inputs(model)
    batch, length = torch.export.Dim("batch", max=1 << 20), torch.export.Dim("length", max=LONGEST)
    dims = {name: {0: batch, 1: length} for name in inputs}
    return to_onnx(Suggestions(exportable(model)), inputs, dims, list(inputs), ["typed", "scores", "targets"])


def corrector_config(run: Finished, model: CharacterModel) -> dict[str, Any]:
    """The config of the bundle, without its files."""
    parts, start = run.after.parts, run.start
    return {
        "name": run.name,
        "version": 1,
        "task": TASK,
        "architecture": NEURAL,
        "normalisation": "none",
        "model": model.config.as_dict(),
        "max_length": parts.max_length,
        "overlap": parts.overlap,
        "fluency": TABLES,
        "decision": dict(zip(FEATURES, parts.weights.round(5).tolist(), strict=True)),
        "thresholds": {"default": parts.threshold, "best_f1": run.after.best.threshold},
        "licence": start.licence if start and start.licence else "that of the training text",
        "sources": [*run.text.made_from, *(start.sources if start else ())],
        "scores": [_score(run)],
    }


def _score(run: Finished) -> dict[str, Any]:
    """The score on the held-out pairs, with a signature that says which those were."""
    pairs = [f"{typed}\t{meant}" for typed, meant in run.development.pairs]
    return score_entry(
        "csc-f1", "sentence", pairs, run.name, data="held-out pairs", measure="correction f1 at best",
        value=run.after.best.f1,
    )  # fmt: skip


def _card(run: Finished, config: dict[str, Any]) -> str:
    return _CARD.format(
        name=run.name, version=__version__, folder=run.folder, pairs=len(run.development.pairs),
        made=", some of them with made errors" if run.development.made else "", quiet=len(run.development.quiet),
        table=table(run.rows()), reliability=reliability_table(run.after.reliability),
        sources="; ".join(config["sources"]), licence=config["licence"],
    )  # fmt: skip


def reliability_table(bins: Sequence[tuple[float, float, int, float, float]]) -> str:
    """Rows of curve.reliability as Markdown."""
    rows = [
        (f"{low:.2f}-{high:.2f}", f"{count:,}", f"{mean:.3f}", f"{right:.3f}") for low, high, count, mean, right in bins
    ]
    return table([("confidence", "edits", "mean confidence", "right"), ("---",) * 4, *rows])


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as Markdown."""
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
