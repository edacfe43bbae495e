from __future__ import annotations

import json

import pytest

from cnchar.errors import BadInput
from cnchar.nn.config import ModelConfig


def test_a_config_survives_json():
    for config in (
        ModelConfig(100, flags=(3, 4), prior=True, backbone="cnn"),
        ModelConfig(100, labels=5, head="groups", groups=(3, 2), trigrams=8),
    ):
        assert ModelConfig.from_dict(json.loads(json.dumps(config.as_dict()))) == config


def test_configs_written_before_there_were_language_models_still_hold():
    old = set(ModelConfig(100).as_dict()) - {"causal", "one_hot", "project", "tied"}
    config = ModelConfig.from_dict({key: value for key, value in ModelConfig(100).as_dict().items() if key in old})
    assert (config.causal, config.one_hot, config.project, config.tied) == (False, False, True, False)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "symbols"),
        ({"symbols": 1}, "symbols is 1"),
        ({"symbols": "many"}, "symbols is 'many'"),
        ({"symbols": 10, "hidden": True}, "hidden is True"),
        ({"symbols": 10, "layers": 1 << 30}, "layers"),
        ({"symbols": 10, "backbone": "mamba"}, "choose one of rnn, lstm, gru, cnn, transformer"),
        ({"symbols": 10, "head": None}, "choose one of softmax, crf, symbols, groups"),
        ({"symbols": 10, "flags": "abc"}, "flags"),
        ({"symbols": 10, "flags": [0]}, "flags"),
        ({"symbols": 10, "dropout": 1.0}, "dropout"),
        ({"symbols": 10, "dropout": float("nan")}, "dropout"),
        ({"symbols": 10, "prior": 1}, "prior"),
        ({"symbols": 10, "hidden": 63}, "even number"),
        ({"symbols": 10, "backbone": "cnn", "kernel": 2}, "odd"),
        ({"symbols": 10, "backbone": "transformer", "hidden": 30, "attention_heads": 4}, "multiple"),
        ({"symbols": 10, "backbone": "transformer", "attention_heads": 0}, "multiple"),
        ({"symbols": 10, "colour": "red"}, "no such setting of a model: colour"),
        ({"symbols": 10, "causal": 1}, "causal is 1"),
        ({"symbols": 10, "tied": "yes"}, "tied is 'yes'"),
        ({"symbols": 10, "head": "symbols"}, "labels characters with symbols"),
        ({"symbols": 10, "labels": 10, "head": "symbols", "wide": 8}, "neither wide nor prior"),
        ({"symbols": 10, "causal": True, "wide": 8}, "sees nothing ahead"),
        ({"symbols": 10, "tied": True, "hidden": 64}, "tied is for language models"),
        ({"symbols": 10, "labels": 10, "head": "symbols", "tied": True, "hidden": 32}, "as wide as hidden"),
        ({"symbols": 10, "backbone": "cnn", "project": False}, "Without project"),
        ({"symbols": 10, "groups": [4]}, "set head=groups"),
        ({"symbols": 10, "head": "groups", "groups": [1, 2]}, "add up"),
        ({"symbols": 10, "head": "groups", "groups": [4], "wide": 8}, "neither wide"),
        ({"symbols": 10, "head": "groups", "groups": 4}, "groups"),
    ],
)  # fmt: skip
def test_what_makes_no_model_is_refused_in_one_sentence(values, said):
    with pytest.raises(BadInput, match=said):
        ModelConfig.from_dict(values)
