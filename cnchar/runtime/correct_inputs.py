"""Which files `correct` reads where folders may be named: each text once, and no backup of another one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from cnchar.io.compression import suffix_of
from cnchar.io.files import STDIN, expand_inputs

BACKUP = ".bak"
_HEAD = 1 << 13  # bytes: what has a NUL among the first so many is no text, as git has it


def text_files(inputs: Sequence[str], backup: str = BACKUP) -> tuple[list[str], list[str]]:
    """The files to read, and those in folders that are left out because they are no text.

    Args:
        inputs: files, globs, folders; `-` is standard input.
        backup: what a backup's name ends in. Beside the file that it is of, it is left out, as is one with BACKUP.

    Raises as io.files.expand_inputs does.
    """
    paths = expand_inputs(inputs, folders=True)
    backups = {path + suffix for path in paths for suffix in (BACKUP, backup) if suffix}
    once = {path if path == STDIN else os.path.realpath(path): path for path in reversed(paths) if path not in backups}
    named = set(inputs)
    files: list[str] = []
    others: list[str] = []
    for path in reversed(once.values()):
        (others if path not in named and _is_binary(path) else files).append(path)
    return files, others


def _is_binary(path: str) -> bool:
    if suffix_of(path):
        return False
    try:
        with Path(path).open("rb") as stream:
            return b"\0" in stream.read(_HEAD)
    except OSError:
        return False  # whoever reads it says why it cannot be read
