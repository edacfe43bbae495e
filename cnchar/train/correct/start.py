"""Where the training of a corrector begins: from nothing, from a pretrained language model, or from a corrector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from cnchar.bundle import open_bundle, resolve, task_of
from cnchar.errors import BadInput
from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.tasks import correct_parts as correct
from cnchar.tasks.correct_parts import FLAGS, Parts
from cnchar.tasks.language import TASK as LANGUAGE
from cnchar.tasks.language import read_language
from cnchar.tasks.packed_lines import Alphabet
from cnchar.tasks.tables import NEURAL
from cnchar.train.engine.presets import Preset, load_preset
from cnchar.train.export.deploy import load_weights, read_weights

FRESH_PRESET, PRETRAINED_PRESET, ADAPT_PRESET = "correct", "correct-pretrained", "correct-adapt"
_INPUTS = {
    "bigrams",
    "bigram_dim",
    "trigrams",
    "trigram_dim",
    "flag_dim",
    "dropout",
}  # a pretrained model may get these
_PROJECT, _CHARACTERS = "embeddings.project.weight", "embeddings.characters.weight"


@dataclass(frozen=True)
class Start:
    """What --from gives. parts: of a corrector; None of a language model, whose config lacks a corrector's inputs."""

    name: str
    alphabet: Alphabet
    config: ModelConfig
    weights: Mapping[str, Tensor]
    parts: Parts | None
    licence: str
    sources: tuple[str, ...]


def read_start(model: str) -> Start:
    """A corrector or a pretrained language model. Raises BadInput for a causal one, BadBundle for what is broken."""
    folder = resolve(model, correct.TASK)
    task = LANGUAGE if task_of(folder) == LANGUAGE else correct.TASK
    bundle = open_bundle(folder, task, (NEURAL,))
    licence, sources = str(bundle.config.get("licence", "")), tuple(bundle.config.get("sources", ()))
    weights = read_weights(bundle)
    if task == correct.TASK:
        parts = correct.read_parts(bundle)
        return Start(bundle.name, parts.alphabet, parts.config, weights, parts, licence, sources)
    language = read_language(bundle)
    if language.config.causal or not language.config.project:
        raise BadInput(f"{model}: a corrector sees both sides: pretrain a model with --objective masked and project.")
    return Start(bundle.name, language.alphabet, language.config, weights, None, licence, sources)


def fitting_preset(name: str | None, changes: tuple[str, ...], start: Start | None) -> Preset:
    """The preset with its changes. A network that is there already takes no other shape; a new input it may get."""
    if start is None:
        return load_preset(name or FRESH_PRESET).changed(changes)
    fitting = PRETRAINED_PRESET if start.parts is None else ADAPT_PRESET
    preset = load_preset(name or fitting).changed(changes)
    if fixed := set(preset.model) - (_INPUTS if start.parts is None else set()):
        raise BadInput(
            f"The network is that of --from, so its {', '.join(sorted(fixed))} cannot be set: use --preset {fitting}, "
            "or a TOML file that has [train] only."
        )
    return preset


def model_config(preset: Preset, start: Start | None, symbols: int) -> ModelConfig:
    """The config of the network to train."""
    if start is None:
        return preset.model_config(symbols=symbols, labels=symbols, head="symbols", flags=FLAGS)
    if start.parts is not None:
        return start.config
    return replace(start.config, flags=FLAGS, **preset.model)


def first_model(config: ModelConfig, start: Start | None) -> CharacterModel:
    """The network before the first step. What a pretrained one did not read counts for nothing at first."""
    model = CharacterModel(config)
    if start is None:
        return model
    known = dict(model.state_dict())
    with torch.no_grad():
        for name, value in start.weights.items():
            if name == _PROJECT and value.shape != known[name].shape:
                width = start.config.embedding
                known[name] = torch.zeros_like(known[name])
                known[name][:, :width] = value[:, :width]
            else:
                known[name] = value
    load_weights(model, known, start.name)
    return model
