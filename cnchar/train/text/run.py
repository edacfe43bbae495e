"""What all runs over prepared text (train/text/shards.py) have in common before their first step."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from cnchar.errors import BadInput
from cnchar.nn.config import LONGEST
from cnchar.train.engine.device import is_main
from cnchar.train.engine.presets import Preset
from cnchar.train.engine.run import Asked, Run
from cnchar.train.engine.run_folder import RUN, change_run, start_run
from cnchar.train.engine.settings import DeviceChoice, Parallel, TrainSettings
from cnchar.train.text.shards import TextShards

DATA = "data"


def begin_together(folder: Path, begin: Callable[[], None]) -> None:
    """Let the main process begin the run, which prepares the text for all; return in each when that is done."""
    if is_main():
        begin()
    while not (folder / RUN).exists():
        time.sleep(0.2)


def row_settings(preset: Preset) -> TrainSettings:
    """The settings of a preset for training on rows of text. Raises BadInput for rows of no possible length."""
    settings = preset.train_settings()
    if not 2 <= settings.length <= LONGEST:
        raise BadInput(f"length is {settings.length}; it should be from 2 to {LONGEST}.")
    return settings


def record_run(run: Run[Asked], text: TextShards) -> None:
    """Write run.json beside the prepared text, or leave nothing: no folder that cannot be begun nor gone on with."""
    try:
        start_run(run.folder, run.record(), text.digests)
    except BaseException:
        shutil.rmtree(text.folder)
        raise


def further(
    folder: Path,
    task: str,
    options: type[Asked],
    max_chars: int = 0,
    device: DeviceChoice | None = None,
    parallel: Parallel | None = None,
) -> Run[Asked]:
    """The run of a folder as it goes on here; `max_chars`: to another end. Raises BadInput where there is none."""
    run = Run.read(folder, task, options).here(device, parallel)
    if max_chars:
        run = run.until(max_chars)
        if is_main():
            change_run(folder, run.record())
    return run
