"""A language model as a corrector asks it: how likely is each character as it stands, and which are the likeliest."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from cnchar.nn.model import CharacterModel

SUGGESTED = 8  # symbols for each character; those that people mean are nearly always among them


class Suggestions(nn.Module):
    """A model with the head `symbols` that gives a few symbols instead of the logits of all."""

    def __init__(self, model: CharacterModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, chars: Tensor, flags: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Log-probabilities of the characters as they stand (B, T), of the likeliest symbols (B, T, K), and these."""
        logits = self.model(chars, flags).logits
        whole = logits.logsumexp(-1, keepdim=True)  # (B, T, 1)
        typed = logits.gather(-1, chars[..., None]) - whole
        best, symbols = torch.topk(logits, min(SUGGESTED, self.model.config.labels), dim=-1)
        return typed.squeeze(-1), best - whole, symbols
