"""The finished language model as a bundle: its config, its model card, its files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cnchar._version import __version__
from cnchar.evaluate.signature import Signature, data_value
from cnchar.nn.model import CharacterModel
from cnchar.tasks.language import TASK, VOCABULARY, Objective
from cnchar.tasks.tables import NEURAL
from cnchar.train.export import write_run_bundle
from cnchar.train.text_shards import TextShards

_USES = {
    "causal": "it foresees each character of a line from those before it: `cnchar generate --model {folder}`",
    "masked": "it foresees hidden characters of a line from both sides: `cnchar finetune segment --from {folder}`",
}
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
class Finished:
    """A finished run: its folder, its bits for each character of the held-out lines, and what it was made from."""

    folder: Path
    objective: Objective
    length: int
    scores: Mapping[str, float]
    held_out: list[str]
    text: TextShards

    @property
    def name(self) -> str:
        """The model's name: that of its folder."""
        return self.folder.absolute().name

    def summary(self) -> str:
        """One line for people."""
        ((measure, value),) = self.scores.items()
        return f"{self.folder}: {value:.3f} {measure} on {len(self.held_out)} held-out lines"


def write_language(run: Finished, model: CharacterModel) -> None:
    """Write the bundle into the run's folder."""
    config = _config(run)
    ((measure, value),) = run.scores.items()
    card = _CARD.format(
        name=run.name, version=__version__, use=_USES[run.objective].format(folder=run.folder), value=value,
        measure=measure, lines=len(run.held_out), symbols=f"{model.config.symbols:,}",
        weights=f"{sum(weight.numel() for weight in model.parameters()):,}", sources="; ".join(config["sources"]),
    )  # fmt: skip
    write_run_bundle(run.folder, config, {VOCABULARY: run.text.alphabet.vocab.dumps().encode()}, card, model)


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
        "sources": [f"{Path(path).name} (sha256 {digest[:8]})" for path, digest in run.text.digests.items()],
        "scores": [_score(run)],
    }


def _score(run: Finished) -> dict[str, Any]:
    """The score on the held-out lines, with a signature that says which lines those were."""
    ((measure, value),) = run.scores.items()
    digest = hashlib.sha256("".join(f"{line}\n" for line in run.held_out).encode()).hexdigest()
    metric = "lm-bpc" if run.objective == "causal" else "lm-bphc"
    signature = Signature.build(
        metric, level="char", norm="none", data=data_value(digest), n=len(run.held_out),
        model=f"{run.name}@1", v=__version__,
    )  # fmt: skip
    return {"data": "held-out lines", "metric": measure, "value": round(value, 4), "signature": str(signature)}
