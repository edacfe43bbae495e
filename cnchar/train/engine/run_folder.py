"""The folder of a training run, and what is written there before the first step: all that made the run what it is."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from cnchar._version import __version__
from cnchar.errors import BadInput
from cnchar.io.files import atomic_output

RUN = "run.json"
_LAUNCH = "TORCHELASTIC_RUN_ID"
_PACKAGES = ("torch", "numpy", "safetensors", "onnx", "onnxruntime")


@dataclass(frozen=True)
class FinishedRun:
    """What every finished run has: its folder, which names the model."""

    folder: Path

    @property
    def name(self) -> str:
        """The model's name: that of its folder."""
        return self.folder.absolute().name


def check_free(folder: Path) -> None:
    """Raises BadInput unless the folder is a new one, or an empty one but for hidden files, which a killed run left."""
    if folder.exists() and (not folder.is_dir() or any(not path.name.startswith(".") for path in folder.iterdir())):
        raise BadInput(f"{folder} exists already: give another name to -o, or --resume {folder} to go on with a run.")


def start_run(folder: Path, config: Mapping[str, Any], data: Mapping[str, str]) -> None:
    """Make the folder and write run.json: the resolved config, seed included, the data's sha256, and the versions.

    Args:
        config: what the run can be repeated from, as JSON can hold it. data: sha256 of each file, by its name.
    Raises:
        BadInput: there is a run already.
    """
    if (folder / RUN).exists():
        raise BadInput(f"{folder} holds a training run: continue it with --resume, or give another folder to -o.")
    record = {
        "config": dict(config),
        "data": dict(data),
        "versions": versions(),
        "command": sys.argv,
        "launch": os.environ.get(_LAUNCH),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with atomic_output(str(folder / RUN)) as out:
        out.write((json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode())


def goes_on(folder: Path) -> bool:
    """Whether torchrun started this process to go on with the run in this folder: it ends and begins all of them anew.

    They are given the same command each time, and know by that, by the launch and by the count of restarts.
    """
    if _LAUNCH not in os.environ or not (folder / RUN).exists():
        return False
    launch, record = os.environ[_LAUNCH], read_run(folder)
    again = os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0"
    named = launch != "none"  # "none" is the name of every launch on fixed machines
    same = record.get("command", [])[1:] == sys.argv[1:] and record.get("launch") == launch
    return same and (named or again)


def change_run(folder: Path, config: Mapping[str, Any]) -> None:
    """Write another config into run.json: that of a run which goes on with other limits than it began with."""
    record = {**read_run(folder), "config": dict(config)}
    with atomic_output(str(folder / RUN), force=True) as out:
        out.write((json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode())


def read_run(folder: Path) -> dict[str, Any]:
    """What start_run wrote: config, data, versions, command, started. Raises BadInput when the folder holds no run."""
    try:
        record = json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise BadInput(f"{folder} is not the folder of a training run: it has no {RUN}.") from None
    except (OSError, ValueError):
        raise BadInput(f"{folder / RUN} cannot be read: the run has to be started again.") from None
    if not isinstance(record, dict) or not all(isinstance(record.get(key), dict) for key in ("config", "data")):
        raise BadInput(f"{folder / RUN} is not what a training run writes: the run has to be started again.")
    return record


def check_data(record: Mapping[str, Any], data: Mapping[str, str]) -> None:
    """Raises BadInput when a file is not what it was (sha256 by name) when the run of this record began."""
    for name, digest in record["data"].items():
        if data.get(name) != digest:
            raise BadInput(f"{name} is not what it was when this run began: start a new run, or put the old file back.")


def versions() -> dict[str, str]:
    """Of everything that has a say in the result."""
    found = {"cnchar": __version__, "python": platform.python_version(), "platform": platform.platform()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
