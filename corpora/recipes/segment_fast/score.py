"""Measure the model with `cnchar eval`, write the scores into its config: `python score.py DATA_DIR MODEL_DIR`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SETS = {
    "pku2005.test": "pku",
    "msr2005.test": "pku",
    "ud_gsdsimp.test": "ud",
    "pfr199801.dev": "pku",
    "weibo.dev": "pku",
    "novel.dev": "pku",
    "ud_gsdsimp.dev": "ud",
}


def score(gold: Path, model: Path, standard: str) -> dict[str, Any]:
    command = ["eval", "segment", "--gold", gold, "--model", model, "--standard", standard, "--format", "json"]
    done = subprocess.run([sys.executable, "-m", "cnchar", *map(str, command)], capture_output=True, check=True)
    system = json.loads(done.stdout)["systems"][0]
    return {
        "data": gold.stem,
        "standard": standard,
        "metric": "f1",
        "value": round(system["scores"]["f1"], 4),
        "signature": system["signature"],
    }


if __name__ == "__main__":
    data, model = map(Path, sys.argv[1:3])
    path = model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["scores"] = [score(data / "cws" / f"{name}.txt", model, standard) for name, standard in SETS.items()]
    path.write_text(json.dumps(config, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
