from __future__ import annotations

import pytest
import torch
from nn.models import BACKBONES, RICH, small
from torch.nn.functional import one_hot

from cnchar.nn.config import LONGEST
from cnchar.train.export.deploy import example_inputs


def rows(model, lengths):
    """Inputs of these lengths, padded to the longest."""
    inputs = example_inputs(model, len(lengths), max(lengths))
    for row, length in enumerate(lengths):
        inputs["chars"][row] = torch.randint(1, model.config.symbols, (max(lengths),))
        inputs["chars"][row, length:] = 0
    return inputs


@pytest.mark.parametrize("changes", [{}, RICH], ids=["plain", "rich"])
@pytest.mark.parametrize("backbone", BACKBONES)
def test_a_sentence_scores_the_same_alone_and_in_a_batch(backbone, changes):
    model = small(backbone, **changes)
    lengths = [1, 2, 7, 13, 30]
    inputs = rows(model, lengths)
    together = model(**inputs).logits
    for row, length in enumerate(lengths):
        alone = model(**{name: value[row : row + 1, :length] for name, value in inputs.items()}).logits[0]
        torch.testing.assert_close(together[row, :length], alone, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("backbone", BACKBONES)
def test_what_stands_in_the_padding_of_other_inputs_does_not_matter(backbone):
    model = small(backbone, **RICH)
    inputs = rows(model, [4, 9])
    changed = {name: value.clone() for name, value in inputs.items()}
    changed["flags"][0, 4:] = 1
    changed["prior"][0, 4:] = 99.0
    torch.testing.assert_close(model(**inputs).logits[0, :4], model(**changed).logits[0, :4])


@pytest.mark.parametrize("backbone", BACKBONES)
def test_characters_see_each_other(backbone):
    model = small(backbone)
    inputs = rows(model, [6])
    other = inputs["chars"].clone()
    other[0, 4] = other[0, 4] % 40 + 1
    assert not torch.allclose(model(**inputs).logits[0, 3], model(other).logits[0, 3])


@pytest.mark.parametrize("positions", ["rotary", "learned"])
def test_a_transformer_knows_the_order_of_characters(positions):
    model = small("transformer", positions=positions)
    text = torch.tensor([[1, 2, 3, 4]])
    swapped = torch.tensor([[1, 3, 2, 4]])
    assert not torch.allclose(model(text).logits[0, 0], model(swapped).logits[0, 0], atol=1e-5)


def test_a_transformer_takes_as_much_as_it_says():
    assert small("transformer")(torch.ones(1, LONGEST, dtype=torch.long)).logits.shape == (1, LONGEST, 4)


def test_a_new_model_with_a_prior_says_what_the_prior_says():
    torch.manual_seed(0)
    config = small(prior=True).config
    prior = torch.randn(2, 5, 4)
    fresh = type(small())(config).eval()
    torch.testing.assert_close(fresh(torch.ones(2, 5, dtype=torch.long), prior=prior).logits, prior)


def test_soft_labels_that_are_certain_are_hard_labels():
    model = small()
    inputs = rows(model, [3, 5])
    targets = torch.randint(0, 4, (2, 5))
    targets[0, 3:] = -100
    soft = one_hot(targets.clamp(min=0), 4).float() * (targets >= 0)[..., None]
    hard_loss, soft_loss = (model(**inputs, targets=t).loss for t in (targets, soft))
    torch.testing.assert_close(hard_loss, soft_loss)


def test_the_loss_is_the_mean_over_labelled_characters():
    model = small()
    inputs = rows(model, [5])
    targets = torch.tensor([[0, -100, 2, -100, -100]])
    scores = model(**inputs).logits.log_softmax(-1)
    expected = -(scores[0, 0, 0] + scores[0, 2, 2]) / 2
    torch.testing.assert_close(model(**inputs, targets=targets).loss, expected)


def test_weights_weigh():
    model = small()
    inputs = rows(model, [2])
    targets = torch.tensor([[1, 3]])
    only_first = model(**inputs, targets=targets, weights=torch.tensor([[2.0, 0.0]])).loss
    masked = model(**inputs, targets=torch.tensor([[1, -100]])).loss
    torch.testing.assert_close(only_first, masked)


def test_the_same_seed_makes_the_same_model():
    for one, other in zip(small(seed=3).parameters(), small(seed=3).parameters(), strict=True):
        assert torch.equal(one, other)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("backbone", BACKBONES)
def test_cuda_says_what_the_cpu_says(backbone):
    model = small(backbone, **RICH)
    inputs = rows(model, [5, 12])
    expected = model(**inputs).logits
    found = model.cuda()(**{name: value.cuda() for name, value in inputs.items()}).logits.cpu()
    inside = inputs["chars"] > 0
    torch.testing.assert_close(found[inside], expected[inside], atol=1e-3, rtol=1e-3)
