"""A segmenter that begins with a pretrained language model: what it takes over, and that it serves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from toy_language import lines, write_text
from toy_verse import SMALL

from cnchar import load
from cnchar.errors import BadInput
from cnchar.lookup.symbols import DIGIT, FIRST_CHARACTER, LETTER, SEPARATOR, UNKNOWN_HANZI, UNKNOWN_OTHER
from cnchar.text.vocab import Vocab
from cnchar.train.language.learn import train_language
from cnchar.train.language.options import PretrainOptions
from cnchar.train.language.write import Finished
from cnchar.train.segment.characters import Characters
from cnchar.train.segment.options import SegmenterOptions
from cnchar.train.segment.segmenter import train_segmenter
from cnchar.train.segment.start import from_model
from cnchar.train.segment.transfer import character_rows, segmenter_weights

QUICK = ["threads=1", "device=cpu", "batch_chars=200"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """Pretrained on the toy language without its spaces."""
    folder = tmp_path_factory.mktemp("base")
    text = folder / "raw.txt"
    text.write_text("".join(line.replace(" ", "") + "\n" for line in lines(400, 7)), encoding="utf-8")
    asked = PretrainOptions((str(text),), objective="masked")
    return train_language(asked, folder / "run", changes=SMALL, quiet=True)


def test_rows_of_characters_and_of_what_stands_for_several() -> None:
    vocab = Vocab("我0们1a")
    table = torch.randn(len(vocab), 3)
    rows = character_rows(table, vocab, Characters(("我", "们"), {}))
    of = {c: table[vocab.encode(c)[0]] for c in "我0们1a龘"}
    expected = {
        SEPARATOR: table[0],
        UNKNOWN_HANZI: of["龘"],
        UNKNOWN_OTHER: of["龘"],
        DIGIT: (of["0"] + of["1"]) / 2,
        LETTER: of["a"],
        FIRST_CHARACTER: of["我"],
        FIRST_CHARACTER + 1: of["们"],
    }
    assert len(rows) == len(expected)
    for symbol, row in expected.items():
        torch.testing.assert_close(rows[symbol], row)


def test_the_last_layer_is_left_behind() -> None:
    vocab = Vocab("我")
    weights = {name: torch.ones(6, 2) for name in ("embeddings.characters.weight", "backbone.a", "output.weight")}
    taken = segmenter_weights(weights, vocab, Characters(("我",), {}))
    assert set(taken) == {"embeddings.characters.weight", "backbone.a"}


def test_a_segmenter_that_begins_with_a_language_model(base: Finished, tmp_path: Path) -> None:
    train, dev = write_text(tmp_path / "train.txt", 200, 1), write_text(tmp_path / "dev.txt", 40, 2)
    asked = SegmenterOptions((str(train),), (str(dev),), start=str(base.folder))
    done = train_segmenter(asked, tmp_path / "run", changes=[*QUICK, "lr=0.01"], quiet=True)
    assert done.scores["f1"] > 0.95
    segment = load("segment", model=str(done.folder))
    words = [" ".join(segment(line.replace(" ", "")).words) for line in lines(40, 2)]
    assert done.development.score(words)["f1"] == pytest.approx(done.scores["f1"], abs=1e-9)
    record = json.loads((done.folder / "run.json").read_text(encoding="utf-8"))
    assert record["config"]["train"]["epochs"] == 12  # of the preset pretrained
    assert record["config"]["model"]["backbone"] == "gru" and "--from" in record["data"]
    assert (
        f"the model {base.name}@1" in json.loads((done.folder / "config.json").read_text(encoding="utf-8"))["sources"]
    )


def test_it_begins_with_the_weights_of_the_language_model(base: Finished) -> None:
    start = from_model(str(base.folder), None)
    assert start.pretrained and start.model is not None and start.weights is not None
    assert (start.model.labels, start.model.head, start.model.symbols) == (4, "softmax", start.characters.symbols)
    assert (start.max_length, start.overlap, start.standard) == (40, 10, "own")
    assert "output.bias" not in start.weights and "backbone.onward.0.weight_hh_l0" in start.weights


def test_its_network_keeps_its_shape(base: Finished, tmp_path: Path) -> None:
    asked = SegmenterOptions((str(write_text(tmp_path / "train.txt", 50, 1)),), start=str(base.folder))
    with pytest.raises(BadInput, match="its hidden cannot be set: use --preset pretrained"):
        train_segmenter(asked, tmp_path / "run", changes=["hidden=64"])


def test_a_causal_model_is_refused(base: Finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnchar.train.export.deploy.onnx_bytes", lambda model: b"")
    text = str(base.text.shards[0].source)
    causal = train_language(PretrainOptions((text,)), tmp_path / "lm", changes=[*SMALL, "max_steps=1"], quiet=True)
    with pytest.raises(BadInput, match="--objective masked"):
        from_model(str(causal.folder), None)
