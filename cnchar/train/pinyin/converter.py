"""Trains a network for pinyin: plain text in, a folder out that `cnchar pinyin2hanzi --model` reads."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cnchar.nn.model import CharacterModel
from cnchar.tasks.pinyin2hanzi import TASK
from cnchar.tasks.unit_scores import as_context, is_recurrent, syllable_symbols
from cnchar.train.engine.device import is_main, seed_everything
from cnchar.train.engine.loop import fit
from cnchar.train.engine.metrics import draw_curve
from cnchar.train.engine.progress import training_report
from cnchar.train.engine.run import Run
from cnchar.train.engine.run_folder import check_free
from cnchar.train.engine.settings import DeviceChoice, Parallel
from cnchar.train.export.deploy import load_weights
from cnchar.train.pinyin.development import PinyinDevelopment
from cnchar.train.pinyin.join import decoded_cer, join
from cnchar.train.pinyin.options import PinyinOptions
from cnchar.train.pinyin.start import Start, fitting, read_start
from cnchar.train.pinyin.words import new_words
from cnchar.train.pinyin.write import Finished, write_pinyin
from cnchar.train.text.as_typed import AsTyped
from cnchar.train.text.batches import TextBatches
from cnchar.train.text.run import DATA, begin_together, further, record_run, row_settings
from cnchar.train.text.shards import open_text, prepare_text
from cnchar.train.text.sounds import Sounds
from cnchar.train.text.whole_words import WordStarts

MOST_LINES = 1000  # held-out lines to choose by


def train_pinyin(
    options: PinyinOptions, folder: Path, preset: str | None = None, changes: Sequence[str] = (), *, quiet: bool = False
) -> Finished:
    """Train from the beginning.

    Args:
        folder: a new one, or an empty one.
        preset: a name or a TOML file; None is the one that suits. changes: to the preset, such as "hidden=128".
    Raises:
        CncharError: what cannot be read, does not fit together, or diverges.
    """
    begin_together(folder, lambda: _begin(options.checked(), folder, preset, changes))
    run = Run.read(folder, TASK, PinyinOptions)
    return _train(run, resume=not is_main(), quiet=quiet)  # the others do what the main one does


def resume_pinyin(
    folder: Path,
    *,
    max_chars: int = 0,
    device: DeviceChoice | None = None,
    parallel: Parallel | None = None,
    quiet: bool = False,
) -> Finished:
    """Go on where a run was stopped, or further than it was to go.

    Args:
        max_chars: where it is to end now, counted from its beginning; 0: where it was to end.
        device, parallel: None: as it was begun.
    Raises:
        BadInput: no run, or its prepared text was altered. CncharError: as in train_pinyin.
    """
    return _train(further(folder, TASK, PinyinOptions, max_chars, device, parallel), resume=True, quiet=quiet)


def _begin(options: PinyinOptions, folder: Path, name: str | None, changes: Sequence[str]) -> None:
    """All that comes before the first step: checks, the prepared text, run.json."""
    preset, start = fitting(name, changes, options.start)
    settings = row_settings(preset)
    check_free(folder)
    alphabet = start.parts.alphabet if start.parts else options.alphabet()
    config = start.model_config(preset, alphabet)
    text = prepare_text(
        options.text, alphabet, folder / DATA, reading=options.reading, view=as_context,
        marks={"words": WordStarts(), "units": Sounds(start.units)},
    )  # fmt: skip
    options = replace(options, fresh=start.parts is None)
    record_run(Run(TASK, folder, options, config, settings), text)


def _train(run: Run[PinyinOptions], *, resume: bool, quiet: bool) -> Finished:
    settings, text = run.settings, open_text(run.folder / DATA)
    start = read_start(run.options.start, fresh=run.options.fresh)
    seed_everything(settings.seed)
    model = CharacterModel(run.config)
    if start.weights is not None:
        load_weights(model, start.weights, str(run.options.start))
    development = PinyinDevelopment(start.units, text.alphabet, text.some_held_out(MOST_LINES))
    before = _before(start, development, model.eval())
    objective = AsTyped(syllable_symbols(text.alphabet)[start.units.syllables], is_recurrent(run.config))
    weights = run.options.weights_of(run.options.text)
    batches = TextBatches(text, weights, settings.length, settings.batch_chars, settings.seed, objective)
    with training_report(quiet=quiet) as report:
        fit(
            model, batches, development.score, settings, run.folder, resume=resume, report=report, better=operator.lt
        )  # fmt: skip
    alone, joined = development.score(model)["cer"], None
    if start.tables is not None:
        joined = join(start.tables, development.lines, development.scores(model), new_words(text, start.tables))
    finished = Finished(run.folder, start, text, development, before, alone, joined)
    if is_main():
        draw_curve(run.folder)
        write_pinyin(finished, model)
    return finished


def _before(start: Start, development: PinyinDevelopment, model: CharacterModel) -> float | None:
    """The CER of the model that training begins with; None where it begins with nothing."""
    if start.tables is not None:
        scores = development.scores(model) if start.parts else None
        return decoded_cer(start.tables, development.lines, scores)
    return development.score(model)["cer"] if start.parts else None
