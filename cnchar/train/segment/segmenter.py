"""Trains a segmenter: segmented text in, a folder out that `cnchar segment --model` reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from torch import nn

from cnchar.errors import BadInput
from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.tasks.segment import LABELS, TASK
from cnchar.train.engine.device import is_main, seed_everything
from cnchar.train.engine.loop import fit
from cnchar.train.engine.metrics import draw_curve
from cnchar.train.engine.presets import Preset, load_preset
from cnchar.train.engine.progress import training_report
from cnchar.train.engine.run import Run
from cnchar.train.engine.run_folder import check_data, check_free, read_run, start_run
from cnchar.train.engine.settings import DeviceChoice
from cnchar.train.export.deploy import load_weights
from cnchar.train.segment.character_store import PieceBatches
from cnchar.train.segment.data import collate
from cnchar.train.segment.options import SegmenterOptions, absolute
from cnchar.train.segment.start import Start
from cnchar.train.segment.tag_report import write_tag_report
from cnchar.train.segment.text import SegmenterText, read_text
from cnchar.train.segment.write import Finished, write_segmenter

FRESH_PRESET, ADAPT_PRESET, PRETRAINED_PRESET = "bilstm", "adapt", "pretrained"


def train_segmenter(
    options: SegmenterOptions,
    folder: Path,
    preset: str | None = None,
    changes: Sequence[str] = (),
    *,
    quiet: bool = False,
) -> Finished:
    """Train from the beginning.

    Args:
        folder: a new one, or an empty one.
        preset: a name or a TOML file; None is the one that suits. changes: to the preset, such as "hidden=128".
    Raises:
        CncharError: what cannot be read, does not fit together, or diverges.
    """
    start = options.given_start()
    chosen = _fitting(preset, changes, start)
    settings = chosen.train_settings()
    if is_main():
        check_free(folder)
    with read_text(options, start, folder) as text:
        run = Run(TASK, folder, options.absolute(), _model_config(chosen, text.start), settings)
        if is_main():
            start_run(folder, run.record(), text.digests)
        return _train(run, text, resume=False, quiet=quiet)


def resume_segmenter(folder: Path, *, device: DeviceChoice | None = None, quiet: bool = False) -> Finished:
    """Go on where a run was stopped, with its own settings. Raises BadInput for no run, or where its files changed."""
    run = Run.read(folder, TASK, SegmenterOptions).here(device)
    with read_text(run.options, run.options.given_start(), folder) as text:
        check_data(read_run(folder), text.digests)
        return _train(run, text, resume=True, quiet=quiet)


def _train(run: Run[SegmenterOptions], text: SegmenterText, *, resume: bool, quiet: bool) -> Finished:
    seed_everything(run.settings.seed)
    model = CharacterModel(run.config)
    if (weights := text.start.weights) is not None:
        known = {**model.state_dict(), **weights} if text.start.pretrained else weights
        load_weights(model, known, str(run.options.start))
    batches = PieceBatches(text.store, collate, run.settings.batch_chars, run.settings.seed)

    def evaluate(current: nn.Module) -> Mapping[str, float]:
        words = list(text.development.words(current))
        if run.options.tag_report and is_main():
            write_tag_report(text.development.gold, words, run.folder)
        return text.development.score(words)

    with training_report(quiet=quiet) as report:
        fit(model, batches, evaluate, run.settings, run.folder, resume=resume, report=report)
    finished = Finished(run.folder, evaluate(model), text.start, text.development, _sources(run, text))
    if is_main():
        draw_curve(run.folder)
        write_segmenter(finished, model)
    return finished


def _sources(run: Run[SegmenterOptions], text: SegmenterText) -> tuple[str, ...]:
    """The training files as a model card names them."""
    return tuple(f"{Path(path).name} (sha256 {text.digests[absolute(path)][:8]})" for path in run.options.train)


def _fitting(name: str | None, changes: Sequence[str], start: Start | None) -> Preset:
    """The preset with its changes. A network that is there already takes no other shape."""
    if start is None or start.model is None:
        return load_preset(name or FRESH_PRESET).changed(changes)
    fitting = PRETRAINED_PRESET if start.pretrained else ADAPT_PRESET
    preset = load_preset(name or fitting).changed(changes)
    if preset.model:
        raise BadInput(
            f"The network is that of --from, so its {', '.join(preset.model)} cannot be set: use --preset "
            f"{fitting}, or a TOML file that has [train] only."
        )
    return preset


def _model_config(preset: Preset, start: Start) -> ModelConfig:
    if start.model is not None:
        return start.model
    return preset.model_config(
        symbols=start.characters.symbols, labels=len(LABELS), flags=start.flags, prior=start.tagger is not None
    )
