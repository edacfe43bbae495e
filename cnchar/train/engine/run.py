"""A training run before its first step: all that it can be repeated from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from cnchar.errors import BadInput
from cnchar.nn.config import ModelConfig
from cnchar.train.engine.run_folder import read_run
from cnchar.train.engine.settings import DeviceChoice, Parallel, TrainSettings


class Options(Protocol):
    """What a user asks for, as a dataclass; `from_dict` is the inverse of asdict, after a way through JSON."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self: ...


Asked = TypeVar("Asked", bound=Options)


@dataclass(frozen=True)
class Run(Generic[Asked]):
    """All that is settled before the first step. task: what the model is for."""

    task: str
    folder: Path
    options: Asked
    config: ModelConfig
    settings: TrainSettings

    def record(self) -> dict[str, Any]:
        """The run as run.json holds it."""
        options, model = asdict(self.options), self.config.as_dict()
        return {"task": self.task, "options": options, "model": model, "train": self.settings.as_dict()}

    @classmethod
    def read(cls, folder: Path, task: str, options: type[Asked]) -> Run[Asked]:
        """The run of a folder. Raises BadInput where there is none, or one of another task."""
        record: Mapping[str, Any] = read_run(folder)["config"]
        if record.get("task") != task:
            raise BadInput(f"{folder}: the run there makes a model for {record.get('task')}, not for {task}.")
        config, settings = ModelConfig.from_dict(record["model"]), TrainSettings.from_dict(record["train"])
        return cls(task, folder, options.from_dict(record["options"]), config, settings)

    def here(self, device: DeviceChoice | None = None, parallel: Parallel | None = None) -> Run[Asked]:
        """The same run where it goes on now; None: as it was begun."""
        given = {name: value for name, value in (("device", device), ("parallel", parallel)) if value}
        return replace(self, settings=TrainSettings.from_dict(self.settings.as_dict() | given))

    def until(self, max_chars: int) -> Run[Asked]:
        """The same run with another end, in characters from its beginning."""
        return replace(self, settings=replace(self.settings, max_chars=max_chars, max_steps=0, epochs=0))
