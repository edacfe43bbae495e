"""The scorers our numbers must equal: those of ../shared/bench, as modules and as commands."""

from __future__ import annotations

import importlib.util
import json
import random
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any


@cache
def load_scorer(shared: Path, name: str) -> ModuleType:
    """A script of ../shared/bench as a module."""
    spec = importlib.util.spec_from_file_location(name, shared / "bench" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_scorer(shared: Path, name: str, folder: Path, gold: Iterable[str], pred: Iterable[str]) -> dict[str, Any]:
    """What the script prints for two files of these lines."""
    paths = folder / "gold", folder / "pred"
    for path, lines in zip(paths, (gold, pred), strict=True):
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    command = [sys.executable, str(shared / "bench" / f"{name}.py"), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def read_lines(path: Path, most: int | None = None) -> list[str]:
    """The first lines of a file."""
    return path.read_text(encoding="utf-8").split("\n")[:-1][:most]


def spoil(items: Sequence[str], choices: Sequence[str], chance: float, seed: int = 1) -> list[str]:
    """Some of the items replaced by others: a system that errs."""
    draw = random.Random(seed)
    return [draw.choice(choices) if draw.random() < chance else item for item in items]
