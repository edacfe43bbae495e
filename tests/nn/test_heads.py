from __future__ import annotations

from itertools import pairwise, product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cross_entropy

from cnchar.nn.heads import UNLABELLED, CrfHead, GroupsHead, SoftmaxHead


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
