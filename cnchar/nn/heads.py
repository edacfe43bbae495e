"""From logits to a loss: each character for itself (softmax), or whole sequences of labels (CRF)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cnchar.nn.config import ModelConfig

UNLABELLED = -100  # a target that says nothing, as in torch's own losses


def build_head(config: ModelConfig) -> SoftmaxHead | CrfHead:
    """The head that a config names; that of a language model is a softmax over its symbols."""
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
