"""To a loss: each character for itself (softmax, over labels or symbols), or whole sequences of labels (CRF)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, linear

from cnchar.nn.config import ModelConfig

UNLABELLED = -100  # a target that says nothing, as in torch's own losses
_ROWS = 512  # characters whose logits are there at once


def build_head(config: ModelConfig) -> SoftmaxHead | CrfHead | GroupsHead:
    """The head that a config names; that of a language model is a softmax over its symbols."""
    if config.head == "groups":
        return GroupsHead(config.groups)
    return CrfHead(config.labels) if config.head == "crf" else SoftmaxHead()


class SoftmaxHead(nn.Module):
    """Cross-entropy with hard or soft labels."""

    transitions: Tensor | None = None

    def forward(self, logits: Tensor, targets: Tensor, mask: Tensor, weights: Tensor | None) -> Tensor:
        """Mean loss over labelled characters.

        Args:
            logits: (B, T, L). mask, weights: (B, T). targets: (B, T) labels, UNLABELLED where there is none, or
                (B, T, L) shares that sum to 1, or to 0 where there is no label. Of hard labels also (N, L), (N,).
        """
        scores = logits.float().log_softmax(-1)
        if targets.dim() == 3:
            losses, labelled = -(targets * scores).sum(-1), targets.sum(-1) > 0
        else:
            labelled = targets != UNLABELLED
            losses = -scores.gather(-1, targets.clamp(min=0)[..., None]).squeeze(-1)
        share = (labelled & mask).to(scores.dtype)
        if weights is not None:
            share = share * weights
        return (losses * share).sum() / share.sum().clamp(min=1e-6)


def symbol_loss(hidden: Tensor, table: Tensor, bias: Tensor, targets: Tensor, weights: Tensor | None = None) -> Tensor:
    """Mean cross-entropy of N characters over all symbols, a scalar; of no characters, 0.

    Args:
        hidden: (N, H). table: (L, H). bias: (L,). targets: (N,), symbols all of them. weights: (N,), of the mean.
    """
    weights = torch.ones_like(targets, dtype=torch.float32) if weights is None else weights.float()
    learning = torch.is_grad_enabled()
    found: Tensor = _SymbolLoss.apply(hidden, table, bias, targets, weights, learning)  # type: ignore[no-untyped-call]
    return found


class _SymbolLoss(torch.autograd.Function):
    """The loss and its gradients in one go, some characters at a time, so that their logits stay in the cache.

    They are many numbers: for 8,192 characters and 7,000 symbols 230 MB, of which softmax and its gradient make as many
    again.
    """

    @staticmethod
    def forward(
        ctx: Any, hidden: Tensor, table: Tensor, bias: Tensor, targets: Tensor, weights: Tensor, learning: bool
    ) -> Tensor:
        kind = hidden.device.type
        dtype = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else hidden.dtype
        vectors, weight, offsets = hidden.to(dtype), table.to(dtype), bias.to(dtype)
        share = 1 / weights.sum().clamp(min=1e-6)
        total = torch.zeros((), device=hidden.device)
        moved = (hidden, table, bias) if learning else ()
        slopes = [torch.zeros_like(each, dtype=torch.float32) for each in moved]
        with torch.autocast(kind, enabled=False):
            for first in range(0, len(hidden), _ROWS):
                part = slice(first, first + _ROWS)
                wanted, counts = targets[part, None], weights[part, None]
                chances = torch.addmm(offsets, vectors[part], weight.T).float().softmax(1)  # (R, L)
                right = chances.gather(1, wanted)
                total -= (right.clamp(min=1e-30).log() * counts).sum()
                if learning:
                    chances.scatter_(1, wanted, right - 1).mul_(counts)  # the gradient of the logits
                    slope = chances.to(dtype)
                    slopes[0][part] = slope @ weight
                    slopes[1] += slope.T @ vectors[part]
                    slopes[2] += chances.sum(0)
        ctx.save_for_backward(*(slope.mul_(share).to(each.dtype) for slope, each in zip(slopes, moved, strict=True)))
        return total * share

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor | None, ...]:
        return (*(outer[0] * slope for slope in ctx.saved_tensors), None, None, None)


class CrfHead(nn.Module):
    """Linear-chain conditional random field (Lafferty et al. 2001).

    A character without a label may have any: the loss is the log of the share that the labelings that agree with the
    targets have among all (Tsuboi et al. 2008), which is the usual one where everything is labelled.
    """

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(labels, labels))  # [from, to]

    def forward(self, logits: Tensor, targets: Tensor, mask: Tensor, weights: Tensor | None) -> Tensor:
        """Mean loss over labelled characters; shapes as in SoftmaxHead, hard labels only. Raises ValueError else."""
        if targets.dim() != 2 or weights is not None:
            raise ValueError("a CRF learns from hard labels without weights; choose the softmax head")
        scores = logits.float()
        labels = torch.arange(scores.shape[-1], device=scores.device)
        allowed = (targets[..., None] == labels) | (targets == UNLABELLED)[..., None]
        agreeing = self.log_partition(scores.masked_fill(~allowed, -1e4), mask)
        labelled = ((targets != UNLABELLED) & mask).sum().clamp(min=1)
        return (self.log_partition(scores, mask) - agreeing).sum() / labelled

    def log_partition(self, scores: Tensor, mask: Tensor) -> Tensor:
        """The log of the summed weights of all labelings, (B,), by the forward algorithm in log space."""
        alpha = scores[:, 0]  # (B, L)
        for t in range(1, scores.shape[1]):
            step = (alpha[:, :, None] + self.transitions).logsumexp(1) + scores[:, t]
            alpha = torch.where(mask[:, t, None], step, alpha)
        return alpha.logsumexp(-1)


class GroupsHead(nn.Module):
    """Cross-entropy among the labels of a group: what a character may be is known, and nothing else is scored.

    As a softmax over all labels in which those of other groups are masked, at the cost of the few that are not.
    """

    transitions: Tensor | None = None

    def __init__(self, groups: tuple[int, ...]) -> None:
        super().__init__()
        self.groups = groups
        self.register_buffer("group_of", torch.arange(len(groups)).repeat_interleave(torch.tensor(groups)), False)
        self.register_buffer("firsts", torch.tensor((0, *groups)).cumsum(0)[:-1], False)

    def forward(self, hidden: Tensor, output: nn.Linear, targets: Tensor) -> Tensor:
        """Mean loss of N characters with vectors (N, H) and labels (N,), each of which says its group."""
        group = self.get_buffer("group_of")[targets]
        order = group.argsort(stable=True)
        within = (targets - self.get_buffer("firsts")[group])[order]
        counts = torch.bincount(group, minlength=len(self.groups)).tolist()
        with torch.autocast(hidden.device.type, enabled=False):  # small products, whose many casts would cost more
            # Split in one piece: the gradient of each is a part of one tensor, not a whole one.
            parts = zip(
                hidden.float()[order].split_with_sizes(counts),
                within.split_with_sizes(counts),
                output.weight.split_with_sizes(self.groups),
                output.bias.split_with_sizes(self.groups),
                strict=True,
            )
            losses = [
                cross_entropy(linear(vectors, weight, bias), labels, reduction="sum")
                for vectors, labels, weight, bias in parts
                if len(labels)
            ]
            if not losses:  # a loss of nothing, whose gradients are 0
                losses = [0 * part.sum() for part in (hidden, output.weight, output.bias)]
            total = torch.stack(losses).sum()
        return total / max(1, len(targets))
