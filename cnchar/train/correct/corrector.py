"""Trains a corrector: raw text and pairs in, a folder out that `cnchar correct --model` reads."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from cnchar.errors import BadInput
from cnchar.pinyin.likeness import Sounds
from cnchar.tasks.correct_parts import FEATURES, MAX_LENGTH, OVERLAP, TASK, Confusions, Parts
from cnchar.tasks.fluency import open_fluency
from cnchar.tasks.packed_lines import Alphabet
from cnchar.text.vocab import Vocab
from cnchar.train.correct.judge import Development
from cnchar.train.correct.options import CorrectorOptions
from cnchar.train.correct.start import Start, first_model, fitting_preset, model_config, read_start
from cnchar.train.correct.write import Finished, write_corrector
from cnchar.train.engine.device import is_main, seed_everything
from cnchar.train.engine.loop import fit
from cnchar.train.engine.metrics import draw_curve
from cnchar.train.engine.progress import training_report
from cnchar.train.engine.run import Run
from cnchar.train.engine.run_folder import check_free
from cnchar.train.engine.settings import DeviceChoice
from cnchar.train.language.options import PretrainOptions, source_weights
from cnchar.train.text.batches import TextBatches
from cnchar.train.text.noise import noise_of
from cnchar.train.text.objectives import Denoise
from cnchar.train.text.pairs import error_counts, pair_source
from cnchar.train.text.run import DATA, begin_together, further, record_run, row_settings
from cnchar.train.text.shards import open_text, prepare_text
from cnchar.train.text.whole_words import WordStarts


def train_corrector(
    options: CorrectorOptions,
    folder: Path,
    preset: str | None = None,
    changes: Sequence[str] = (),
    *,
    quiet: bool = False,
) -> Finished:
    """Train from the beginning.

    Args:
        folder: a new one, or an empty one.
        preset: a name or a TOML file; None is the one that suits. changes: to the preset, such as "lr=0.001".
    Raises:
        CncharError: what cannot be read, does not fit together, or diverges.
    """
    begin_together(folder, lambda: _begin(options.checked(), folder, preset, changes))
    run = Run.read(folder, TASK, CorrectorOptions)
    return _train(run, resume=not is_main(), quiet=quiet)  # the others do what the main one does


def resume_corrector(folder: Path, *, device: DeviceChoice | None = None, quiet: bool = False) -> Finished:
    """Go on where a run was stopped, with its own settings. Raises BadInput for no run, or where its text changed."""
    return _train(further(folder, TASK, CorrectorOptions, device=device), resume=True, quiet=quiet)


def _begin(options: CorrectorOptions, folder: Path, name: str | None, changes: Sequence[str]) -> None:
    """All that comes before the first step: checks, the prepared text, run.json."""
    start = read_start(options.start) if options.start else None
    preset = fitting_preset(name, tuple(changes), start)
    settings = row_settings(preset)
    check_free(folder)
    alphabet = _alphabet(options, start)
    config = model_config(preset, start, len(alphabet))
    marks = {"words": WordStarts()}
    pairs = [pair_source(path, alphabet, options.encoding, marks) for path in options.pairs]
    text = prepare_text(options.train, alphabet, folder / DATA, marks=marks, more=pairs)
    record_run(Run(TASK, folder, options, config, settings), text)


def _alphabet(options: CorrectorOptions, start: Start | None) -> Alphabet:
    """The characters to know. Raises BadInput where --vocab and --from do not fit."""
    if start is None:
        return PretrainOptions(options.train, options.vocab, encoding=options.encoding).alphabet()
    if options.vocab and Vocab.load(options.vocab).characters != start.alphabet.vocab.characters:
        raise BadInput(
            f"{options.vocab} does not fit the model given with --from: leave --vocab out, it brings its own."
        )
    return start.alphabet


def _train(run: Run[CorrectorOptions], *, resume: bool, quiet: bool) -> Finished:
    settings, text = run.settings, open_text(run.folder / DATA)
    start = read_start(run.options.start) if run.options.start else None
    seed_everything(settings.seed)
    model = first_model(run.config, start)
    flags = Sounds(text.alphabet.characters).first.astype(np.int64)
    confusions = error_counts(text)
    objective = Denoise(noise_of(text, confusions), flags=flags, hidden=settings.mask_share)
    sources = [shard.source for shard in text.shards]
    weights = source_weights(sources, run.options.weights)
    batches = TextBatches(text, weights, settings.length, settings.batch_chars, settings.seed, objective)
    development = Development(text, settings.length, objective, settings.seed)
    before = development.verdict(model, start.parts, fit=False) if start and start.parts else None
    with training_report(quiet=quiet) as report:
        fit(model, batches, development.score, settings, run.folder, resume=resume, report=report, better=operator.lt)
    parts = Parts(
        run.config, text.alphabet, np.zeros(len(FEATURES)), 1.0, MAX_LENGTH, OVERLAP, open_fluency(),
        _joined(start.parts.confusions if start and start.parts else {}, confusions),
    )  # fmt: skip
    finished = Finished(run.folder, before, development.verdict(model, parts), development, start, text)
    if is_main():
        draw_curve(run.folder)
        write_corrector(finished, model)
    return finished


def _joined(known: Confusions, more: Confusions) -> Confusions:
    """How often each was: the greater number, as both may come of the same pairs."""
    return Counter(known) | Counter(more)
