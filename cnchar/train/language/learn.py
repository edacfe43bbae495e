"""Pretrains a language model: text in, a folder out that `generate`, `eval language` and `finetune --from` read."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from torch import nn

from cnchar.nn.model import CharacterModel
from cnchar.tasks.language import CAUSAL, DENOISE, MASKED, TASK
from cnchar.train.engine.device import is_main, seed_everything
from cnchar.train.engine.loop import fit
from cnchar.train.engine.metrics import draw_curve
from cnchar.train.engine.presets import Preset, load_preset
from cnchar.train.engine.progress import training_report
from cnchar.train.engine.run import Run
from cnchar.train.engine.run_folder import check_free
from cnchar.train.engine.settings import DeviceChoice, Parallel
from cnchar.train.language.options import PretrainOptions
from cnchar.train.language.samples import write_samples
from cnchar.train.language.write import Finished, write_language
from cnchar.train.text.batches import TextBatches
from cnchar.train.text.held_out import HeldOut
from cnchar.train.text.noise import noise_of
from cnchar.train.text.objectives import Denoise, Foresee, Hide, Mixed, Objective
from cnchar.train.text.run import DATA, begin_together, further, record_run, row_settings
from cnchar.train.text.shards import TextShards, open_text, prepare_text
from cnchar.train.text.whole_words import WordStarts

PRESET = "transformer-small"


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
    begin_together(folder, lambda: _begin(options, folder, load_preset(preset or PRESET).changed(changes)))
    run = Run.read(folder, TASK, PretrainOptions)
    return _train(run, resume=not is_main(), quiet=quiet)  # the others do what the main one does


def resume_language(
    folder: Path,
    *,
    max_chars: int = 0,
    device: DeviceChoice | None = None,
    parallel: Parallel | None = None,
    quiet: bool = False,
) -> Finished:
    """Go on where a run was stopped, or further than it was to go; also with another number of processes.

    Args:
        max_chars: where it is to end now, counted from its beginning; 0: where it was to end.
        device, parallel: None: as it was begun.
    Raises:
        BadInput: no run, or its prepared text was altered. CncharError: as in train_language.
    """
    return _train(further(folder, TASK, PretrainOptions, max_chars, device, parallel), resume=True, quiet=quiet)


def _begin(options: PretrainOptions, folder: Path, preset: Preset) -> None:
    """All that comes before the first step: checks, the prepared text, run.json."""
    options, settings = options.checked(), row_settings(preset)
    check_free(folder)
    alphabet = options.alphabet()
    config = preset.model_config(
        symbols=len(alphabet), labels=len(alphabet), head="symbols", causal=options.objective == CAUSAL
    )
    marks = {"words": WordStarts()} if options.needs_words else {}
    text = prepare_text(options.text, alphabet, folder / DATA, reading=options.reading, marks=marks)
    record_run(Run(TASK, folder, options, config, settings), text)


def _objective(run: Run[PretrainOptions], text: TextShards) -> Objective:
    """What is learned of the text."""
    makers: dict[str, Callable[[], Objective]] = {
        CAUSAL: Foresee,
        MASKED: lambda: Hide(
            run.settings.mask_share, run.config.symbols, ("words",) if run.options.whole_words else ()
        ),
        DENOISE: lambda: Denoise(noise_of(text)),
    }
    weights = run.options.objectives
    made = tuple(makers[name]() for name in weights)
    return made[0] if len(made) == 1 else Mixed(made, tuple(weights.values()))


def _train(run: Run[PretrainOptions], *, resume: bool, quiet: bool) -> Finished:
    settings, text = run.settings, open_text(run.folder / DATA)
    seed_everything(settings.seed)
    model = CharacterModel(run.config)
    weights = run.options.weights_of(run.options.text)
    objective = _objective(run, text)
    batches = TextBatches(text, weights, settings.length, settings.batch_chars, settings.seed, objective)
    held_out = HeldOut(text, settings.length, objective, settings.seed)

    def evaluate(current: nn.Module) -> Mapping[str, float]:
        if run.config.causal:
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
