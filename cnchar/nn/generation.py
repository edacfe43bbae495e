"""Choosing what comes next: by chance, as likely as the model thinks it or less daring, or the likeliest by beam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from cnchar.nn.config import LONGEST
from cnchar.nn.model import CharacterModel
from cnchar.nn.sampling import Sampling, Symbols
from cnchar.nn.state import advance, begin

REMEMBERED = 64  # symbols that the repetition penalty looks back


@torch.inference_mode()
def sample(
    model: CharacterModel,
    prompt: Sequence[int],
    symbols: Symbols,
    sampling: Sampling,
    chance: torch.Generator,
    most: int = LONGEST,
) -> Iterator[int]:
    """Symbols that go on from a prompt of one symbol or more, without end but for the model's own.

    chance: a generator on the CPU. most: how many symbols attention remembers.
    """
    state, written, device = begin(model, most=most), list(prompt), model.embeddings.characters.weight.device
    read = torch.tensor([written], device=device)
    while True:
        logits, state = advance(model, read, state)
        symbol = choose(logits[0].cpu(), written[-REMEMBERED:], symbols, sampling, chance)
        if symbol == symbols.end:
            return
        yield symbol
        written = [*written[-REMEMBERED:], symbol]
        read = torch.tensor([[symbol]], device=device)


def choose(logits: Tensor, recent: Sequence[int], symbols: Symbols, sampling: Sampling, chance: torch.Generator) -> int:
    """One symbol by logits (V,) on the CPU; `recent` are those that shall not come again so easily."""
    logits = logits.index_fill(0, torch.tensor(symbols.never, dtype=torch.long), -torch.inf)
    if recent and sampling.repetition_penalty != 1:
        places = torch.tensor(sorted(set(recent)))
        values, penalty = logits[places], sampling.repetition_penalty
        logits[places] = torch.where(values > 0, values / penalty, values * penalty)
    if sampling.temperature == 0:
        return int(logits.argmax())
    scaled = (logits.double() - logits.max()) / sampling.temperature  # the best at 0, so nothing overflows
    shares, order = scaled.softmax(-1).sort(descending=True)
    kept = shares.cumsum(-1) - shares < sampling.top_p  # what is before it is not yet enough
    if sampling.top_k:
        kept[sampling.top_k :] = False
    return int(order[torch.multinomial(shares * kept, 1, generator=chance)])


@torch.inference_mode()
def search(
    model: CharacterModel, prompt: Sequence[int], symbols: Symbols, width: int, length: int, most: int = LONGEST
) -> list[int]:
    """The likeliest text that goes on from a prompt, found by a beam of `width` texts: at most `length` symbols.

    Texts of unlike lengths are compared by their mean log-probability, the end counted as a symbol.
    """
    device = model.embeddings.characters.weight.device
    never = torch.tensor(symbols.never, dtype=torch.long, device=device)
    logits, state = advance(model, torch.tensor([list(prompt)], device=device), begin(model, most=most))
    texts: list[list[int]] = [[]]
    totals = torch.zeros(1, device=device)
    best: tuple[float, list[int]] = (-torch.inf, [])
    for step in range(1, length + 1):
        scores = totals[:, None] + logits.log_softmax(-1).index_fill(1, never, -torch.inf)  # (B, V)
        ends = scores[:, symbols.end] / step
        best = max(best, (float(ends.max()), texts[int(ends.argmax())]), key=lambda each: each[0])
        scores[:, symbols.end] = -torch.inf
        totals, places = scores.flatten().topk(min(width, int(scores.isfinite().sum())))
        rows, chosen = places // scores.shape[1], places % scores.shape[1]
        texts = [[*texts[row], symbol] for row, symbol in zip(rows.tolist(), chosen.tolist(), strict=True)]
        logits, state = advance(model, chosen[:, None], state.pick(rows))
    return max(best, (float(totals[0]) / length, texts[0]), key=lambda each: each[0])[1]
