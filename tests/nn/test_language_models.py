"""What makes a character model a language model: it does not look ahead, and scores all symbols."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from nn.models import BACKBONES, small
from torch import nn

from cnchar.nn.embeddings import OneHot
from cnchar.nn.heads import UNLABELLED
from cnchar.nn.model import CharacterModel
from cnchar.train.engine.presets import load_preset

LANGUAGE = {"head": "symbols", "labels": 50, "causal": True}
NGRAMS = {"bigrams": 64, "trigrams": 128}


def text(*shape):
    return torch.randint(1, 50, shape, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("backbone", BACKBONES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_a_later_character_never_changes_an_earlier_score(backbone, data):
    changes = {"kernel": data.draw(st.integers(1, 4)), "positions": data.draw(st.sampled_from(["rotary", "learned"]))}
    model = small(backbone, **LANGUAGE, **changes, **data.draw(st.sampled_from([{}, NGRAMS])))
    length = data.draw(st.integers(2, 24))
    at = data.draw(st.integers(1, length - 1))
    one = text(1, length)
    other = one.clone()
    other[:, at:] = (other[:, at:] + data.draw(st.integers(1, 48)) - 1) % 49 + 1
    torch.testing.assert_close(model(one).logits[:, :at], model(other).logits[:, :at], atol=1e-5, rtol=1e-5)
    assert not torch.allclose(model(one).logits[:, at], model(other).logits[:, at], atol=1e-5)


@pytest.mark.parametrize("backbone", BACKBONES)
def test_an_earlier_character_changes_a_later_score(backbone):
    model = small(backbone, **LANGUAGE)
    one, other = text(1, 8), text(1, 8)
    other[:, 4] = other[:, 4] % 49 + 1
    assert not torch.allclose(model(one).logits[0, 6], model(other).logits[0, 6], atol=1e-6)


@pytest.mark.parametrize("backbone", BACKBONES)
def test_a_causal_line_scores_the_same_alone_and_in_a_batch(backbone):
    model = small(backbone, **LANGUAGE)
    rows = text(3, 12)
    rows[0, 5:], rows[1, 1:] = 0, 0
    together = model(rows).logits
    for row, length in enumerate((5, 1, 12)):
        alone = model(rows[row : row + 1, :length]).logits[0]
        torch.testing.assert_close(together[row, :length], alone, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("ngrams", [{}, NGRAMS], ids=["characters", "n-grams"])
@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("backbone", ["cnn", "transformer"])
def test_lines_packed_into_one_row_do_not_see_each_other(backbone, causal, ngrams):
    model = small(backbone, **{**LANGUAGE, "causal": causal}, **ngrams, layers=5)
    lines = [text(1, n) for n in (3, 7, 2)]
    packed = torch.cat(lines, 1)
    texts = torch.repeat_interleave(torch.arange(3), torch.tensor([3, 7, 2]))[None]
    found = model(packed, texts=texts).logits
    alone = torch.cat([model(line).logits for line in lines], 1)
    torch.testing.assert_close(found, alone, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(model(packed).logits, alone, atol=1e-3)


def test_one_hot_vectors_times_a_matrix_are_an_embedding():
    one, other = small(one_hot=True, **LANGUAGE), small(**LANGUAGE)
    assert isinstance(one.embeddings.characters, OneHot) and not isinstance(other.embeddings.characters, OneHot)
    other.load_state_dict(one.state_dict())
    chars = text(3, 9)
    chars[0, 4:] = 0
    targets = chars.masked_fill(chars == 0, UNLABELLED)
    for model in (one, other):
        model(chars, targets=targets).loss.backward()
    torch.testing.assert_close(one(chars).logits, other(chars).logits)
    tables = [model.embeddings.characters.weight.grad for model in (one, other)]
    assert tables[0].abs().sum() > 0
    torch.testing.assert_close(*tables, atol=1e-6, rtol=1e-4)


@pytest.mark.parametrize(("preset", "embedding", "hidden"), [("charlm-lstm", 64, 128), ("charlm-lstm-256", 128, 256)])
def test_the_models_of_the_textbooks(preset, embedding, hidden):
    vocabulary = 100
    config = load_preset(preset).model_config(symbols=vocabulary, labels=vocabulary, head="symbols", causal=True)
    model = CharacterModel(config).eval()
    chars = torch.randint(1, vocabulary, (32, 20))
    assert model(chars).logits.shape == (32, 20, vocabulary)
    textbook = nn.ModuleList(
        [nn.Embedding(vocabulary, embedding), nn.LSTM(embedding, hidden, 2), nn.Linear(hidden, vocabulary)]
    )
    assert count(model) == count(textbook)
    layers = [layer.state_dict() for layer in model.backbone.onward]
    lstm = nn.LSTM(embedding, hidden, 2, batch_first=True)
    names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    lstm.load_state_dict({f"{name}_l{i}": layers[i][f"{name}_l0"] for i in (0, 1) for name in names})
    expected = model.output(lstm(model.embeddings.characters(chars))[0])
    torch.testing.assert_close(model(chars).logits, expected, atol=1e-5, rtol=1e-5)


def count(model):
    return sum(weight.numel() for weight in model.parameters())


def test_a_tied_model_has_one_table_and_learns_it_from_both_sides():
    model, loose = small(tied=True, embedding=16, **LANGUAGE), small(embedding=16, **LANGUAGE)
    assert count(loose) - count(model) == 50 * 16
    chars = text(2, 6)
    hidden = model.backbone(model.embeddings(chars, None, None), chars > 0)
    expected = hidden @ model.embeddings.characters.weight.T + model.output.bias
    torch.testing.assert_close(model(chars).logits, expected)
    model(chars, targets=chars).loss.backward()
    unseen = [symbol for symbol in range(1, 50) if symbol not in chars]
    assert model.embeddings.characters.weight.grad[unseen].abs().sum(1).all()


def test_only_what_is_asked_for_is_scored():
    model = small(**LANGUAGE)
    chars = text(2, 6)
    targets = torch.full((2, 6), UNLABELLED)
    targets[0, 3], targets[1, 5] = 7, 9
    out = model(chars, targets=targets)
    whole = model(chars).logits
    assert out.logits.shape == (0, model.config.labels)
    own = whole.log_softmax(-1)
    torch.testing.assert_close(out.loss, -(own[0, 3, 7] + own[1, 5, 9]) / 2)
    weights = torch.zeros(2, 6)
    weights[0, 3] = 3.0
    torch.testing.assert_close(model(chars, targets=targets, weights=weights).loss, -own[0, 3, 7])


def test_the_names_of_weights_are_those_of_older_models():
    names = set(small("lstm", layers=1).state_dict())
    assert {n for n in names if n.startswith("embeddings")} == {
        "embeddings.characters.weight",
        "embeddings.project.weight",
        "embeddings.project.bias",
    }
    assert {"backbone.onward.0.weight_hh_l0", "backbone.backward.0.weight_hh_l0", "output.weight"} <= names
