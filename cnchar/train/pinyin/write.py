"""The finished network for pinyin as a bundle, with the tables it began with: its config, its model card, its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cnchar._version import __version__
from cnchar.nn.model import CharacterModel
from cnchar.tasks.pinyin2hanzi import TASK
from cnchar.tasks.pinyin_tables import table_files
from cnchar.tasks.tables import NEURAL
from cnchar.tasks.unit_scores import MAX_LENGTH, OVERLAP, VOCABULARY, output_files
from cnchar.train.engine.run_folder import FinishedRun
from cnchar.train.engine.scores import score_entry
from cnchar.train.export.deploy import write_run_bundle
from cnchar.train.pinyin.development import PinyinDevelopment, parts_of
from cnchar.train.pinyin.join import Joined
from cnchar.train.pinyin.start import Start
from cnchar.train.text.shards import TextShards

_CARD = """\
# {name}

Turns pinyin into hanzi, trained with cnchar {version}: `cnchar pinyin2hanzi --model {folder}`.

- {scores} on {lines} held-out lines.
- {symbols} symbols, {weights} weights.
- Made from: {sources}.
- Licence: {licence}.

`run.json` says how it was made, `metrics.jsonl` how training went.
"""


@dataclass(frozen=True)
class Finished(FinishedRun):
    """A finished run: its folder, what it began with, and its CER on the held-out lines.

    before: of the model it began with; alone: of the network by itself; joined: together with the tables, if any.
    """

    start: Start
    text: TextShards
    development: PinyinDevelopment
    before: float | None
    alone: float
    joined: Joined | None

    @property
    def cer(self) -> float:
        """The CER of all that the folder holds."""
        return self.alone if self.joined is None else self.joined.cer

    def summary(self) -> str:
        """One line for people."""
        lines = f"on {len(self.development.lines)} held-out lines"
        return f"{self.folder}: {self.scores} {lines}; cnchar pinyin2hanzi --model {self.folder}"

    @property
    def scores(self) -> str:
        """The scores, for people."""
        before = "" if self.before is None else f" (before: {self.before:.2%})"
        if self.joined is None:
            return f"CER {self.cer:.2%}{before}"
        words = f", {self.joined.words} new words" if self.joined.words else ""
        return f"CER {self.cer:.2%}{before}, {self.alone:.2%} without look-ups{words},"


def write_pinyin(run: Finished, model: CharacterModel) -> None:
    """Write the bundle into the run's folder."""
    config = _config(run)
    card = _CARD.format(
        name=run.name, version=__version__, folder=run.folder, scores=run.scores,
        lines=len(run.development.lines), symbols=f"{model.config.symbols:,}", licence=config["licence"],
        weights=f"{sum(weight.numel() for weight in model.parameters()):,}", sources="; ".join(config["sources"]),
    )  # fmt: skip
    parts = parts_of(model, run.start.units, run.text.alphabet)
    files = {
        **(run.start.files if run.joined is None else table_files(run.joined.tables)),
        VOCABULARY: run.text.alphabet.vocab.dumps().encode(),
        **output_files(parts.table, parts.bias),
    }
    write_run_bundle(run.folder, config, files, card, model)


def _config(run: Finished) -> dict[str, Any]:
    given = {"architecture": NEURAL, "licence": "that of the training text", **run.start.config}
    if run.joined is not None:
        given["network_weight"] = run.joined.tables.network
    score = score_entry(
        "p2h-acc", "char", run.development.texts, run.name, data="held-out lines", measure="cer", value=run.cer
    )
    return {
        **given,
        "name": run.name,
        "version": 1,
        "task": TASK,
        "normalisation": "none",
        "max_length": MAX_LENGTH,
        "overlap": OVERLAP,
        "sources": [*run.text.made_from, *given.get("sources", [])],
        "scores": [score],
    }
