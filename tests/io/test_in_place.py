"""Changing files in place: the old file or the new one, whole, whatever happens."""

from __future__ import annotations

import gzip
import os
import sys
from pathlib import Path

import pytest

from cnchar.errors import BadInput
from cnchar.io.in_place import BOM, check_in_place, rewrite

OLD, NEW = b"old text\n" * 3, b"new text\n" * 3
KILLED = 9


def change(path: Path, suffix: str = ".bak", data: bytes = NEW) -> None:
    with rewrite(str(path), suffix) as rewriting:
        rewriting.stream.write(data)
        rewriting.changed = True


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_bytes(OLD)
    return path


def test_the_old_file_is_kept_beside_the_new_one(file: Path) -> None:
    file.chmod(0o640)
    change(file)
    assert (file.read_bytes(), (file.parent / "a.txt.bak").read_bytes()) == (NEW, OLD)
    assert file.stat().st_mode & 0o777 == 0o640
    assert len(list(file.parent.iterdir())) == 2
    change(file, "", b"newer\n")
    assert (file.read_bytes(), (file.parent / "a.txt.bak").read_bytes()) == (b"newer\n", OLD)


def test_a_file_that_does_not_change_is_left_alone(file: Path) -> None:
    before = file.stat()
    with rewrite(str(file), ".bak") as rewriting:
        rewriting.stream.write(OLD)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert list(file.parent.iterdir()) == [file]


def test_nothing_changes_where_something_goes_wrong(file: Path) -> None:
    with pytest.raises(ZeroDivisionError), rewrite(str(file), ".bak") as rewriting:
        rewriting.stream.write(NEW)
        rewriting.changed = True
        raise ZeroDivisionError
    assert [(path, path.read_bytes()) for path in file.parent.iterdir()] == [(file, OLD)]


def test_a_mark_and_compression_stay(tmp_path: Path) -> None:
    marked, packed = tmp_path / "m.txt", tmp_path / "p.txt.gz"
    marked.write_bytes(BOM + OLD)
    packed.write_bytes(gzip.compress(OLD))
    change(marked)
    change(packed)
    assert marked.read_bytes() == BOM + NEW
    assert gzip.decompress(packed.read_bytes()) == NEW


def test_a_link_stays_a_link(file: Path) -> None:
    link = file.parent / "link.txt"
    link.symlink_to(file)
    change(link)
    assert link.is_symlink() and file.read_bytes() == NEW
    assert (file.parent / "link.txt.bak").read_bytes() == OLD


def test_a_file_system_without_second_names(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    change(file)
    assert (file.read_bytes(), (file.parent / "a.txt.bak").read_bytes()) == (NEW, OLD)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork")  # the child only writes files
@pytest.mark.parametrize("links", [True, False])
def test_the_file_is_whole_whenever_the_process_is_killed(
    file: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", lambda *_: (_ for _ in ()).throw(OSError()))
    seen, step = set(), 0
    while True:
        for path in file.parent.iterdir():
            path.unlink()
        file.write_bytes(OLD)
        code = _killed_at(step, file)
        step += 1
        backup = file.parent / "a.txt.bak"
        assert file.read_bytes() in (OLD, NEW)
        assert not backup.exists() or backup.read_bytes() == OLD
        assert file.read_bytes() == OLD or backup.exists()
        seen.add(file.read_bytes())
        if code == 0:
            break
    assert seen == {OLD, NEW} and step > 5


def _killed_at(step: int, file: Path) -> int:
    """Changes the file in a child process that ends at its nth doing with files, without any cleaning up."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = step

    def watch(event: str, _: object) -> None:
        nonlocal left
        if event == "open" or event.startswith(("os.", "shutil.")):
            left -= 1
            if left < 0:
                os._exit(KILLED)

    sys.addaudithook(watch)
    change(file)
    os._exit(0)


def test_what_cannot_be_changed_in_place(file: Path) -> None:
    check_in_place(str(file), ".bak")
    for path in ("-", str(file.parent), os.devnull):
        with pytest.raises(BadInput, match="in place"):
            check_in_place(path, ".bak")
    (file.parent / "a.txt.bak").write_bytes(b"older")
    with pytest.raises(BadInput, match=r"a\.txt\.bak exists already"):
        check_in_place(str(file), ".bak")
    check_in_place(str(file), ".bak", force=True)
    check_in_place(str(file), "")
