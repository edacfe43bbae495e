from __future__ import annotations

import json
from pathlib import Path

import pytest

from cnchar.errors import BadInput
from cnchar.nn.config import ModelConfig
from cnchar.train.engine.run import Run
from cnchar.train.engine.run_folder import start_run
from cnchar.train.engine.scores import score_entry
from cnchar.train.engine.settings import TrainSettings
from cnchar.train.language.options import PretrainOptions

OPTIONS = PretrainOptions(("a.txt", "b.txt"), weights=("a*=2",))


def run(folder: Path) -> Run[PretrainOptions]:
    return Run("language", folder, OPTIONS, ModelConfig(20, flags=(3,)), TrainSettings(lr=0.5, betas=(0.5, 0.6)))


def test_a_run_survives_its_folder(tmp_path: Path) -> None:
    start_run(tmp_path, run(tmp_path).record(), {})
    assert Run.read(tmp_path, "language", PretrainOptions) == run(tmp_path)
    with pytest.raises(BadInput, match="a model for language, not for segment"):
        Run.read(tmp_path, "segment", PretrainOptions)


def test_a_run_goes_on_elsewhere_and_further(tmp_path: Path) -> None:
    here = run(tmp_path).here("cpu").until(7000)
    assert (here.settings.device, here.settings.max_chars, here.settings.epochs) == ("cpu", 7000, 0)
    assert here.settings.betas == (0.5, 0.6)
    assert run(tmp_path).here() == run(tmp_path)


def test_a_score_names_the_lines_it_was_made_on() -> None:
    def entry(*lines: str) -> dict[str, object]:
        return score_entry("p2h-acc", "char", lines, "mine", data="some", measure="cer", value=0.123456)

    one = entry("我们", "你们")
    assert (one["data"], one["metric"], one["value"]) == ("some", "cer", 0.1235)
    assert "n:2" in str(one["signature"]) and "model:mine@1" in str(one["signature"])
    assert one["signature"] != entry("我们", "他们")["signature"]
    json.dumps(one)
