"""What `cnchar finetune` asks for, checked: a new run, or one that goes on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cnchar.errors import BadInput
from cnchar.train.device import is_main
from cnchar.train.segment_options import SegmenterOptions
from cnchar.train.segmenter import resume_segmenter, train_segmenter
from cnchar.train.settings import DeviceChoice
from cnchar.train.write_segmenter import Finished


def finetune_segmenter(
    options: SegmenterOptions,
    output: str | None,
    *,
    resume: str | None = None,
    preset: str | None = None,
    changes: Sequence[str] = (),
    device: DeviceChoice | None = None,
    quiet: bool = False,
) -> Finished | None:
    """Train a segmenter into the folder `output`, or go on with the run in `resume`.

    None in the processes beside the main one, where torchrun started several. Raises BadInput where options are missing
    or contradict each other, and CncharError as training does.
    """
    if resume is not None:
        if options != SegmenterOptions() or output or preset or changes:
            raise BadInput(
                "--resume goes on with a run as it was begun: only --device and --quiet can be given with it."
            )
        done = resume_segmenter(Path(resume), device=device, quiet=quiet)
        return done if is_main() else None
    if not options.train or output is None:
        raise BadInput("Training needs segmented text and a new folder: --train FILE -o FOLDER, or --resume FOLDER.")
    on_device = [f"device={device}"] if device else []
    done = train_segmenter(options, Path(output), preset, [*changes, *on_device], quiet=quiet)
    return done if is_main() else None
