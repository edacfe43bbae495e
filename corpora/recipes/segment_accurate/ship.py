"""The trained network and the fast model's tables as one bundle: `python ship.py FAST RUN_DIR OUT_DIR [VERSION]`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from cnchar.bundle import Bundle, open_bundle, write_bundle
from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.tasks.segment import LABELS, TASK
from cnchar.tasks.tables import LOOKUP, NEURAL
from cnchar.train.engine.checkpoint import BEST, load_weights, read_tensors
from cnchar.train.export.compact import compact_onnx
from cnchar.train.export.deploy import MODEL, onnx_bytes
from cnchar.train.segment.start import MAX_LENGTH, OVERLAP

SOURCES = ["segment-fast@2: its tables, and its training text for the network"]


def network(run: Path) -> CharacterModel:
    """The model as the best evaluation of the run left it."""
    config = ModelConfig.from_dict(json.loads((run / "model.json").read_text(encoding="utf-8")))
    model = CharacterModel(config)
    load_weights(model, read_tensors(run / BEST)[0], run / BEST)
    return model.eval()


def config_of(fast: Bundle, model: CharacterModel, version: int) -> dict[str, Any]:
    """The bundle's config; score.py adds the scores."""
    return {
        "name": "segment-accurate",
        "version": version,
        "task": TASK,
        "architecture": NEURAL,
        "normalisation": fast.config["normalisation"],
        "labels": LABELS,
        "standard": fast.config["standard"],
        "standards": list(fast.config["standards"]),
        "tables": fast.config["standards"],
        "max_length": MAX_LENGTH,
        "overlap": OVERLAP,
        "model": model.config.as_dict(),
        "licence": fast.config["licence"],
        "sources": [*SOURCES, *fast.config["sources"]],
        "scores": [],
    }


def main(fast_folder: Path, run: Path, out: Path, version: int = 1) -> None:
    fast = open_bundle(fast_folder, TASK, (LOOKUP,))
    model = network(run)
    files = {name: fast.path(name).read_bytes() for name in fast.config["files"]}
    files[MODEL] = compact_onnx(onnx_bytes(model))
    card = (Path(__file__).parent / "CARD.md").read_text(encoding="utf-8")
    write_bundle(out, config_of(fast, model, version), files, card)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), *map(int, sys.argv[4:5]))
