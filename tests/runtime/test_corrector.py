"""The corrector from Python, with a toy network whose answers can be worked out."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from conftest import run_python
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_correct import toy_config, toy_network, write_corrector

import cnchar
from cnchar.runtime import corrector as module
from cnchar.runtime.corrector import Corrector, load_corrector
from cnchar.tasks.fluency import TABLES
from cnchar.text.normalise import is_hanzi
from cnchar.text.terms import Terms
from cnchar.text.untouched import free_places

TEXT = "我今天非常高心，因为明天要去背京。"
RIGHT = "我今天非常高兴，因为明天要去北京。"
ANY = st.text(st.sampled_from("高心背京颜值我门因位很。，1a \n@[]/`<>") | st.characters(), max_size=80)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corrector(tmp_path_factory.mktemp("models") / "toy")


@pytest.fixture(scope="module")
def correct(folder: Path) -> Corrector:
    return cnchar.load("correct", str(folder), threads=1)


def test_one_line(correct: Corrector) -> None:
    found = correct(TEXT)
    assert (found.source, found.text) == (TEXT, RIGHT)
    assert [(edit.start, edit.source, edit.target, edit.kind) for edit in found.edits] == [
        (6, "心", "兴", "other"),
        (14, "背", "北", "sound"),
    ]
    assert (correct.name, correct.version) == ("toy-correct", "2")


@settings(deadline=None, max_examples=150)
@given(text=ANY)
def test_nothing_is_lost_and_nothing_touched_that_should_not_be(correct: Corrector, text: str) -> None:
    found = correct(text)
    free = free_places(text)
    assert found.source == text and len(found.text) == len(text)
    end = 0
    for edit in found.edits:
        assert edit.start >= end and found.text[edit.start : edit.end] == edit.target
        assert text[edit.start : edit.end] == edit.source != edit.target
        assert all(free[edit.start : edit.end]) and all(map(is_hanzi, edit.target))
        assert 0.5 <= edit.score <= 1
        end = edit.end
    assert found.above(1.1).text == text


@settings(deadline=None, max_examples=50)
@given(texts=st.lists(ANY, max_size=5))
def test_many_texts_are_corrected_as_one_by_one(correct: Corrector, texts: list[str]) -> None:
    assert list(correct(iter(texts))) == [correct(text) for text in texts]


@settings(deadline=None, max_examples=50)
@given(lines=st.lists(ANY.map(lambda text: text.replace("\n", "")), min_size=1, max_size=5))
def test_a_text_of_many_lines_is_corrected_line_by_line(correct: Corrector, lines: list[str]) -> None:
    whole = correct("\n".join(lines))
    assert whole.text.split("\n") == [correct(line).text for line in lines]
    assert all(whole.source[edit.start : edit.end] == edit.source for edit in whole.edits)


@settings(deadline=None, max_examples=50)
@given(words=st.lists(st.sampled_from(["高心", "背京", "我门", "颜值", "因位", "很", "。", " a"]), max_size=60))
def test_windows_and_pieces_equal_the_whole(folder: Path, words: list[str]) -> None:
    text = "".join(words)
    small, whole = load_corrector(str(folder), threads=1), load_corrector(str(folder), threads=1)
    object.__setattr__(whole.parts, "max_length", 200)
    expected = whole(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK_CHARS", 20)
        patch.setattr(module, "MARGIN", 8)
        found = small(text)
    assert found.text == expected.text
    assert [edit.score for edit in found.edits] == pytest.approx([edit.score for edit in expected.edits], abs=1e-3)


def test_a_text_without_end_is_read_as_it_comes(correct: Corrector) -> None:
    def endless() -> Iterator[str]:
        while True:
            yield TEXT

    assert next(correct(endless())).text == RIGHT


def test_protected_words_and_markup(folder: Path) -> None:
    text = "颜值很高，`背京`，背京"
    assert load_corrector(str(folder))(text).text == "燕值很高，`北京`，北京"
    assert load_corrector(str(folder), protect=["颜值"])(text).text == "颜值很高，`北京`，北京"
    assert load_corrector(str(folder), markup="markdown")(text).text == "燕值很高，`背京`，北京"
    fenced = "```\n背京\n```\n背京"
    assert load_corrector(str(folder), markup="markdown")(fenced).text == "```\n背京\n```\n北京"
    assert list(load_corrector(str(folder), markup="markdown")([fenced, "背京"]))[1].text == "北京"


@settings(deadline=None, max_examples=50)
@given(text=ANY, words=st.lists(st.text("高心背京颜值我门", min_size=1, max_size=2), max_size=3))
def test_protected_words_are_never_changed(correct: Corrector, text: str, words: list[str]) -> None:
    guarded = Corrector(correct.parts, correct.network, correct.batch_chars, protect=Terms(words))
    found = guarded(text)
    for word in words:
        at = text.find(word)
        while at >= 0:
            assert found.text[at : at + len(word)] == word
            at = text.find(word, at + 1)


def test_threads_agree(correct: Corrector) -> None:
    lines = [f"第{n}行，{TEXT}" for n in range(50)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(correct, lines)) == list(map(correct, lines))


def test_what_stands_beside_a_pair_of_the_user_is_judged_by_what_is_meant(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "pairs").write_text("晶\t京\n位\t京\t0.1\n", encoding="utf-8")
    correct = load_corrector(str(folder), confusion=tmp_path / "pairs")
    assert correct("背晶").text == "北京" and correct("背位").text == "背位"
    assert [edit.source for edit in correct("背晶").edits] == ["背", "晶"]


def test_files_of_words(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "terms").write_text("\ufeff# names\r\n颜值\r\n", encoding="utf-8")
    (tmp_path / "pairs").write_text("\ufeff明天\t今天\r\n", encoding="utf-8")
    correct = load_corrector(str(folder), protect=tmp_path / "terms", confusion=str(tmp_path / "pairs"))
    assert correct("颜值明天").text == "颜值今天"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"protect": "/nowhere"}, "no such file of words to protect"),
        ({"confusion": "/nowhere"}, "no such file of confusion pairs"),
        ({"min_confidence": 2}, "--min-confidence"),
        ({"device": "cuda"}, "CUDA"),
    ],
)
def test_bad_options(folder: Path, options: dict[str, object], message: str) -> None:
    with pytest.raises(cnchar.CncharError, match=message):
        load_corrector(str(folder), **options)  # type: ignore[arg-type]


def test_files_that_are_not_text(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bad").write_bytes(b"\xff\xfe")
    for option in ("protect", "confusion"):
        with pytest.raises(cnchar.CncharError, match="not UTF-8"):
            load_corrector(str(folder), **{option: str(tmp_path / "bad")})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "files"),
    [
        ({"task": "segment"}, {}),
        ({"architecture": "lookup-tagger"}, {}),
        ({"decision": {}}, {}),
        ({"thresholds": {}}, {}),
        ({"fluency": "toy-nowhere"}, {}),
        ({"fluency": 3}, {}),
        ({"model": {**toy_config()["model"], "symbols": 9, "labels": 9}}, {}),
        ({}, {"model.onnx": b"no graph"}),
        ({}, {"model.onnx": toy_network().replace(b"typed", b"taped")}),
        ({}, {"vocab.txt": b"a\n"}),
        ({}, {"confusions.tsv": "门\t们\n".encode()}),
        ({}, {"confusions.tsv": "我门\t我们\t3\n".encode()}),
        ({}, {"confusions.tsv": "门\t们\t²\n".encode()}),
        ({}, {"confusions.tsv": "门\t们\t3\t4\n".encode()}),
        ({}, {"confusions.tsv": b"\xff\t\xfe\t1\n"}),
        ({"decision": toy_config()["decision"] | {"gain": float("inf")}}, {}),
    ],
)
def test_broken_models_are_told(tmp_path: Path, changes: dict[str, object], files: dict[str, bytes]) -> None:
    with pytest.raises(cnchar.CncharError, match=r"toy|segment"):
        load_corrector(str(write_corrector(tmp_path / "toy", changes, files)))


def test_the_tables_have_a_say(tmp_path: Path) -> None:
    toy = toy_config()
    weights = toy["decision"] | {"fluency": 1.0}
    with_tables = load_corrector(str(write_corrector(tmp_path / "toy", {"fluency": TABLES, "decision": weights})))
    without = load_corrector(str(write_corrector(tmp_path / "deaf", {"decision": weights})))
    assert without("颜值很高").text == "燕值很高"
    assert with_tables("颜值很高").text == "颜值很高"
    assert with_tables(TEXT).text == RIGHT


def test_what_people_type_for_what_has_a_say(tmp_path: Path) -> None:
    toy = toy_config()
    decision = {"decision": toy["decision"] | {"always": -15.0, "confused": 4.0}}
    known = {"confusions.tsv": "心\t兴\t9\n鬱\t兴\t9\n".encode()}
    assert load_corrector(str(write_corrector(tmp_path / "toy", decision, known)))(TEXT).text == TEXT.replace(
        "心", "兴"
    )
    assert load_corrector(str(write_corrector(tmp_path / "none", decision)))(TEXT).text == TEXT


def test_a_network_without_numbers_is_told(tmp_path: Path) -> None:
    graph = toy_network().replace(np.float32(7.0).tobytes(), np.float32(np.nan).tobytes())
    with pytest.raises(cnchar.CncharError, match="no numbers"):
        load_corrector(str(write_corrector(tmp_path / "toy", files={"model.onnx": graph})))("高心")


def test_a_model_without_a_graph_runs_in_pytorch(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save

    from cnchar.nn.config import ModelConfig
    from cnchar.nn.model import CharacterModel
    from cnchar.nn.suggestions import Suggestions

    config = ModelConfig.from_dict(
        {**toy_config()["model"], "backbone": "cnn", "embedding": 8, "hidden": 8, "layers": 1}
    )
    torch.manual_seed(1)
    network = CharacterModel(config).eval()
    weights = save({name: tensor.contiguous() for name, tensor in network.state_dict().items()})
    folder = write_corrector(tmp_path / "toy", {"model": config.as_dict()}, {"weights.safetensors": weights})
    correct = load_corrector(str(folder), min_confidence=0)
    chars = np.array([[6, 7, 8]], np.int64)
    flags = np.zeros((1, 3, 1), np.int64)
    said = correct.network({"chars": chars, "flags": flags})
    with torch.inference_mode():
        expected = Suggestions(network)(torch.from_numpy(chars), torch.from_numpy(flags))
    for one, other in zip(said, expected, strict=True):
        np.testing.assert_allclose(one, other.numpy(), rtol=1e-5)
    assert len(correct(TEXT).text) == len(TEXT)


def test_torch_is_not_loaded(folder: Path) -> None:
    code = f"import cnchar; cnchar.load('correct', {str(folder)!r})({TEXT!r}); import sys; print(*sys.modules)"
    ran = run_python("-c", code)
    assert ran.code == 0, ran.message
    assert {"torch", "jieba", "rich"}.isdisjoint(ran.text.split())
