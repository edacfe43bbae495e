from __future__ import annotations

import json
from typing import Any

import pytest

from cnchar.errors import BadInput
from cnchar.train.engine.settings import TrainSettings


def test_the_way_through_json_and_back() -> None:
    settings = TrainSettings(lr=0.5, betas=(0.5, 0.9), max_chars=7, amp="bf16")
    assert TrainSettings.from_dict(json.loads(json.dumps(settings.as_dict()))) == settings
    assert TrainSettings.from_dict({}) == TrainSettings()


def test_a_whole_number_may_stand_for_a_fraction() -> None:
    assert TrainSettings.from_dict({"lr": 1, "clip": 0}).lr == 1


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": 1.0}, {"lr": "fast"}, {"lr": 0}, {"lr": float("nan")}, {"lr": -1.0}, {"epochs": 2.5},
        {"epochs": True}, {"compile": 1}, {"optimizer": "adam"}, {"amp": "fp8"}, {"device": 3}, {"betas": [0.9]},
        {"betas": [0.9, 1.0]}, {"betas": 0.9}, {"ema": 1.0}, {"momentum": 1}, {"accumulate": 0}, {"epochs": 0},
        {"max_chars": float("inf")},
    ],
)  # fmt: skip
def test_what_is_no_setting_is_named(values: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="never end" if values == {"epochs": 0} else next(iter(values))):
        TrainSettings.from_dict(values)
