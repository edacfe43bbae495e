"""What `cnchar finetune` asks for, checked: a new run, or one that goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from cnchar.errors import BadInput
from cnchar.train.correct.corrector import resume_corrector, train_corrector
from cnchar.train.correct.options import CorrectorOptions
from cnchar.train.correct.write import Finished as FinishedCorrector
from cnchar.train.engine.device import is_main
from cnchar.train.engine.run_folder import goes_on
from cnchar.train.engine.settings import DeviceChoice
from cnchar.train.pinyin.converter import resume_pinyin, train_pinyin
from cnchar.train.pinyin.options import PinyinOptions
from cnchar.train.pinyin.write import Finished as FinishedPinyin
from cnchar.train.segment.options import SegmenterOptions
from cnchar.train.segment.segmenter import resume_segmenter, train_segmenter
from cnchar.train.segment.write import Finished as FinishedSegmenter

Options = TypeVar("Options")
Finished_co = TypeVar("Finished_co", covariant=True)


class _Train(Protocol[Finished_co]):
    def __call__(
        self, options: Any, folder: Path, preset: str | None, changes: Sequence[str], *, quiet: bool
    ) -> Finished_co: ...


class _Resume(Protocol[Finished_co]):
    def __call__(self, folder: Path, *, device: DeviceChoice | None, quiet: bool) -> Finished_co: ...


@dataclass(frozen=True)
class Trainer(Generic[Options, Finished_co]):
    """How models of one task are trained. nothing: options that ask for nothing; text: what a run cannot be without."""

    nothing: Options
    text: str
    _train: _Train[Finished_co] = field(repr=False)
    _resume: _Resume[Finished_co] = field(repr=False)

    def __call__(
        self,
        options: Options,
        output: str | None,
        *,
        resume: str | None = None,
        preset: str | None = None,
        changes: Sequence[str] = (),
        device: DeviceChoice | None = None,
        quiet: bool = False,
    ) -> Finished_co | None:
        """Train a model into the folder `output`, or go on with the run in `resume`.

        None in the processes beside the main one, where torchrun started several. Raises BadInput where options are
        missing or contradict each other, and CncharError as training does.
        """
        if output is not None and goes_on(Path(output)):
            return self(self.nothing, None, resume=output, quiet=quiet)
        if resume is not None:
            if options != self.nothing or output or preset or changes:
                raise BadInput(
                    "--resume goes on with a run as it was begun: only --device and --quiet can be given with it."
                )
            done = self._resume(Path(resume), device=device, quiet=quiet)
            return done if is_main() else None
        if options == self.nothing or output is None:
            raise BadInput(f"Training needs {self.text} and a new folder: --train FILE -o FOLDER, or --resume FOLDER.")
        on_device = [f"device={device}"] if device else []
        done = self._train(options, Path(output), preset, [*changes, *on_device], quiet=quiet)
        return done if is_main() else None


finetune_segmenter: Trainer[SegmenterOptions, FinishedSegmenter] = Trainer(
    SegmenterOptions(), "segmented text", train_segmenter, resume_segmenter
)
finetune_corrector: Trainer[CorrectorOptions, FinishedCorrector] = Trainer(
    CorrectorOptions(), "text", train_corrector, resume_corrector
)
finetune_pinyin: Trainer[PinyinOptions, FinishedPinyin] = Trainer(PinyinOptions(), "text", train_pinyin, resume_pinyin)
