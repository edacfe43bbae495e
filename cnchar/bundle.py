"""A model on disk: one folder with its config, vocabulary, weights and model card, and nothing outside it.

Nothing in a bundle is ever executed or unpickled: weights are npy, safetensors or ONNX, the rest is JSON and text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnchar.errors import BadBundle

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT_VERSION = 1
CONFIG, CARD = "config.json", "README.md"
SHIPPED = Path(__file__).parent / "models"
_REQUIRED = {"format_version": int, "name": str, "version": int, "task": str, "architecture": str, "files": dict}


@dataclass(frozen=True)
class Bundle:
    """An opened model folder whose files are all there and unaltered."""

    folder: Path
    config: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        """The model's own name, such as segment-fast."""
        return str(self.config["name"])

    @property
    def version(self) -> int:
        """Counts the published versions of this model, from 1."""
        return int(self.config["version"])

    def path(self, name: str) -> Path:
        """Where a file of the bundle lies. Raises BadBundle for a file the config does not list."""
        if name not in self.config["files"]:
            raise BadBundle(f"{self.folder}: the model lists no file {name}; fetch or build it again.")
        return self.folder / name

    def lines(self, name: str) -> list[str]:
        """The lines of a text file. Raises BadBundle where it is not UTF-8."""
        path = self.path(name)
        try:
            return path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        except UnicodeDecodeError:
            raise BadBundle(f"{path}: not UTF-8; fetch or build the model again.") from None

    def array(self, name: str, dtype: str, ndim: int = 1) -> NDArray[Any]:
        """A memory-mapped array. Raises BadBundle where it is not an npy file of this type and number of axes."""
        import numpy as np

        path = self.path(name)
        try:  # not np.load, which also opens archives and knows pickles
            array: NDArray[Any] = np.lib.format.open_memmap(path, mode="r")
        except Exception:  # a broken header makes numpy raise whatever its parts raise
            raise BadBundle(f"{path}: not an array of weights; fetch or build the model again.") from None
        if array.dtype != np.dtype(dtype) or array.ndim != ndim:
            raise BadBundle(f"{self.folder / name}: expected {dtype} weights with {ndim} axes.")
        return array

    def get(self, key: str, kind: type) -> Any:
        """A value of the config. Raises BadBundle where it is missing or of another type."""
        value = self.config.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise BadBundle(f"{self.folder / CONFIG}: {key!r} is missing or not a {kind.__name__}.")
        return value


def open_bundle(folder: Path, task: str, architectures: tuple[str, ...]) -> Bundle:
    """Open a model folder and check that it is whole.

    Raises:
        BadBundle: no folder, no or broken config, an unknown format, task or architecture, a file missing or altered.
    """
    config = _read_config(folder)
    if config["format_version"] != FORMAT_VERSION:
        raise BadBundle(
            f"{folder}: model format {config['format_version']}, this cnchar reads {FORMAT_VERSION}; upgrade it."
        )
    if config["task"] != task:
        raise BadBundle(f"{folder}: this is a model for {config['task']}, not for {task}.")
    if config["architecture"] not in architectures:
        raise BadBundle(f"{folder}: unknown architecture {config['architecture']!r}; upgrade cnchar.")
    for name, digest in config["files"].items():
        _check_file(folder, name, digest)
    return Bundle(folder, config)


def open_any(model: str) -> Bundle:
    """Open a shipped model or a folder, whatever it is for. Raises BadBundle as resolve and open_bundle do."""
    folder = resolve(model, "")
    config = _read_config(folder)
    return open_bundle(folder, config["task"], (config["architecture"],))


def task_of(folder: Path) -> str:
    """What a model is for. Raises BadBundle for what is no model folder."""
    return str(_read_config(folder)["task"])


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG
    if not folder.is_dir():
        raise BadBundle(f"{folder}: no such model; `cnchar models` lists the shipped ones, or give a model folder.")
    try:
        config = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise BadBundle(f"{folder}: not a model folder, it has no {CONFIG}.") from None
    except (ValueError, RecursionError) as error:
        raise BadBundle(f"{path}: not valid JSON ({error}).") from None
    if not isinstance(config, dict):
        raise BadBundle(f"{path}: not a JSON object.")
    for key, kind in _REQUIRED.items():
        if not isinstance(config.get(key), kind):
            raise BadBundle(f"{path}: {key!r} is missing or not a {kind.__name__}.")
    return config


def _check_file(folder: Path, name: object, digest: object) -> None:
    if not isinstance(name, str) or not isinstance(digest, str) or Path(name).name != name:
        raise BadBundle(f"{folder / CONFIG}: bad entry {name!r} in files.")
    path = folder / name
    if not path.is_file():
        raise BadBundle(f"{path}: missing; the model folder is incomplete, fetch or build it again.")
    if sha256(path) != digest:
        raise BadBundle(f"{path}: altered or truncated (its sha256 differs from {CONFIG}); fetch or build it again.")


def sha256(path: Path) -> str:
    """The hexadecimal digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_bundle(folder: Path, config: dict[str, Any], files: Mapping[str, bytes], card: str) -> None:
    """Write a whole bundle: the files, then a config that lists their digests, then the model card."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    listed = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    whole = {"format_version": FORMAT_VERSION, **config, "files": listed}
    (folder / CONFIG).write_text(json.dumps(whole, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    (folder / CARD).write_text(card, encoding="utf-8")


def array_bytes(array: NDArray[np.generic]) -> bytes:
    """An array as the bytes of an npy file."""
    import io

    import numpy as np

    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=False)
    return stream.getvalue()


def shipped() -> list[tuple[str, int]]:
    """(name, version) of each model inside the package."""
    return [(config["name"], config["version"]) for config in shipped_configs()]


def shipped_configs() -> list[dict[str, Any]]:
    """The configs of the models inside the package, by name."""
    return [_read_config(path.parent) for path in sorted(SHIPPED.glob(f"*/{CONFIG}"))]


def resolve(model: str, task: str) -> Path:
    """The folder of a model: a shipped name (short inside its own task: `fast`), or a folder. Folders win with a slash.

    Raises:
        BadBundle: neither.
    """
    for name in (model, f"{task}-{model}"):
        if "/" not in model and (SHIPPED / name / CONFIG).is_file():
            return SHIPPED / name
    folder = Path(model)
    if not folder.is_dir():
        names = ", ".join(name for name, _ in shipped()) or "none"
        raise BadBundle(f"{model}: no such model; shipped are {names} (see `cnchar models`), or give a model folder.")
    return folder


def size_of(name: str) -> int:
    """Bytes of a shipped model's folder."""
    return sum(path.stat().st_size for path in (SHIPPED / name).iterdir())
