"""Character vectors of every kind of model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from nn.models import small
from toy_lm import VOCAB, V, write_lm, write_torch_lm

from cnchar.errors import BadBundle, BadInput
from cnchar.train.export.compact import compact_onnx
from cnchar.train.export.deploy import onnx_bytes
from cnchar.train.export.vectors import CharacterVectors, read_vectors

SQUARE = CharacterVectors(("东", " ", "西", "天"), np.array([[1, 0], [0.5, 0.001], [-2, 0], [0, 0]], np.float32))


def test_the_nearest_point_the_same_way() -> None:
    assert [character for character, _ in SQUARE.nearest("东")] == [" ", "天", "西"]
    assert [cosine for _, cosine in SQUARE.nearest("东")] == pytest.approx([1, 0, -1], abs=1e-5)
    assert len(SQUARE.nearest("东", 1)) == 1
    with pytest.raises(BadInput, match="'人' is none of the 4 characters"):
        SQUARE.nearest("人")


def test_the_text_has_a_token_and_its_numbers_a_line() -> None:
    first, *lines = [line.split(" ") for line in "".join(SQUARE.lines()).splitlines()]
    assert first == ["4", "2"]
    assert [line[0] for line in lines] == ["东", r"\u0020", "西", "天"]
    np.testing.assert_allclose([list(map(float, line[1:])) for line in lines], SQUARE.vectors)


def test_rows_of_a_language_model(tmp_path: Path) -> None:
    """Its list of characters begins with the special symbols, which are left out."""
    found = read_vectors(str(write_torch_lm(tmp_path / "lm")))
    table = small("lstm", symbols=V, labels=V, causal=True, head="symbols").embeddings.characters.weight
    assert found.characters == VOCAB.characters
    np.testing.assert_array_equal(found.vectors, table.detach()[len(VOCAB.specials) :])


@pytest.mark.slow
def test_rows_of_a_graph_whole_and_compact(tmp_path: Path) -> None:
    model = small("gru", symbols=V, labels=V, causal=True, head="symbols", embedding=128, hidden=128, tied=True)
    table = model.embeddings.characters.weight.detach()[len(VOCAB.specials) :]
    graph, vocab = onnx_bytes(model), VOCAB.dumps().encode()
    for each, off in ((graph, 0), (compact_onnx(graph), 0.01)):
        folder = write_lm(tmp_path / "lm", {"vocab.txt": vocab, "model.onnx": each}, model=model.config.as_dict())
        np.testing.assert_allclose(read_vectors(str(folder)).vectors, table, atol=off)


def test_rows_of_a_shipped_segmenter() -> None:
    """Whatever it was trained on, numbers in words are alike."""
    found = read_vectors("segment-accurate")
    assert found.vectors.shape == (len(found.characters), 64)
    assert {character for character, _ in found.nearest("五", 8)} & set("一二三四六七八九")


@pytest.mark.parametrize(
    ("model", "files", "told"),
    [
        ("segment-fast", None, "a model of tables has no character vectors"),
        (None, {"model.onnx": b"x"}, "not weights of a model"),
        (None, None, "reads no characters"),
    ],
)
def test_models_without_vectors(tmp_path: Path, model: str | None, files: dict[str, bytes] | None, told: str) -> None:
    with pytest.raises(BadBundle, match=told):
        read_vectors(model or str(write_lm(tmp_path / "lm", files)))
