"""Train the network on what prepare.py wrote: `python train.py WORK_DIR DATA_DIR FAST_BUNDLE RUN_DIR [NAME=VALUE ..]`.

Run again with the same arguments it goes on from the last checkpoint. NAME=VALUE changes a setting; from=RUN_DIR begins
with the weights of another run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from prepare import RECORD, STANDARDS, STORE

from cnchar.bundle import Bundle, open_bundle
from cnchar.lookup.symbols import MAX_SYMBOLS
from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.tasks.neural import LEXICON_FLAGS
from cnchar.tasks.segment import TASK
from cnchar.tasks.tables import LOOKUP, read_tagger
from cnchar.train.engine.checkpoint import BEST, load_weights, read_tensors
from cnchar.train.engine.device import seed_everything
from cnchar.train.engine.loop import fit
from cnchar.train.engine.progress import training_report
from cnchar.train.engine.settings import TrainSettings
from cnchar.train.segment.character_store import Batch, CharacterStore, PieceBatches, Records, tensor
from cnchar.train.segment.characters import of_bundle
from cnchar.train.segment.development import Development
from cnchar.train.segment.start import Start

MODEL = {
    "symbols": MAX_SYMBOLS, "backbone": "cnn", "hidden": 128, "layers": 4, "embedding": 64, "bigrams": 1 << 14,
    "bigram_dim": 32, "flags": [*LEXICON_FLAGS, 2], "prior": True, "dropout": 0.1,
}  # fmt: skip
TRAINING = {
    "lr": 2e-3, "warmup": 500, "ema": 0.999, "batch_chars": 8192, "epochs": 2, "amp": "bf16", "eval_every": 1000,
    "weight_decay": 0.01, "threads": 2,
}  # fmt: skip
# What is looked at to choose: the mean of these, none of which is trained on.
DEVELOPMENT = {"pfr199801.dev": "pku", "weibo.dev": "pku", "novel.dev": "pku", "ud_gsdsimp.dev": "ud"}


def collate(records: Records, mask: NDArray[np.bool_]) -> Batch:
    """A batch of padded records (B, T) with soft labels and weights."""
    return {
        "chars": tensor(records["symbol"], np.int64, mask),
        "flags": tensor(records["flags"], np.int64, mask),
        "prior": tensor(records["prior"], np.float32, mask),
        "targets": tensor(records["soft"], np.float32, mask) / 255,
        "weights": tensor(records["weight"], np.float32, mask) / 16,
    }


def development_sets(data: Path, fast: Bundle) -> dict[str, Development]:
    """The sets by name."""
    return {name: _development(data / "cws" / f"{name}.txt", fast, standard) for name, standard in DEVELOPMENT.items()}


def _development(path: Path, fast: Bundle, standard: str) -> Development:
    gold = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    tagger = read_tagger(fast, standard)
    start = Start(of_bundle(fast), tagger.symbols, standard, STANDARDS, tagger)
    return Development(gold, start)


def settings_of(changes: Mapping[str, str]) -> tuple[ModelConfig, TrainSettings]:
    """The model's and the loop's settings with changes from the command line, whose values are JSON or words."""
    model, training = dict(MODEL), dict(TRAINING)
    of_model = {field.name for field in fields(ModelConfig)}
    for name, value in changes.items():
        (model if name in of_model else training)[name] = _value(value)
    return ModelConfig.from_dict(model), TrainSettings.from_dict(training)


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def batches(work: Path, settings: TrainSettings) -> PieceBatches:
    """The store that prepare.py wrote."""
    starts, lengths = (np.load(work / f"{STORE}.{part}.npy", allow_pickle=False) for part in ("starts", "lengths"))
    store = CharacterStore(work / f"{STORE}.records", RECORD, starts, lengths)
    return PieceBatches(store, collate, settings.batch_chars, settings.seed)


def main(work: Path, data: Path, fast: Path, run: Path, arguments: list[str]) -> None:
    changes = dict(argument.split("=", 1) for argument in arguments)
    begin = changes.pop("from", None)
    config, settings = settings_of(changes)
    sets = development_sets(data, open_bundle(fast, TASK, (LOOKUP,)))

    def evaluate(model: CharacterModel) -> dict[str, float]:
        scores = {name: each.score(each.words(model))["f1"] for name, each in sets.items()}
        return {"mean": float(np.mean(list(scores.values()))), **scores}

    seed_everything(settings.seed)
    model = CharacterModel(config)
    if begin:
        load_weights(model, read_tensors(Path(begin) / BEST)[0], Path(begin))
    run.mkdir(parents=True, exist_ok=True)
    (run / "model.json").write_text(json.dumps(config.as_dict()), encoding="utf-8")
    print(json.dumps(evaluate(model.eval())), file=sys.stderr)
    with training_report() as report:
        fit(model, batches(work, settings), evaluate, settings, run, resume=True, report=report)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]), sys.argv[5:])
