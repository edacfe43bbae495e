"""Which files are read and written: names, globs, folders, `-o`, and outputs that appear whole or not at all."""

from __future__ import annotations

import errno
import glob
import io
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from cnchar.errors import BadInput, CncharError
from cnchar.io.compression import compressor, decompressor

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN = "-"
STDIN_NAME = "standard input"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def display_name(path: str) -> str:
    """The name messages give a path: `-` reads as "standard input"."""
    return STDIN_NAME if path == STDIN else path


def expand_inputs(patterns: Sequence[str], *, folders: bool = False) -> list[str]:
    """Paths of the inputs, in order: nothing or `-` is standard input, globs the shell left alone are expanded.

    Raises BadInput for a missing file, a glob without a match and, unless `folders`, for a folder.
    """
    return [path for path, _ in _expand(patterns, folders=folders)]


def plan_outputs(patterns: Sequence[str], output: str | None, force: bool = False) -> list[tuple[str, str | None]]:
    """Pairs (input path, output path); output None is standard output. Checked here, before anything is read.

    `-o PATH` is a file for one input; with several inputs, or when PATH ends in `/` or is a folder, it is a folder that
    mirrors the inputs' names. A folder as input gives every file in it, and keeps its shape below PATH.
    Raises BadInput when an output exists and `force` is not set, or when two inputs would share one output.
    """
    into_folder = output is not None and output != STDIN and (output.endswith(("/", os.sep)) or Path(output).is_dir())
    several = output is not None and output != STDIN and (len(patterns) > 1 or any(Path(p).is_dir() for p in patterns))
    inputs = list(_expand(patterns, folders=into_folder or several))
    if output is None or output == STDIN:
        return [(path, None) for path, _ in inputs]
    if into_folder or several or len(inputs) > 1:
        plan = _mirror(inputs, output)
    else:
        plan = [(inputs[0][0], output)]
    for _, target in plan:
        _check_target(target, force, make_folder=len(plan) > 1 or target != output)
    return [(path, target) for path, target in plan]


def open_input(path: str, on_read: Callable[[int], object] | None = None) -> BinaryIO:
    """The bytes of `path` (`-`: standard input), decompressed by suffix; `on_read` hears the size of every raw read.

    Raises BadInput when the file is missing or a folder; a broken or truncated archive raises it while being read.
    """
    if path == STDIN:
        return _open_stdin()
    try:
        raw: BinaryIO = open(path, "rb", buffering=0)  # noqa: SIM115, PTH123
    except FileNotFoundError:
        raise BadInput(f"{path}: no such file.") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder: name the files in it, or give an output folder with -o.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    return decompressor(path, cast(BinaryIO, _Watched(raw, on_read)) if on_read else raw)


@contextmanager
def atomic_output(path: str | None, force: bool = False) -> Iterator[BinaryIO]:
    """A stream to write bytes to, compressed by the suffix of `path`; None is standard output.

    The file is written beside its place under a hidden name, renamed at the end, and removed on any exception, so that
    nobody ever sees half of it. Raises BadInput when `path` exists and `force` is not set, CncharError on a full disk.
    """
    if path is None:
        if sys.stdout is None:
            raise CncharError("Standard output is closed: name a file to write with -o.")
        yield sys.stdout.buffer
        return
    _check_target(path, force, make_folder=True)
    target = Path(os.path.realpath(path))  # through a symbolic link, which stays one
    if _is_special(target):  # /dev/null, a named pipe: nothing to rename
        with _told_when_full(path), target.open("wb") as stream, compressor(path, stream) as out:
            yield out
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    hidden = target.parent / f".cnchar-{os.getpid()}-{secrets.token_hex(4)}.part"
    try:
        with _told_when_full(path), hidden.open("xb") as stream, compressor(path, stream) as out:
            yield out
        _check_target(path, force, make_folder=True)
        hidden.replace(target)
    finally:
        hidden.unlink(missing_ok=True)


@contextmanager
def _told_when_full(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise CncharError(f"No space left to write {path}; nothing of it was kept: free some space first.") from None


def _expand(patterns: Sequence[str], *, folders: bool) -> Iterator[tuple[str, str]]:
    """Pairs (path, name below an output folder)."""
    seen_stdin = False
    for pattern in patterns or [STDIN]:
        if pattern == STDIN:
            if seen_stdin:
                raise BadInput("Standard input (-) is named twice, but it can be read only once.")
            seen_stdin = True
            yield STDIN, STDIN
        elif Path(pattern).exists() or not glob.has_magic(pattern):
            yield from _expand_path(pattern, folders=folders)
        else:
            yield from _expand_glob(pattern, folders=folders)


def _expand_glob(pattern: str, *, folders: bool) -> Iterator[tuple[str, str]]:
    matches = [path for path in sorted(glob.glob(pattern, recursive=True)) if not Path(path).is_dir()]  # noqa: PTH207
    if not matches:
        raise BadInput(f"{pattern}: no file matches this pattern.")
    for path in matches:
        yield from _expand_path(path, folders=folders)


def _expand_path(path: str, *, folders: bool) -> Iterator[tuple[str, str]]:
    place = Path(path)
    if not place.exists():
        raise BadInput(f"{path}: no such file.")
    if not place.is_dir():
        yield path, place.name
        return
    if not folders:
        raise BadInput(f"{path} is a folder: name the files in it, or give an output folder with -o.")
    files = sorted(file for file in place.rglob("*") if file.is_file())
    inside = [(file, file.relative_to(place)) for file in files]
    visible = [(file, name) for file, name in inside if not any(part.startswith(".") for part in name.parts)]
    if not visible:
        raise BadInput(f"{path} is a folder without files.")
    for file, name in visible:
        yield str(file), str(name)


def _mirror(inputs: Sequence[tuple[str, str]], folder: str) -> list[tuple[str, str]]:
    if Path(folder).exists() and not Path(folder).is_dir():
        raise BadInput(f"{folder} is a file, but several inputs need a folder: give another name to -o.")
    plan: dict[str, str] = {}
    for path, name in inputs:
        if path == STDIN:
            raise BadInput("Standard input has no name to give to a file in a folder: give -o the name of a file.")
        target = str(Path(folder) / name)
        if target in plan:
            raise BadInput(f"{plan[target]} and {path} would both be written to {target}: write them to two folders.")
        plan[target] = path
    return [(path, target) for target, path in plan.items()]


def _check_target(path: str, force: bool, *, make_folder: bool) -> None:
    target = Path(path)
    if target.is_dir():
        raise BadInput(f"{path} is a folder, but the output is a file: give another name to -o.")
    if target.exists() and not force and not _is_special(target):
        raise BadInput(f"{path} exists already: give another name to -o, or --force to overwrite it.")
    if not make_folder and not target.parent.is_dir():
        raise BadInput(f"{target.parent} is not a folder, so {path} cannot be written there: make the folder first.")


def _is_special(path: Path) -> bool:
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _open_stdin() -> BinaryIO:
    if sys.stdin is None:
        raise BadInput("Standard input is closed: name a file to read.")
    buffer = sys.stdin.buffer
    try:
        descriptor = buffer.fileno()
    except OSError:  # a test's stand-in for standard input
        return buffer
    return cast(BinaryIO, open(descriptor, "rb", buffering=0, closefd=False))


class _Watched(io.RawIOBase):
    """A raw file that tells how many bytes each read took: compressed bytes, which is what a progress bar can know."""

    def __init__(self, raw: BinaryIO, on_read: Callable[[int], object]) -> None:
        self._raw, self._on_read = raw, on_read

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._raw.fileno()

    def readinto(self, buffer: WriteableBuffer) -> int:
        size = cast(io.FileIO, self._raw).readinto(buffer)
        self._on_read(size)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()
