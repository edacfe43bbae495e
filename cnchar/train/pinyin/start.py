"""Where the training of a network for pinyin begins: with a model's look-up tables, and perhaps with its network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from cnchar.bundle import SHIPPED, Bundle, open_bundle, resolve
from cnchar.errors import BadInput
from cnchar.nn.config import ModelConfig
from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.syllables import SYLLABLES
from cnchar.pinyin.units import Units, read_units, units_of
from cnchar.tasks.packed_lines import Alphabet
from cnchar.tasks.pinyin2hanzi import TASK
from cnchar.tasks.pinyin_decoder import PinyinTables
from cnchar.tasks.pinyin_tables import ARCHITECTURES, read_tables
from cnchar.tasks.tables import NEURAL
from cnchar.tasks.unit_scores import OUTPUT, OUTPUT_ROWS, UNITS, VOCABULARY, Parts, read_parts
from cnchar.train.engine.presets import Preset, load_preset
from cnchar.train.export.deploy import MODEL, WEIGHTS, read_weights

FRESH_PRESET, ADAPT_PRESET = "pinyin", "adapt"
_NETWORK = {MODEL, WEIGHTS, OUTPUT, OUTPUT_ROWS, VOCABULARY}  # files of a bundle that are its network's
_OWN = ("name", "version", "format_version", "files", "scores", "model")  # keys of a config that a new model has itself


@dataclass(frozen=True)
class Start:
    """All that there is before training.

    files: those of a bundle that are not its network's; tables: what they hold, None where there are units alone;
    config: what the bundle's config says. parts, weights: of its network, None where a new one is trained.
    """

    units: Units
    files: Mapping[str, bytes]
    config: Mapping[str, Any] = field(default_factory=dict)
    tables: PinyinTables | None = None
    parts: Parts | None = None
    weights: Mapping[str, Tensor] | None = None

    def model_config(self, preset: Preset, alphabet: Alphabet) -> ModelConfig:
        """The config of the network to train."""
        if self.parts is not None:
            return self.parts.config
        groups = self.units.sizes[self.units.sizes > 0].tolist()
        symbols = len(alphabet) + len(SYLLABLES)
        return preset.model_config(symbols=symbols, labels=len(self.units), head="groups", groups=groups)


def read_start(name: str | None, *, fresh: bool) -> Start:
    """What a model gives, the shipped one if None; `fresh`: without its network. Raises BadBundle for a broken one."""
    if name is None and not (SHIPPED / TASK).exists():
        units = units_of(load_readings())
        return Start(units, {UNITS: units.dumps().encode()})
    bundle = open_bundle(resolve(name or TASK, TASK), TASK, (*ARCHITECTURES, NEURAL))
    units = read_units(bundle.lines(UNITS), str(bundle.path(UNITS)))
    files = {each: bundle.path(each).read_bytes() for each in bundle.config["files"] if each not in _NETWORK}
    kept = {key: value for key, value in bundle.config.items() if key not in _OWN}
    kept["sources"] = [f"the model {bundle.name}@{bundle.version}", *bundle.config.get("sources", ())]
    start = Start(units, files, kept, read_tables(bundle) if bundle.config["architecture"] in ARCHITECTURES else None)
    if fresh or MODEL not in bundle.config["files"]:
        return start
    parts = read_parts(bundle)
    return replace(start, parts=parts, weights=_weights(bundle, parts))


def _weights(bundle: Bundle, parts: Parts) -> dict[str, Tensor]:
    """All weights of a network. Its graph lacks the output layer, which lies beside it, rounded."""
    output = {"output.weight": torch.from_numpy(parts.table), "output.bias": torch.from_numpy(parts.bias)}
    return {**output, **read_weights(bundle)}


def fitting(name: str | None, changes: Sequence[str], start: str | None) -> tuple[Preset, Start]:
    """The preset with its changes, and the start: with the network that is there, unless a preset describes another.

    Raises BadInput where a network that is there should take another shape.
    """
    given = load_preset(name) if name else None
    begin = read_start(start, fresh=given is not None and bool(given.model))
    suiting = FRESH_PRESET if begin.parts is None else ADAPT_PRESET
    preset = (given or load_preset(suiting)).changed(changes)
    if begin.parts is not None and preset.model:
        raise BadInput(
            f"The network is that of --from, so its {', '.join(preset.model)} cannot be set; to train a new one, name "
            "a --preset that describes it, such as cnn."
        )
    return preset, begin
