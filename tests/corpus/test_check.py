"""corpora/check.py and the manifests it reads."""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

CORPORA = Path(__file__).resolve().parents[2] / "corpora"
KEYS = {"name", "what", "source", "version", "licence", "reader", "obtain", "made", "use", "files"}


@pytest.fixture(scope="module")
def check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("corpora_check", CORPORA / "check.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_manifest(folder: Path, content: bytes, table: str = "") -> None:
    digest = hashlib.sha256(content).hexdigest()
    (folder / "news.toml").write_text(f'[[files]]\npath = "a.txt"\nsha256 = "{digest}"\n{table}', encoding="utf-8")


@pytest.mark.parametrize(("content", "state", "code"), [(b"abc", "ok", 0), (b"abd", "differs", 1), (None, "absent", 0)])
def test_states(
    check: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, state: str, code: int
) -> None:
    write_manifest(tmp_path, b"abc")
    if content is not None:
        (tmp_path / "a.txt").write_bytes(content)
    assert check.main(tmp_path, tmp_path) == code
    assert capsys.readouterr().out == f"{state:8} news: {tmp_path / 'a.txt'}\n"


def test_files_of_packages(check: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    digest = hashlib.sha256(Path(hashlib.__file__).with_name("json").joinpath("__init__.py").read_bytes()).hexdigest()
    tables = [
        f'[[files]]\npackage = "{name}"\npath = "__init__.py"\nsha256 = "{digest}"\n' for name in ("json", "nobody")
    ]
    write_manifest(tmp_path, b"abc", "".join(tables))
    assert check.main(tmp_path, tmp_path) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["absent", "ok", "absent"]


@pytest.mark.parametrize("path", sorted(CORPORA.glob("*.toml")), ids=lambda path: path.stem)
def test_every_manifest_is_complete_and_listed(path: Path) -> None:
    manifest = tomllib.loads(path.read_text(encoding="utf-8"))
    assert set(manifest) == KEYS
    assert all(manifest.values())
    assert all(len(file["sha256"]) == 64 for file in manifest["files"])
    assert f"[{path.stem}]({path.name})" in (CORPORA / "README.md").read_text(encoding="utf-8")


@pytest.mark.shared
def test_the_shared_corpora_are_those_of_the_manifests(
    check: ModuleType, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main(shared / "data") == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok ") for line in lines if str(shared) in line)
