"""Presets: TOML files with the settings of a model and of its training, and changes to them by name."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cnchar.errors import BadInput
from cnchar.nn.config import ModelConfig
from cnchar.train.engine.settings import TrainSettings

_ALSO = {"lstm": "bilstm"}  # what else a preset is called
FOLDER = Path(__file__).parents[2] / "presets"
# The text and the task say these, never a preset.
_FROM_DATA = {"symbols", "labels", "groups", "flags", "prior", "causal"}
_TABLES = {
    "model": {field.name for field in fields(ModelConfig)} - _FROM_DATA,
    "train": {field.name for field in fields(TrainSettings)},
}


@dataclass(frozen=True)
class Preset:
    """The settings of a model, without what the data says, and those of its training that are not the defaults."""

    name: str
    model: dict[str, Any]
    train: dict[str, Any]

    def model_config(self, **from_data: Any) -> ModelConfig:
        """The whole config of a model. Raises BadInput for settings that make none."""
        return ModelConfig.from_dict({**self.model, **from_data})

    def train_settings(self) -> TrainSettings:
        """The whole settings of training. Raises BadInput for settings that make none."""
        return TrainSettings.from_dict(self.train)

    def changed(self, assignments: Iterable[str]) -> Preset:
        """The preset with some settings replaced: "hidden=128", "lr=0.001", "head=crf".

        Raises BadInput for what is no assignment or no setting.
        """
        tables = {"model": dict(self.model), "train": dict(self.train)}
        for assignment in assignments:
            name, equals, value = assignment.partition("=")
            name = name.strip()
            table = next((table for table, names in _TABLES.items() if name in names), None)
            if not equals or table is None:
                known = ", ".join(sorted(_TABLES["model"] | _TABLES["train"]))
                raise BadInput(f"--set {assignment}: write it as NAME=VALUE, where NAME is one of {known}.")
            tables[table][name] = _value(value.strip())
        return Preset(self.name, **tables)


def preset_names() -> list[str]:
    """The presets that come with the package."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_preset(name: str) -> Preset:
    """A preset by its name, or from a TOML file. Raises BadInput where there is none, or it holds something else."""
    name = _ALSO.get(name, name)
    path = FOLDER / f"{name}.toml" if name in preset_names() else Path(name)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise BadInput(f"{name}: no such preset; choose one of {', '.join(preset_names())}, or a TOML file.") from None
    except ValueError as error:  # neither TOML nor, at worst, text
        raise BadInput(f"{path}: not a preset in TOML ({error}).") from None
    for table, values in tables.items():
        if table not in _TABLES or not isinstance(values, dict):
            raise BadInput(f"{path}: a preset has the tables [model] and [train], not {table!r}.")
        if unknown := sorted(set(values) - _TABLES[table]):
            known = ", ".join(sorted(_TABLES[table]))
            raise BadInput(f"{path}: no setting {unknown[0]!r} in [{table}]; there are {known}.")
    return Preset(path.stem, tables.get("model", {}), tables.get("train", {}))


def _value(text: str) -> Any:
    """A value as TOML writes it; anything else is a string, so that head=crf needs no quotes."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
