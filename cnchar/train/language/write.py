"""The finished language model as a bundle: its config, its model card, its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cnchar._version import __version__
from cnchar.nn.model import CharacterModel
from cnchar.tasks.language import CAUSAL, TASK, VOCABULARY
from cnchar.tasks.tables import NEURAL
from cnchar.train.engine.run_folder import FinishedRun
from cnchar.train.engine.scores import score_entry
from cnchar.train.export.deploy import write_run_bundle
from cnchar.train.export.step import STEP, step_bytes
from cnchar.train.text.shards import TextShards

_CAUSAL_USE = "it foresees each character of a line from those before it: `cnchar generate --model {folder}`"
_OTHER_USE = "it finds characters of a line from both sides: `cnchar finetune segment --from {folder}`"
_CARD = """\
# {name}

A language model of characters trained with cnchar {version}; {use}.

- {value:.3f} {measure} on {lines} held-out lines.
- {symbols} symbols, {weights} weights.
- Made from: {sources}.
- Licence: that of the training text.

`run.json` says how it was made, `metrics.jsonl` how training went.
"""


@dataclass(frozen=True)
class Finished(FinishedRun):
    """A finished run: its folder, its bits for each character of the held-out lines, and what it was made from."""

    objective: str
    length: int
    scores: Mapping[str, float]
    held_out: list[str]
    text: TextShards

    def summary(self) -> str:
        """One line for people."""
        ((measure, value),) = self.scores.items()
        return f"{self.folder}: {value:.3f} {measure} on {len(self.held_out)} held-out lines"


def write_language(run: Finished, model: CharacterModel) -> None:
    """Write the bundle into the run's folder."""
    config = _config(run)
    ((measure, value),) = run.scores.items()
    use = _CAUSAL_USE if run.objective == CAUSAL else _OTHER_USE
    card = _CARD.format(
        name=run.name, version=__version__, use=use.format(folder=run.folder), value=value,
        measure=measure, lines=len(run.held_out), symbols=f"{model.config.symbols:,}",
        weights=f"{sum(weight.numel() for weight in model.parameters()):,}", sources="; ".join(config["sources"]),
    )  # fmt: skip
    files = {VOCABULARY: run.text.alphabet.vocab.dumps().encode()}
    if run.objective == CAUSAL:
        files[STEP] = step_bytes(model)
    write_run_bundle(run.folder, config, files, card, model)


def _config(run: Finished) -> dict[str, Any]:
    return {
        "name": run.name,
        "version": 1,
        "task": TASK,
        "architecture": NEURAL,
        "normalisation": "none",
        "objective": run.objective,
        "max_length": run.length,
        "licence": "that of the training text",
        "sources": run.text.made_from,
        "scores": [_score(run)],
    }


def _score(run: Finished) -> dict[str, Any]:
    """The score on the held-out lines, with a signature that says which lines those were."""
    ((measure, value),) = run.scores.items()
    metric = "lm-bpc" if run.objective == CAUSAL else "lm-bphc"
    return score_entry(metric, "char", run.held_out, run.name, data="held-out lines", measure=measure, value=value)
