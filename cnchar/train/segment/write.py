"""The finished segmenter as a bundle: its config, its model card, its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnchar._version import __version__
from cnchar.nn.model import CharacterModel
from cnchar.tasks.segment import LABELS, TASK
from cnchar.tasks.tables import NEURAL
from cnchar.train.engine.run_folder import FinishedRun
from cnchar.train.engine.scores import score_entry
from cnchar.train.export.deploy import write_run_bundle
from cnchar.train.segment.development import Development, transitions_of
from cnchar.train.segment.start import Start

_CARD = """\
# {name}

A segmenter trained with cnchar {version}: `cnchar segment --model {folder}`.

- F1 {f1:.2%} (precision {precision:.2%}, recall {recall:.2%}) on {lines} lines of development text.
- What counts as a word: standard `{standard}`.
- Made from: {sources}.
- Licence: {licence}.

`run.json` says how it was made, `metrics.jsonl` how training went.
"""


@dataclass(frozen=True)
class Finished(FinishedRun):
    """A finished run: its folder, the scores on the development text, and what it was made from."""

    scores: Mapping[str, float]
    start: Start
    development: Development
    sources: tuple[str, ...]

    def summary(self) -> str:
        """One line for people."""
        return (
            f"{self.folder}: F1 {self.scores['f1']:.2%} on the development text; cnchar segment --model {self.folder}"
        )


def write_segmenter(run: Finished, model: CharacterModel) -> None:
    """Write the bundle into the run's folder."""
    config = _config(run, model)
    card = _CARD.format(
        name=run.name, version=__version__, folder=run.folder, lines=len(run.development.gold),
        standard=run.start.standard, sources="; ".join(config["sources"]), licence=config["licence"], **run.scores,
    )  # fmt: skip
    files = {**run.start.characters.files(), **run.start.files}
    write_run_bundle(run.folder, config, files, card, model)


def _config(run: Finished, model: CharacterModel) -> dict[str, Any]:
    start, transitions = run.start, transitions_of(model)
    config: dict[str, Any] = {
        "name": run.name,
        "version": 1,
        "task": TASK,
        "architecture": NEURAL,
        "normalisation": "fold-width-script",
        "labels": LABELS,
        "standard": start.standard,
        "standards": list(start.standards),
        "max_length": start.max_length,
        "overlap": start.overlap,
        "licence": start.licence,
        "sources": [*run.sources, *start.sources],
        "scores": [_score(run)],
    }
    if start.tables:
        config["tables"] = start.tables
    if transitions is not None:
        config["transitions"] = transitions
    return config


def _score(run: Finished) -> dict[str, Any]:
    """The score on the development text, with a signature that says which text that was."""
    gold, f1 = run.development.gold, run.scores["f1"]
    entry = score_entry("seg-f1", "word", gold, run.name, data="the development text", measure="f1", value=f1)
    return {**entry, "standard": run.start.standard}
