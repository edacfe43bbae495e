"""The character model: embeddings, a backbone, a head. One model for all tasks that label characters.

A language model labels characters with symbols: each with the one that follows, or with the one that it hides.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from cnchar.nn.backbones import build_backbone
from cnchar.nn.config import ModelConfig
from cnchar.nn.embeddings import Embeddings, Wide
from cnchar.nn.heads import UNLABELLED, GroupsHead, build_head, symbol_loss


class Output(NamedTuple):
    """logits: (B, T, L) float32, in nats; loss: a scalar where there were targets.

    Where labels are in groups, the last vectors (B, T, H) instead of logits: tasks.unit_scores makes scores of them.
    Where a language model learns there are none, (0, L): for all its characters they are never there at once.
    """

    logits: Tensor
    loss: Tensor | None


class CharacterModel(nn.Module):
    """Labels characters.

    The deep part (embeddings, backbone, linear output), the wide part (n-grams) and the prior (another model) are added
    up: each needs to learn only what the others leave open.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embeddings = Embeddings(config)
        self.backbone = build_backbone(config)
        self.output = TiedOutput(config.labels) if config.tied else nn.Linear(config.hidden, config.labels)
        self.wide = Wide(config) if config.wide else None
        self.head = build_head(config)
        if config.prior and isinstance(self.output, nn.Linear):  # begin as the prior alone
            nn.init.zeros_(self.output.weight)
            nn.init.zeros_(self.output.bias)

    def forward(
        self,
        chars: Tensor,
        flags: Tensor | None = None,
        prior: Tensor | None = None,
        targets: Tensor | None = None,
        weights: Tensor | None = None,
        texts: Tensor | None = None,
    ) -> Output:
        """Score every label of every character.

        Args:
            chars: (B, T) symbols, 0 for padding, which stands only after the characters.
            flags: (B, T, F) further inputs, as many as the config has. prior: (B, T, L) another model's logits.
            targets, weights: what the head learns from (heads.SoftmaxHead); without targets there is no loss. Labels
                in groups all count the same.
            texts: (B, T) which text of its row a character is of, where several are packed into one.
        """
        mask = chars > 0
        hidden = self.backbone(self.embeddings(chars, flags, prior, texts), mask, texts)
        if isinstance(self.head, GroupsHead):
            return self._choose(hidden, targets)
        if targets is not None and self.config.head == "symbols":
            return self._foresee(hidden, targets, weights)
        logits = self.read_out(hidden).float()
        if self.wide is not None:
            logits = logits + self.wide(chars)
        if prior is not None:
            logits = logits + prior
        loss = None if targets is None else self.head(logits, targets, mask, weights)
        return Output(logits, loss)

    def _choose(self, hidden: Tensor, targets: Tensor | None) -> Output:
        """Where labels are in groups: the vectors (B, T, H), which whoever knows the groups scores, and the loss."""
        assert isinstance(self.head, GroupsHead) and isinstance(self.output, nn.Linear)
        if targets is None:
            return Output(hidden.float(), None)
        labelled = targets != UNLABELLED
        return Output(hidden.float(), self.head(hidden[labelled], self.output, targets[labelled]))

    def _foresee(self, hidden: Tensor, targets: Tensor, weights: Tensor | None) -> Output:
        """Where labels are symbols: the loss, made a few of the labelled characters at a time."""
        labelled = targets != UNLABELLED
        table = self.embeddings.characters.weight if isinstance(self.output, TiedOutput) else self.output.weight
        hidden, weights = hidden[labelled], None if weights is None else weights[labelled]
        loss = symbol_loss(hidden, table, self.output.bias, targets[labelled], weights)
        return Output(loss.new_empty(0, self.config.labels), loss)

    def read_out(self, hidden: Tensor) -> Tensor:
        """The deep part's logits (..., L) from what the backbone gives (..., H)."""
        if isinstance(self.output, TiedOutput):
            return self.output(hidden, self.embeddings.characters.weight)  # type: ignore[no-any-return]
        return self.output(hidden)  # type: ignore[no-any-return]


class TiedOutput(nn.Module):
    """An output layer whose matrix is the table of characters; its own are the biases."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(labels))

    def forward(self, hidden: Tensor, table: Tensor) -> Tensor:
        """(..., L) from (..., H) and the table (L, H)."""
        return linear(hidden, table, self.bias)
