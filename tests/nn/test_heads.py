from __future__ import annotations

from itertools import pairwise, product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy, linear

from cnchar.nn import heads
from cnchar.nn.heads import UNLABELLED, CrfHead, GroupsHead, SoftmaxHead, symbol_loss


def total(scores, transitions, labels):
    """What one labeling is worth: its labels' scores and its steps."""
    steps = sum(transitions[a, b] for a, b in pairwise(labels))
    return sum(scores[t, label] for t, label in enumerate(labels)) + steps


def brute_partition(scores, transitions, allowed=None):
    paths = product(*(allowed or [range(scores.shape[1])] * len(scores)))
    return torch.logsumexp(torch.stack([total(scores, transitions, path) for path in paths]), 0)


def random_case(seed, lengths, labels=3):
    torch.manual_seed(seed)
    head = CrfHead(labels)
    torch.nn.init.normal_(head.transitions)
    scores = torch.randn(len(lengths), max(lengths), labels)
    mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
    return head, scores, mask


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999), st.lists(st.integers(1, 5), min_size=1, max_size=4))
def test_the_partition_equals_brute_force(seed, lengths):
    head, scores, mask = random_case(seed, lengths)
    found = head.log_partition(scores, mask)
    expected = [brute_partition(scores[i, :n], head.transitions) for i, n in enumerate(lengths)]
    torch.testing.assert_close(found, torch.stack(expected), atol=1e-4, rtol=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 999), st.lists(st.sampled_from([0, 1, 2, UNLABELLED]), min_size=1, max_size=5))
def test_the_loss_equals_brute_force_where_some_labels_are_missing(seed, targets):
    head, scores, mask = random_case(seed, [len(targets)])
    found = head(scores, torch.tensor([targets]), mask, None)
    agreeing = [range(3) if target == UNLABELLED else [target] for target in targets]
    whole, part = (brute_partition(scores[0], head.transitions, allowed) for allowed in (None, agreeing))
    labelled = max(1, sum(target != UNLABELLED for target in targets))
    torch.testing.assert_close(found, (whole - part) / labelled, atol=1e-4, rtol=1e-4)


def test_padding_is_no_part_of_the_loss():
    head, scores, mask = random_case(1, [2, 5])
    targets = torch.tensor([[0, 1, -100, -100, -100], [2, 2, 1, 0, 1]])
    changed = scores.clone()
    changed[0, 2:] = 50.0
    torch.testing.assert_close(head(scores, targets, mask, None), head(changed, targets, mask, None))


def test_scores_far_apart_stay_finite():
    head, scores, mask = random_case(1, [4])
    loss = head(scores * 1000, torch.tensor([[0, 1, 2, 0]]), mask, None)
    assert torch.isfinite(loss) and loss >= 0


def test_a_crf_without_steps_is_a_softmax():
    head, scores, mask = random_case(2, [3, 5])
    torch.nn.init.zeros_(head.transitions)
    targets = torch.randint(0, 3, (2, 5)).masked_fill(~mask, UNLABELLED)
    torch.testing.assert_close(head(scores, targets, mask, None), SoftmaxHead()(scores, targets, mask, None))


def test_a_crf_refuses_soft_labels():
    head, scores, mask = random_case(1, [2])
    with pytest.raises(ValueError, match="hard labels"):
        head(scores, torch.rand(1, 2, 3), mask, None)


def test_a_batch_without_labels_has_no_loss():
    scores, mask = torch.randn(1, 3, 4), torch.ones(1, 3, dtype=torch.bool)
    for head in (SoftmaxHead(), CrfHead(4)):
        assert head(scores, torch.full((1, 3), UNLABELLED), mask, None).item() == pytest.approx(0.0, abs=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.integers(0, 20), st.integers(0, 999))
def test_groups_are_a_softmax_in_which_other_groups_are_masked(groups, count, seed):
    torch.manual_seed(seed)
    output = torch.nn.Linear(3, sum(groups))
    hidden = torch.randn(count, 3, requires_grad=True)
    targets = torch.randint(0, sum(groups), (count,))
    group_of = torch.arange(len(groups)).repeat_interleave(torch.tensor(groups))
    others = group_of != group_of[targets][:, None]
    found = GroupsHead(tuple(groups))(hidden, output, targets)
    expected = cross_entropy(output(hidden).masked_fill(others, -torch.inf), targets, reduction="sum") / max(1, count)
    torch.testing.assert_close(found, expected)
    inputs = (hidden, output.weight, output.bias)
    for own, other in zip(torch.autograd.grad(found, inputs), torch.autograd.grad(expected, inputs), strict=True):
        torch.testing.assert_close(own, other)


def symbol_case(count, low=None):
    """The loss of some characters over 30 symbols and its gradients, as torch finds them and as we do."""
    torch.manual_seed(count)
    hidden, table, bias = torch.randn(count, 6), torch.randn(30, 6), torch.randn(30)
    targets = torch.randint(0, 30, (count,))
    found = []
    for loss in (lambda h, t, b, y: cross_entropy(linear(h, t, b).float(), y), symbol_loss):
        parts = [each.clone().requires_grad_() for each in (hidden, table, bias)]
        with torch.autocast("cpu", low, enabled=low is not None):
            value = loss(*parts, targets)
        (3 * value).backward()
        found.append((value.detach(), *(each.grad for each in parts)))
    return found


@pytest.mark.parametrize("count", [1, 3, 4, 9])
def test_the_loss_over_symbols_and_its_gradients_are_those_of_cross_entropy(count, monkeypatch):
    monkeypatch.setattr(heads, "_ROWS", 3)
    expected, found = symbol_case(count)
    torch.testing.assert_close(found, expected)


def test_the_loss_over_symbols_in_half_precision():
    expected, found = symbol_case(40, torch.bfloat16)
    torch.testing.assert_close(found, expected, atol=0.02, rtol=0.02)


def test_the_loss_of_no_symbols_is_none_and_one_far_off_is_finite():
    table = torch.randn(30, 6, requires_grad=True)
    loss = symbol_loss(torch.zeros(0, 6), table, torch.zeros(30), torch.zeros(0, dtype=torch.long))
    loss.backward()
    assert loss == 0 and not table.grad.any()
    far = torch.full((1, 6), 1e4, requires_grad=True)
    symbol_loss(far, table.detach(), torch.zeros(30), torch.tensor([3])).backward()
    assert far.grad.isfinite().all()


def test_without_gradients_the_loss_over_symbols_is_the_same():
    expected, _ = symbol_case(9)
    torch.manual_seed(9)
    hidden, table, bias = torch.randn(9, 6), torch.randn(30, 6), torch.randn(30)
    with torch.no_grad():
        torch.testing.assert_close(symbol_loss(hidden, table, bias, torch.randint(0, 30, (9,))), expected[0])


def test_weights_count_in_the_loss_over_symbols_and_in_its_gradients(monkeypatch):
    monkeypatch.setattr(heads, "_ROWS", 3)
    torch.manual_seed(0)
    table, targets, weights = torch.randn(30, 6), torch.randint(0, 30, (7,)), torch.rand(7)
    one, other = (torch.ones(7, 6, requires_grad=True) for _ in range(2))
    losses = cross_entropy(linear(one, table), targets, reduction="none")
    expected = (losses * weights).sum() / weights.sum()
    found = symbol_loss(other, table, torch.zeros(30), targets, weights)
    expected.backward()
    found.backward()
    torch.testing.assert_close((found, other.grad), (expected, one.grad))
