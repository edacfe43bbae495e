"""What `cnchar pretrain` asks for, checked: a new run, or one that goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from cnchar.errors import BadInput
from cnchar.tasks.language import PINYIN
from cnchar.tasks.pinyin2hanzi import TASK as PINYIN_TASK
from cnchar.train.engine.device import is_main
from cnchar.train.engine.run_folder import goes_on, read_run
from cnchar.train.engine.settings import DeviceChoice, Parallel
from cnchar.train.language.learn import resume_language, train_language
from cnchar.train.language.options import PretrainOptions
from cnchar.train.language.write import Finished
from cnchar.train.pinyin.converter import resume_pinyin, train_pinyin
from cnchar.train.pinyin.options import PinyinOptions
from cnchar.train.pinyin.start import FRESH_PRESET
from cnchar.train.pinyin.write import Finished as FinishedPinyin

_SIZES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9}


def pretrain(
    options: PretrainOptions,
    output: str | None,
    *,
    resume: str | None = None,
    preset: str | None = None,
    changes: Sequence[str] = (),
    max_chars: str | None = None,
    device: DeviceChoice | None = None,
    parallel: Parallel | None = None,
    quiet: bool = False,
) -> Finished | FinishedPinyin | None:
    """Pretrain a language model or a network for pinyin into `output`, or go on with the run in `resume`.

    None in the processes beside the main one, where torchrun started several. Raises BadInput where options are missing
    or contradict each other, and CncharError as training does.
    """
    if output is not None and goes_on(Path(output)):
        return pretrain(PretrainOptions(), None, resume=output, quiet=quiet)
    most = characters(max_chars) if max_chars else 0
    if resume is not None:
        if options != PretrainOptions() or output or preset or changes:
            raise BadInput(
                "--resume goes on with a run as it was begun: only --max-chars, --device, --parallel and --quiet can "
                "be given with it."
            )
        go_on = resume_pinyin if read_run(Path(resume))["config"].get("task") == PINYIN_TASK else resume_language
        done = go_on(Path(resume), max_chars=most, device=device, parallel=parallel, quiet=quiet)
        return done if is_main() else None
    if not options.text or output is None:
        raise BadInput("Pretraining needs text and a new folder: cnchar pretrain FILE -o FOLDER, or --resume FOLDER.")
    limits = [f"max_chars={most}", "epochs=0", "max_steps=0"] if most else []
    here = [f"{name}={value}" for name, value in (("device", device), ("parallel", parallel)) if value]
    begin: Callable[..., Finished | FinishedPinyin] = train_language
    if PINYIN in options.objectives:
        options, begin = PinyinOptions.from_dict(asdict(options)), train_pinyin
        preset = preset or FRESH_PRESET
    done = begin(options, Path(output), preset, [*changes, *limits, *here], quiet=quiet)
    return done if is_main() else None


def characters(text: str) -> int:
    """A number of characters as people write it: 5000, 200K, 1.5M, 2G. Raises BadInput for anything else."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMG]?)", text.strip().upper())
    size = round(float(found[1]) * _SIZES[found[2]]) if found else 0
    if size < 1:
        raise BadInput(f"{text!r} is no number of characters: write 5000, 200K, 1.5M or 2G.")
    return size
