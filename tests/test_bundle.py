"""A model folder is whole or it is refused, in one sentence; nothing in it is ever executed."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import RunCommand
from toy_bundle import CONFIG, toy_files, write_toy

import cnchar
from cnchar.bundle import CARD, FORMAT_VERSION, array_bytes, open_bundle, resolve, sha256, shipped, size_of
from cnchar.errors import BadBundle

LINE = "他来到了网易杭研大厦"
PKU = CONFIG["standards"]["pku"]


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    return write_toy(tmp_path / "toy")


def edit(folder: Path, **changes: Any) -> None:
    """Write keys of the config as they are given."""
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_bytes()) | changes), encoding="utf-8")


def with_pku(**changes: Any) -> dict[str, Any]:
    return {"standards": {"pku": PKU | changes}}


def test_a_whole_bundle(toy: Path) -> None:
    bundle = open_bundle(toy, "segment", ("lookup-tagger",))
    assert (bundle.name, bundle.version, bundle.config["format_version"]) == ("toy", 7, FORMAT_VERSION)
    assert bundle.lines("fold.tsv")[0] == "來\t来"
    assert bundle.array("pku.hashed.npy", "uint32").shape == (1 << 10,)
    assert set(bundle.config["files"]) == {path.name for path in toy.iterdir()} - {"config.json", CARD}
    with pytest.raises(BadBundle, match="lists no file other"):
        bundle.path("other")
    with pytest.raises(BadBundle, match="expected int8 weights"):
        bundle.array("pku.hashed.npy", "int8")
    with pytest.raises(BadBundle, match="'standard' is missing or not a int"):
        bundle.get("standard", int)


def test_a_bundle_serves_at_once(toy: Path) -> None:
    segmenter = cnchar.load("segment", model=str(toy))
    assert (segmenter.name, segmenter.version) == ("toy", "7")
    assert "".join(segmenter(LINE).words) == LINE


def test_weights_are_mapped_not_read(toy: Path) -> None:
    array = open_bundle(toy, "segment", ("lookup-tagger",)).array("pku.hashed.npy", "uint32")
    assert isinstance(array, np.memmap)


def test_equal_files_make_equal_bundles(toy: Path, tmp_path: Path) -> None:
    again = write_toy(tmp_path / "again")
    assert {p.name: p.read_bytes() for p in toy.iterdir()} == {p.name: p.read_bytes() for p in again.iterdir()}


def test_names_and_folders(toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert resolve("fast", "segment") == resolve("segment-fast", "segment")
    assert resolve(str(toy), "segment") == toy
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fast").mkdir()
    assert resolve("./fast", "segment") == Path("fast")
    assert resolve("fast", "segment").name == "segment-fast"
    with pytest.raises(BadBundle, match="shipped are correct, pinyin2hanzi, segment-accurate, segment-fast"):
        resolve("slow", "segment")
    assert all(size_of(name) > 0 for name, _ in shipped())


class Evil:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Path]]:
        return Path.touch, (self.mark,)


def pickled_array(mark: Path) -> bytes:
    import io

    stream = io.BytesIO()
    np.save(stream, np.array([Evil(mark)], dtype=object), allow_pickle=True)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["pku.hashed.npy", "lexicon.npy", "register.npy", "gate.npy", "vocab.txt"])
@pytest.mark.parametrize("kind", ["pickle", "object array"])
def test_a_pickle_with_the_right_checksum_is_refused(
    tmp_path: Path, cnchar_here: RunCommand, name: str, kind: str
) -> None:
    mark = tmp_path / "mark"
    data = pickle.dumps(Evil(mark)) if kind == "pickle" else pickled_array(mark)
    refused(write_toy(tmp_path / "toy", {name: data}), cnchar_here)
    assert not mark.exists()


def refused(folder: Path, cnchar_here: RunCommand, *mentions: str) -> None:
    """The command ends with 2, one plain sentence, and writes nothing."""
    source, out = folder.parent / "in.txt", folder.parent / "out.txt"
    source.write_text(LINE, encoding="utf-8")
    ran = cnchar_here("segment", source, "--model", f"{folder}/", "-o", out)
    assert (ran.code, ran.out, out.exists()) == (2, b"", False), ran.message
    assert ran.message.count("\n") == 1
    assert ran.message.startswith("cnchar: ")
    assert ran.message.endswith(".\n")
    assert len(ran.message) < 400 + 2 * len(str(folder))
    assert str(folder) in ran.message
    assert "pickle" not in ran.message.replace(str(folder), "")
    for mention in mentions:
        assert mention in ran.message


@pytest.mark.parametrize("name", sorted(toy_files()))
def test_a_missing_file(toy: Path, cnchar_here: RunCommand, name: str) -> None:
    (toy / name).unlink()
    refused(toy, cnchar_here, name, "missing")


@pytest.mark.parametrize("name", sorted(toy_files()))
@pytest.mark.parametrize("cut", [0, 20, -1])
def test_a_truncated_file(toy: Path, cnchar_here: RunCommand, name: str, cut: int) -> None:
    (toy / name).write_bytes((toy / name).read_bytes()[:cut])
    refused(toy, cnchar_here, name)


def test_an_altered_file(toy: Path, cnchar_here: RunCommand) -> None:
    data = bytearray((toy / "pku.hashed.npy").read_bytes())
    data[-1] ^= 1
    (toy / "pku.hashed.npy").write_bytes(data)
    refused(toy, cnchar_here, "pku.hashed.npy", "altered")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/b", "", ".", "..", "..\\x", "x\0y", "config.json/.."])
def test_hostile_file_names(toy: Path, cnchar_here: RunCommand, name: str) -> None:
    (toy.parent / "secret").write_bytes(b"")
    files = json.loads((toy / "config.json").read_bytes())["files"]
    edit(toy, files={**files, name: sha256(toy.parent / "secret")})
    refused(toy, cnchar_here)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format_version": 1}', "[" * 100_000, "\xff", "{'a': 1}"])
def test_a_config_that_is_none(toy: Path, cnchar_here: RunCommand, text: str) -> None:
    (toy / "config.json").write_bytes(text.encode("latin-1"))
    refused(toy, cnchar_here, "config.json")


@pytest.mark.parametrize(
    "changes",
    [
        {"format_version": 2}, {"format_version": -1}, {"format_version": 10**400}, {"format_version": "1"},
        {"name": 5}, {"version": None}, {"version": "x"}, {"task": "tag"}, {"task": None}, {"architecture": "bert"},
        {"architecture": ["lookup-tagger"]}, {"files": []}, {"files": {}}, {"files": {"vocab.txt": 5}},
        {"files": {"vocab.txt": "0" * 64}}, {"standard": "msr"}, {"standard": 5}, {"standard": None},
        {"standards": []}, {"standards": {}}, {"standards": {"pku": None}}, {"standards": {"pku": []}},
        {"standards": {"pku": {}}}, {"standards": {"pku": PKU, "../x": PKU}, "standard": "../x"},
    ],
    ids=lambda changes: str(changes)[:50],
)  # fmt: skip
def test_a_config_of_unknown_parts(toy: Path, cnchar_here: RunCommand, changes: dict[str, Any]) -> None:
    edit(toy, **changes)
    refused(toy, cnchar_here)


@pytest.mark.parametrize(
    "changes",
    [
        {"scale": 0}, {"scale": -20.0}, {"scale": float("nan")}, {"scale": float("inf")}, {"scale": "x"},
        {"scale": None}, {"scale": 10**400}, {"without": ["no such template"]}, {"without": 7}, {"without": [[]]},
        {"register_margin": "x"}, {"register_margin": 10**30}, {"register_margin": -(10**30)},
        {"register_margin": float("nan")}, {"register_margin": None},
    ],
    ids=str,
)  # fmt: skip
def test_numbers_that_cannot_be(toy: Path, cnchar_here: RunCommand, changes: dict[str, Any]) -> None:
    edit(toy, **with_pku(**changes))
    refused(toy, cnchar_here)


def sized(count: int, dtype: str = "uint32", ndim: int = 1) -> bytes:
    return array_bytes(np.zeros((count,) * ndim, dtype))


HUGE_HEADER = b"\x93NUMPY\x01\x00v\x00" + (
    "{'descr': '<u4', 'fortran_order': False, 'shape': (%s,), }" % 10**18
).encode().ljust(117) + b"\n"  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pku.hashed.npy", sized(0)), ("pku.hashed.npy", sized(1000)), ("pku.hashed.npy", sized(1)),
        ("pku.hashed.npy", sized(8, ndim=2)), ("pku.hashed.npy", sized(1024, "float64")),
        ("pku.hashed.npy", HUGE_HEADER), ("pku.hashed.npy", b""), ("pku.hashed.npy", b"PK\x03\x04 a broken zip"),
        ("pku.hashed.npy", b"\x93NUMPY\x09\x00"), ("pku.hashed.npy", b"\x93NUMPY\x01\x00\x06\x00{'a':\n"),
        ("pku.direct.npy", sized(0)), ("pku.direct.npy", sized(100)), ("register.npy", sized(0)),
        ("register.npy", sized(100)), ("gate.npy", sized(16, "uint8")), ("gate.npy", sized(16, "uint16")),
        ("lexicon.npy", sized(0, "uint16")), ("lexicon.npy", sized(100, "uint16")),
        ("vocab.txt", b"\xff\xfe"), ("vocab.txt", "词语\n".encode()), ("vocab.txt", "\U0010ffff\n".encode()),
        ("vocab.txt", "一\n".encode() * 9000), ("fold.tsv", b"no tab\n"), ("fold.tsv", b"a\tb\tc\n"),
        ("fold.tsv", "\U0010ffff\t一\n".encode()), ("fold.tsv", "來來\t来\n".encode()), ("fold.tsv", "來\t\n".encode()),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)}:{value[:12]!r}",
)  # fmt: skip
def test_tables_that_do_not_fit(tmp_path: Path, cnchar_here: RunCommand, name: str, data: bytes) -> None:
    refused(write_toy(tmp_path / "toy", {name: data}), cnchar_here)


def test_a_folder_without_a_model(tmp_path: Path, cnchar_here: RunCommand) -> None:
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", cnchar_here, "config.json")
    refused(tmp_path / "nowhere", cnchar_here, "no such model")


def test_eval_refuses_it_too(toy: Path, cnchar_here: RunCommand) -> None:
    (toy / "gate.npy").unlink()
    gold = toy.parent / "gold.txt"
    gold.write_text("他 来到\n", encoding="utf-8")
    ran = cnchar_here("eval", "segment", "--gold", gold, "--model", toy)
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    assert "gate.npy: missing" in ran.message
