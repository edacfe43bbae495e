"""Opening a model of pinyin2hanzi: small ones that work, and broken ones that are told in a sentence."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import RunCommand
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_pinyin import toy_tables, write_pinyin

import cnchar
from cnchar.bundle import array_bytes
from cnchar.errors import CncharError
from cnchar.pinyin.syllables import SYLLABLES
from cnchar.runtime.converter import Converter
from cnchar.tasks.pinyin_tables import table_files
from cnchar.text.normalise import is_hanzi


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return table_files(toy_tables())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pinyin(tmp_path_factory.mktemp("toy") / "model")


def test_a_small_model(folder: Path) -> None:
    convert = cnchar.load("pinyin2hanzi", model=str(folder))
    assert (convert.name, convert.version) == ("toy-pinyin", "3")
    assert convert("women mingtian qu beijing kai hui").hanzi == "我们明天去北京开会"
    assert convert("nǐ hǎo, wo3 de iPhone huai le!").hanzi == "你好, 我的 iPhone 坏了!"


def test_many_lines_are_searched_some_at_a_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    convert = cnchar.load("pinyin2hanzi", model=str(folder), nbest=2)
    lines = ["ni hao", "", "xian", "zhongguo de beijing", "iPhone", "wo men " * 100] * 3
    found = list(convert(lines))
    monkeypatch.setattr("cnchar.runtime.pinyin_search.BATCH_EDGES", 3)
    assert list(convert(lines)) == found


def test_a_model_of_another_task(run_cnchar: RunCommand, tmp_path: Path) -> None:
    ran = run_cnchar("pinyin2hanzi", "--model", "segment-fast", given=b"ni hao\n")
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)
    ran = run_cnchar("pinyin2hanzi", "--model", tmp_path, given=b"ni hao\n")
    assert (ran.code, ran.out, ran.message.count("\n")) == (2, b"", 1)


SYLLABLE = st.tuples(st.sampled_from(SYLLABLES), st.sampled_from(["", "1", "2", "3", "4", "5"])).map("".join)
MIXED = st.lists(st.one_of(SYLLABLE, st.sampled_from(["", " ", "，", "中国", "A", "3.", "g", "nh"])), max_size=9).map(
    "".join
)


@settings(deadline=None, max_examples=100)
@given(lines=st.lists(MIXED, max_size=5), options=st.fixed_dictionaries({"abbreviations": st.booleans()}))
def test_whatever_is_pinyin_becomes_hanzi(folder: Path, lines: list[str], options: dict[str, bool]) -> None:
    convert = _load_once(folder, **options)
    for text, line in zip(lines, convert(lines), strict=True):
        spans = line.candidates[0].spans
        for start, stop in convert.read(text).pinyin:
            assert any(start <= begin and end <= stop for begin, end in spans)
        assert len(line.candidates[0].hanzi) == len(spans)
        assert all(is_hanzi(hanzi) for hanzi in line.candidates[0].hanzi)


@cache
def _load_once(folder: Path, **options: bool) -> Converter:
    return cnchar.load("pinyin2hanzi", model=str(folder), nbest=2, erhua=True, loose_umlaut=True, **options)


def test_look_ups_need_no_cuda(folder: Path) -> None:
    with pytest.raises(CncharError, match="--device cuda"):
        cnchar.load("pinyin2hanzi", model=str(folder), device="cuda")


NAMES = ["words.npy", "words.scores.npy", "grams.npy", "tones.npy"]


@pytest.mark.parametrize("name", [*NAMES, "units.tsv"])
def test_files_that_are_not_what_they_should_be(tmp_path: Path, files: dict[str, bytes], name: str) -> None:
    data = files[name]
    for number, broken in enumerate((b"", data[: len(data) // 2 + 1], b"\x80\x04.", b"\xff" * 300)):
        _must_be_refused(write_pinyin(tmp_path / str(number), {name: broken}))


@pytest.mark.parametrize("name", NAMES)
def test_arrays_of_other_types_and_sizes(tmp_path: Path, files: dict[str, bytes], name: str) -> None:
    array = np.load(io.BytesIO(files[name]))
    changed = [array[..., :0], array[..., :-1], array[None], array.astype(np.float64), np.append(array, array[..., :1])]
    for number, broken in enumerate(changed):
        _must_be_refused(write_pinyin(tmp_path / str(number), {name: array_bytes(broken)}))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ["lowest", "highest", "nan"])
def test_arrays_with_hostile_numbers(tmp_path: Path, files: dict[str, bytes], name: str, value: str) -> None:
    """Such a model is refused, or it gives nonsense; it never fails while it works."""
    array = np.load(io.BytesIO(files[name]))
    limits: Any = np.iinfo(array.dtype) if array.dtype.kind in "iu" else np.finfo(array.dtype)
    if value == "nan":
        array[..., len(array) // 2] = np.nan if array.dtype.kind == "f" else 7
    else:
        array[..., 1::3] = limits.min if value == "lowest" else limits.max
    _may_be_refused(write_pinyin(tmp_path / "model", {name: array_bytes(array)}))


@pytest.mark.parametrize(
    "config",
    [
        {"boosts": None}, {"boosts": [1]}, {"boosts": [["x"] * 16] * 3}, {"boosts": [[float("nan")] * 16] * 3},
        {"network_weight": "1"}, {"network_weight": None}, {"architecture": "lookup-tagger"}, {"task": "segment"},
    ],
)  # fmt: skip
def test_configs_that_cannot_be_meant(tmp_path: Path, config: dict[str, Any]) -> None:
    _must_be_refused(write_pinyin(tmp_path / "model", **config))


def _must_be_refused(folder: Path) -> None:
    with pytest.raises(CncharError) as caught:
        cnchar.load("pinyin2hanzi", model=str(folder))
    assert str(folder) in str(caught.value)


def _may_be_refused(folder: Path) -> None:
    try:
        convert = cnchar.load("pinyin2hanzi", model=str(folder))
    except CncharError as error:
        assert str(folder) in str(error)
        return
    assert convert("zhongguo ren, 3").hanzi.endswith(", 3")
