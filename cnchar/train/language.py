"""Pretrains a language model: text in, a folder out that `generate`, `eval language` and `finetune --from` read."""

from __future__ import annotations

import operator
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from torch import nn

from cnchar.errors import BadInput
from cnchar.nn.config import LONGEST, ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.tasks.language import TASK
from cnchar.train.device import is_main, seed_everything
from cnchar.train.held_out import HeldOut
from cnchar.train.loop import fit
from cnchar.train.metrics import draw_curve
from cnchar.train.objectives import Hide
from cnchar.train.presets import Preset, load_preset
from cnchar.train.pretrain_options import PretrainOptions
from cnchar.train.progress import training_report
from cnchar.train.run_folder import RUN, change_run, check_free, read_run, start_run
from cnchar.train.samples import write_samples
from cnchar.train.settings import DeviceChoice, TrainSettings
from cnchar.train.text_batches import TextBatches
from cnchar.train.text_shards import open_text, prepare_text
from cnchar.train.whole_words import WordStarts
from cnchar.train.write_language import Finished, write_language

PRESET = "transformer-small"
DATA = "data"


@dataclass(frozen=True)
class _Run:
    """All that is settled before the first step."""

    folder: Path
    options: PretrainOptions
    config: ModelConfig
    settings: TrainSettings

    def record(self) -> dict[str, Any]:
        """What the run can be repeated from."""
        options, train = asdict(self.options), self.settings.as_dict()
        return {"task": TASK, "options": options, "model": self.config.as_dict(), "train": train}

    @classmethod
    def read(cls, folder: Path) -> _Run:
        """The run of a folder. Raises BadInput where there is none, or one of another task."""
        record: Mapping[str, Any] = read_run(folder)["config"]
        if record.get("task") != TASK:
            raise BadInput(f"{folder}: the run there makes a model for {record.get('task')}, not for {TASK}.")
        config, settings = ModelConfig.from_dict(record["model"]), TrainSettings.from_dict(record["train"])
        return cls(folder, PretrainOptions.from_dict(record["options"]), config, settings)

    @property
    def hide(self) -> Hide | None:
        """The masked objective, or None for the causal one."""
        return Hide(self.settings.mask_share, self.config.symbols) if self.options.objective == "masked" else None


def train_language(
    options: PretrainOptions,
    folder: Path,
    preset: str | None = None,
    changes: Sequence[str] = (),
    *,
    quiet: bool = False,
) -> Finished:
    """Train from the beginning.

    Args:
        folder: a new one, or an empty one.
        preset: a name or a TOML file; None is PRESET. changes: to the preset, such as "hidden=128".
    Raises:
        CncharError: what cannot be read, does not fit together, or diverges.
    """
    if is_main():
        _begin(options, folder, load_preset(preset or PRESET).changed(changes))
    while not (folder / RUN).exists():  # the main process prepares the text for all
        time.sleep(0.2)
    return _train(_Run.read(folder), resume=False, quiet=quiet)


def resume_language(
    folder: Path, *, max_chars: int = 0, device: DeviceChoice | None = None, quiet: bool = False
) -> Finished:
    """Go on where a run was stopped, or further than it was to go.

    Args:
        max_chars: where it is to end now, counted from its beginning; 0: where it was to end.
    Raises:
        BadInput: no run, or its prepared text was altered. CncharError: as in train_language.
    """
    run = _Run.read(folder)
    if max_chars:
        run = replace(run, settings=replace(run.settings, max_chars=max_chars, max_steps=0, epochs=0))
        if is_main():
            change_run(folder, run.record())
    if device:
        run = replace(run, settings=replace(run.settings, device=device))
    return _train(run, resume=True, quiet=quiet)


def _begin(options: PretrainOptions, folder: Path, preset: Preset) -> None:
    """All that comes before the first step: checks, the prepared text, run.json."""
    options, settings = options.checked(), preset.train_settings()
    if not 2 <= settings.length <= LONGEST:
        raise BadInput(f"length is {settings.length}; it should be from 2 to {LONGEST}.")
    check_free(folder)
    alphabet = options.alphabet()
    config = preset.model_config(
        symbols=len(alphabet), labels=len(alphabet), head="symbols", causal=options.objective == "causal"
    )
    words = WordStarts() if options.whole_words else None
    text = prepare_text(options.text, alphabet, folder / DATA, encoding=options.encoding, words=words)
    start_run(folder, _Run(folder, options, config, settings).record(), text.digests)


def _train(run: _Run, *, resume: bool, quiet: bool) -> Finished:
    settings, text = run.settings, open_text(run.folder / DATA)
    seed_everything(settings.seed)
    model = CharacterModel(run.config)
    weights = run.options.weights_of(run.options.text)
    batches = TextBatches(text, weights, settings.length, settings.batch_chars, settings.seed, run.hide)
    held_out = HeldOut(text, settings.length, run.hide, settings.seed)

    def evaluate(current: nn.Module) -> Mapping[str, float]:
        if run.hide is None:
            write_samples(model, text.alphabet, settings.length, run.folder)  # current is model, with its averages
        return held_out.score(current)

    with training_report(quiet=quiet) as report:
        fit(model, batches, evaluate, settings, run.folder, resume=resume, report=report, better=operator.lt)
    scores = held_out.score(model)
    finished = Finished(run.folder, run.options.objective, settings.length, scores, held_out.lines, text)
    if is_main():
        draw_curve(run.folder)
        write_language(finished, model)
    return finished
