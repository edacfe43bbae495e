from __future__ import annotations

import bz2
import gzip
import lzma
import os
from pathlib import Path

import pytest
import zstandard

from cnchar.errors import BadInput, CncharError
from cnchar.io.compression import SUFFIXES
from cnchar.io.files import atomic_output, expand_inputs, open_input, plan_outputs

TEXT = "他来到了网易杭研大厦\n".encode() * 50_000
PACK = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress, ".zst": zstandard.compress}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.txt", "b.txt.zst", "sub/a.txt", "sub/deep/c.txt", "sub/.hidden", "[1].txt"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(name, encoding="utf-8")
    return tmp_path


def test_nothing_and_dash_are_standard_input(folder: Path) -> None:
    assert expand_inputs([]) == ["-"]
    assert expand_inputs(["a.txt", "-"]) == ["a.txt", "-"]
    with pytest.raises(BadInput, match="twice"):
        expand_inputs(["-", "-"])


def test_globs_are_expanded_unless_a_file_has_that_name(folder: Path) -> None:
    assert expand_inputs(["*a*.txt", "s*/**/*.txt"]) == ["a.txt", "sub/a.txt", "sub/deep/c.txt"]
    assert expand_inputs(["[1].txt"]) == ["[1].txt"]


@pytest.mark.parametrize(("name", "message"), [("no.txt", "no such file"), ("*.md", "no file matches"), ("sub", "-o")])
def test_inputs_that_are_not_there(folder: Path, name: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        plan_outputs([name], None)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("inputs", "output", "targets"),
    [
        (["a.txt"], None, [None]),
        (["a.txt", "b.txt.zst"], None, [None, None]),
        (["a.txt"], "-", [None]),
        (["a.txt"], "x.gz", ["x.gz"]),
        ([], "x", ["x"]),
        (["a.txt"], "new/", ["new/a.txt"]),
        (["a.txt"], "sub/deep", ["sub/deep/a.txt"]),
        (["a.txt", "b.txt.zst"], "new", ["new/a.txt", "new/b.txt.zst"]),
        (["[ab].*"], "new", ["new/a.txt", "new/b.txt.zst"]),
        (["sub"], "new", ["new/a.txt", "new/deep/c.txt"]),
    ],
)
def test_where_outputs_go(folder: Path, inputs: list[str], output: str | None, targets: list[str | None]) -> None:
    assert [target for _, target in plan_outputs(inputs, output)] == targets


@pytest.mark.parametrize(
    ("inputs", "output", "message"),
    [
        (["a.txt"], "b.txt.zst", "exists already"),
        (["a.txt", "sub/a.txt"], "new", "both be written to new/a.txt"),
        (["a.txt", "b.txt.zst"], "[1].txt", "is a file"),
        (["a.txt", "-"], "new", "no name"),
        (["a.txt"], "missing/x.txt", "missing is not a folder"),
        (["sub"], "sub", "exists already"),
    ],
)
def test_outputs_that_cannot_be(folder: Path, inputs: list[str], output: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        plan_outputs(inputs, output)


def test_force_overwrites_and_the_old_text_stays_until_the_end(folder: Path) -> None:
    assert plan_outputs(["a.txt"], "a.txt", force=True) == [("a.txt", "a.txt")]
    with atomic_output("a.txt", force=True) as out:
        out.write(b"new")
        assert Path("a.txt").read_bytes() == b"a.txt"
    assert Path("a.txt").read_bytes() == b"new"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("name", ["out.txt", "out.txt.gz", "out.txt.zst"])
def test_nothing_is_left_of_a_failed_output(tmp_path: Path, name: str, error: type[BaseException]) -> None:
    with pytest.raises(error), atomic_output(str(tmp_path / name)) as out:
        out.write(TEXT)
        raise error
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_appeared_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with pytest.raises(BadInput, match="exists already"), atomic_output(str(target)) as out:
        out.write(b"ours")
        target.write_bytes(b"theirs")
    assert target.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [target]


def test_output_has_the_usual_permissions_and_goes_through_links(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with atomic_output(str(tmp_path / "link")) as out:
        out.write(b"x")
    (tmp_path / "plain").write_bytes(b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_device_is_written_not_replaced() -> None:
    assert plan_outputs([], os.devnull) == [("-", os.devnull)]
    with atomic_output(os.devnull) as out:
        out.write(b"x")
    assert Path(os.devnull).is_char_device()


def test_full_disk_is_one_sentence() -> None:
    with pytest.raises(CncharError, match="No space left to write /dev/full"), atomic_output("/dev/full") as out:
        out.write(b"x" * 100_000)


@pytest.mark.parametrize("suffix", ["", *SUFFIXES, ".GZ"])
def test_what_is_written_is_read(tmp_path: Path, suffix: str) -> None:
    path = str(tmp_path / f"x{suffix}")
    with atomic_output(path) as out:
        out.write(TEXT)
    with open_input(path) as stream:
        assert b"".join(iter(lambda: stream.read(1 << 16), b"")) == TEXT
    assert suffix == "" or Path(path).stat().st_size < len(TEXT) / 10
    first = Path(path).read_bytes()
    with atomic_output(path, force=True) as out:
        out.write(TEXT)
    assert Path(path).read_bytes() == first, "equal text gives equal bytes"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_archives_in_several_parts(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(PACK[suffix](b"a" * 9) + PACK[suffix](b"b" * 9))
    with open_input(str(path)) as stream:
        assert b"".join(iter(lambda: stream.read(4), b"")) == b"a" * 9 + b"b" * 9


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("damage", ["truncated", "altered", "other"])
def test_broken_archives_name_the_file(tmp_path: Path, suffix: str, damage: str) -> None:
    whole = PACK[suffix](os.urandom(30_000))
    half = len(whole) // 2
    broken = {
        "truncated": whole[:-9],
        "altered": b"".join([whole[:4], b"\x00\xff\x01\x00", whole[8:half], b"\xff" * 9, whole[half + 9 :]]),
        "other": b"plain text, not packed at all\n" * 9,
    }
    path = tmp_path / f"x.txt{suffix}"
    path.write_bytes(broken[damage])
    with pytest.raises(BadInput, match=r"x\.txt"), open_input(str(path)) as stream:
        while stream.read(1 << 12):
            pass


def test_reads_are_heard_in_compressed_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(TEXT))
    heard: list[int] = []
    with open_input(str(path), heard.append) as stream:
        while stream.read(1 << 16):
            pass
    assert sum(heard) == path.stat().st_size
