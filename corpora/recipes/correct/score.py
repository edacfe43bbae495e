"""Measure the model with `cnchar eval`, write the scores into its config: `python score.py DATA_DIR MODEL_DIR`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

TESTS = ("sighan.test13", "sighan.test14", "sighan.test15")
CLEAN = "clean_rmrb"
MEASURES = ("sentence_correction_f1", "sentence_correction_precision", "sentence_correction_recall", "false_alarm")


def scores(data: Path, model: Path, name: str, threshold: str, confidence: float) -> list[dict[str, Any]]:
    """What the model does to a test at a threshold, as entries of its config."""
    command = ["eval", "correct", "--gold", data / "csc" / f"{name}.tsv", "--model", model, "--format", "json"]
    command += ["--min-confidence", confidence]
    done = subprocess.run([sys.executable, "-m", "cnchar", *map(str, command)], capture_output=True, check=True)
    system = json.loads(done.stdout)["systems"][0]
    wanted = MEASURES if name != CLEAN else ("false_alarm",)
    return [
        {
            "data": name,
            "standard": f"threshold {threshold}",
            "metric": measure,
            "value": round(system["scores"][measure], 4),
            "signature": system["signature"],
        }
        for measure in wanted
    ]


if __name__ == "__main__":
    data, model = map(Path, sys.argv[1:3])
    path = model / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["scores"] = [
        entry
        for threshold, confidence in config["thresholds"].items()
        for name in (*TESTS, CLEAN)
        if not (name == CLEAN and threshold != "default")
        for entry in scores(data, model, name, threshold, confidence)
    ]
    path.write_text(json.dumps(config, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
