"""Measure the bundle with `cnchar eval`, write the scores into its config: `python measure.py DATA_DIR MODEL_DIR`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SETS = {
    "kyubyong.segments": ("--drop-tones",),
    "kyubyong.eval1000": ("--protocol", "kyubyong"),
    "pku2005.segments": ("--drop-tones",),
    "aishell.dev": ("--drop-tones",),
}
WAYS = {"default": (), "fast": ("--fast",)}
MEASURES = ("accuracy", "exact")


def scores(data: Path, model: Path, name: str, way: str) -> list[dict[str, Any]]:
    """What the model does to a set, as entries of its config."""
    command = ["eval", "pinyin2hanzi", "--gold", str(data / "p2h" / f"{name}.tsv"), "--model", str(model)]
    command += ["--format", "json", *SETS[name], *WAYS[way]]
    done = subprocess.run([sys.executable, "-m", "cnchar", *command], stdout=subprocess.PIPE, check=True)
    system = json.loads(done.stdout)["systems"][0]
    return [
        {
            "data": name,
            "standard": way,
            "metric": measure,
            "value": round(system["scores"][measure], 4),
            "signature": system["signature"],
        }
        for measure in MEASURES
    ]


if __name__ == "__main__":
    data, model = map(Path, sys.argv[1:3])
    path = model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["scores"] = [entry for name in SETS for way in WAYS for entry in scores(data, model, name, way)]
    path.write_text(json.dumps(config, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
