"""Files that are changed in place: whoever looks, and whenever the power goes, sees the old file or the new one."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cnchar.errors import BadInput
from cnchar.io.compression import compressor
from cnchar.io.files import STDIN, open_input

BOM = b"\xef\xbb\xbf"


@dataclass
class Rewriting:
    """Where the new text of a file is written. It replaces the old one only if `changed` is set."""

    stream: BinaryIO
    changed: bool = False


def check_in_place(path: str, suffix: str, force: bool = False) -> None:
    """Raises BadInput where a file cannot be changed in place, or its backup exists and `force` is not set."""
    if path == STDIN or not Path(path).is_file():
        raise BadInput(f"{path}: only a regular file can be changed in place; leave --in-place out.")
    backup = Path(path + suffix)
    if suffix and backup.exists() and not force:
        raise BadInput(
            f"{backup} exists already, and may be the only copy of an older text: remove it, choose another --backup, "
            "or give --force."
        )


@contextmanager
def rewrite(path: str, suffix: str) -> Iterator[Rewriting]:
    """A stream for the new text of a file, compressed by the suffix of `path`; a BOM and the permissions stay.

    The new file is written beside the old one under a hidden name. At the end, where it is to be kept, it is flushed
    to the disk, the old file gets the name `path + suffix` besides its own, and the new one takes its place by
    renaming. Without a suffix there is no backup. Nothing changes where an exception comes out.
    """
    target = Path(os.path.realpath(path))  # through a symbolic link, which stays one
    hidden = target.parent / f".cnchar-{os.getpid()}-{secrets.token_hex(4)}.part"
    try:
        with hidden.open("xb") as raw:
            with compressor(path, raw) as stream:
                if begins_with_mark(path):
                    stream.write(BOM)
                rewriting = Rewriting(stream)
                yield rewriting
            raw.flush()
            os.fsync(raw.fileno())
        if rewriting.changed:
            shutil.copymode(target, hidden)
            if suffix:
                _keep(target, Path(path + suffix))
            hidden.replace(target)
    finally:
        hidden.unlink(missing_ok=True)


def begins_with_mark(path: str) -> bool:
    """Whether a file, which may be compressed, begins with the byte order mark of UTF-8; False for what is no file."""
    if not Path(path).is_file():
        return False
    with open_input(path) as stream:
        return stream.read(len(BOM)) == BOM


def _keep(target: Path, backup: Path) -> None:
    """A second name for the old file, or a copy where the file system knows no second names; it appears whole."""
    second = backup.parent / f".cnchar-{os.getpid()}-{secrets.token_hex(4)}.part"
    try:
        try:
            second.hardlink_to(target)
        except OSError:
            shutil.copy2(target, second)
        second.replace(backup)
    finally:
        with contextlib.suppress(OSError):
            second.unlink()
