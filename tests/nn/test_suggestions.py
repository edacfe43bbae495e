from __future__ import annotations

import torch

from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.nn.suggestions import SUGGESTED, Suggestions


def test_suggestions_are_the_best_of_the_logits() -> None:
    torch.manual_seed(1)
    config = ModelConfig(
        30, 30, backbone="cnn", embedding=8, hidden=8, layers=2, flags=(5,), bigrams=64, head="symbols"
    )
    model = CharacterModel(config).eval()
    chars = torch.randint(1, 30, (3, 7))
    flags = torch.randint(0, 5, (3, 7, 1))
    with torch.no_grad():
        logs = model(chars, flags).logits.log_softmax(-1)
        typed, scores, symbols = Suggestions(model)(chars, flags)
    assert torch.allclose(typed, logs.gather(-1, chars[..., None])[..., 0], atol=1e-5)
    assert scores.shape == symbols.shape == (3, 7, SUGGESTED)
    assert torch.allclose(scores, logs.gather(-1, symbols), atol=1e-5)
    assert torch.allclose(scores, logs.sort(-1, descending=True).values[..., :SUGGESTED], atol=1e-5)
