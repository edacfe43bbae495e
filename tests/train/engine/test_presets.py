"""Presets: every shipped one makes a model, and what is wrong with others is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnchar.errors import BadInput
from cnchar.nn.model import CharacterModel
from cnchar.train.engine.presets import load_preset, preset_names

SEGMENTERS = ["bilstm", "cnn", "gru", "rnn", "transformer"]
LANGUAGE = ["charlm-lstm", "charlm-lstm-256", "transformer-base", "transformer-large", "transformer-small"]
TRAINING = ["adapt", "pretrained"]
TASKS = ["correct", "correct-adapt", "correct-pretrained", "pinyin"]  # tested where they are trained with


def test_the_shipped_presets() -> None:
    assert preset_names() == sorted(SEGMENTERS + LANGUAGE + TRAINING + TASKS)


@pytest.mark.parametrize("name", SEGMENTERS + TRAINING)
def test_every_preset_makes_a_model_and_its_training(name: str) -> None:
    preset = load_preset(name)
    assert preset.train_settings().as_dict().items() >= preset.train.items()
    if name in TRAINING:
        assert not preset.model
        return
    config = preset.model_config(symbols=100)
    assert config.as_dict().items() >= preset.model.items()
    weights = sum(weight.numel() for weight in CharacterModel(config).parameters())
    assert 2_000_000 < weights < 6_000_000  # most of it the table of pairs


@pytest.mark.parametrize("name", LANGUAGE)
@pytest.mark.parametrize("causal", [True, False])
def test_every_preset_of_a_language_model_makes_one(name: str, causal: bool) -> None:
    preset = load_preset(name)
    assert preset.train_settings().as_dict().items() >= preset.train.items()
    config = preset.model_config(symbols=100, labels=100, head="symbols", causal=causal)
    assert config.as_dict().items() >= preset.model.items()


def test_changes() -> None:
    preset = load_preset("bilstm").changed(["hidden=32", " lr = 0.5", "head=crf", "betas=[0.5, 0.6]", "hidden=64"])
    config, settings = preset.model_config(symbols=9), preset.train_settings()
    assert (config.hidden, config.head, config.layers) == (64, "crf", 2)
    assert (settings.lr, settings.betas, settings.epochs) == (0.5, (0.5, 0.6), 12)
    assert load_preset("bilstm").model["hidden"] == 256


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("hiden=3", "--set hiden=3: .*NAME=VALUE.*hidden, "),
        ("symbols=3", "NAME=VALUE"),
        ("flags=[3]", "NAME=VALUE"),
        ("causal=true", "NAME=VALUE"),
        ("hidden", "NAME=VALUE"),
        ("hidden=many", "hidden is 'many'"),
        ("hidden=", "hidden is ''"),
        ("hidden=-2", "hidden is -2"),
        ("lr=fast", "lr is 'fast'"),
        ("head=crff", "head is 'crff'; choose one of"),
        ("epochs=0", "never end"),
    ],
)
def test_changes_that_cannot_be(change: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        preset = load_preset("bilstm").changed([change])
        preset.model_config(symbols=9)
        preset.train_settings()


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[model]\nbackbone = "gru"\n[train]\nepochs = 3\n', encoding="utf-8")
    preset = load_preset(str(path))
    assert (preset.name, preset.model_config(symbols=9).backbone, preset.train_settings().epochs) == ("mine", "gru", 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hidden = 3", r"tables \[model\] and \[train\], not 'hidden'"),
        ("[modell]\nhidden = 3", "not 'modell'"),
        ("[model]\nhiden = 3", r"no setting 'hiden' in \[model\]; there are .*hidden"),
        ("[model]\nsymbols = 3", "no setting 'symbols'"),
        ("[train]\nhidden = 3", r"no setting 'hidden' in \[train\]"),
        ("[model", "not a preset in TOML"),
        ("\udcff", "not a preset in TOML"),
    ],
)
def test_files_that_are_no_preset(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput, match=message):
        load_preset(str(path))


@pytest.mark.parametrize("name", ["lstn", "no/such.toml", "/"])
def test_no_such_preset(name: str) -> None:
    with pytest.raises(BadInput, match=f"{name}: no such preset; choose one of adapt, bilstm, charlm-lstm, "):
        load_preset(name)


def test_the_textbook_name_of_the_bilstm():
    assert load_preset("lstm") == load_preset("bilstm")
