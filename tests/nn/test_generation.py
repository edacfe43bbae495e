"""What is chosen, and what never is."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import torch
from nn.models import BACKBONES, small

from cnchar.errors import BadInput
from cnchar.nn.generation import choose, sample, search
from cnchar.nn.sampling import Sampling, Symbols

V, BEGIN, END = 9, 3, 4
SYMBOLS = Symbols(END, (0, 1, 2, 3))
LOGITS = torch.tensor([9.0, 9, 9, 9, 1, 2, 3, 4, -1])  # what cannot be written is likeliest


def model(backbone: Any = "gru", seed: int = 0):
    return small(backbone, seed, symbols=V, labels=V, causal=True, head="symbols")


def chances(sampling: Sampling, recent: list[int] | None = None, draws: int = 4000) -> torch.Tensor:
    """How often each symbol is chosen."""
    chance = torch.Generator().manual_seed(1)
    drawn = [choose(LOGITS, recent or [], SYMBOLS, sampling, chance) for _ in range(draws)]
    return torch.bincount(torch.tensor(drawn), minlength=V) / draws


def wanted(*symbols: int, temperature: float = 1.0) -> torch.Tensor:
    """The softmax over these symbols alone."""
    out = torch.full((V,), -torch.inf)
    out[list(symbols)] = LOGITS[list(symbols)] / temperature
    return out.softmax(-1)


@pytest.mark.parametrize(
    ("sampling", "shares"),
    [
        (Sampling(), wanted(4, 5, 6, 7, 8)),
        (Sampling(temperature=0.5), wanted(4, 5, 6, 7, 8, temperature=0.5)),
        (Sampling(temperature=0), wanted(7)),
        (Sampling(temperature=1e-320), wanted(7)),
        (Sampling(top_k=2), wanted(6, 7)),
        (Sampling(top_p=0.64), wanted(7)),  # 7 alone has 0.643
        (Sampling(top_p=0.65), wanted(6, 7)),
        (Sampling(top_k=3, top_p=0.65), wanted(6, 7)),
    ],
)
def test_choices_are_as_often_as_asked(sampling: Sampling, shares: torch.Tensor) -> None:
    torch.testing.assert_close(chances(sampling), shares, atol=0.03, rtol=0)


def test_the_penalty_divides_what_is_likely_and_multiplies_what_is_not() -> None:
    found = chances(Sampling(repetition_penalty=2.0), [7, 8, 7])
    shares = torch.tensor([1.0, 2, 3, 4 / 2, -1 * 2]).softmax(-1)
    torch.testing.assert_close(found[4:], shares, atol=0.03, rtol=0)


@pytest.mark.parametrize(
    "values",
    [{"temperature": -1}, {"temperature": float("nan")}, {"top_k": -1}, {"top_p": 0}, {"top_p": 1.5},
     {"repetition_penalty": 0}],
)  # fmt: skip
def test_what_cannot_be_meant(values: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=f"--{next(iter(values)).replace('_', '-')}"):
        Sampling(**values)


@pytest.mark.parametrize("backbone", BACKBONES)
def test_equal_seeds_write_alike_and_texts_end(backbone: str) -> None:
    def texts(seed: int) -> list[list[int]]:
        chance = torch.Generator().manual_seed(seed)
        return [list(sample(model(backbone), [BEGIN, 5], SYMBOLS, Sampling(), chance, 16)) for _ in range(5)]

    assert texts(1) == texts(1) != texts(2)
    assert {symbol for text in texts(1) for symbol in text} <= {5, 6, 7, 8}


def test_the_likeliest_symbols_are_those_of_the_whole_text() -> None:
    network, text = model(), [BEGIN]
    written = sample(network, [BEGIN], SYMBOLS, Sampling(temperature=0), torch.Generator())
    for symbol in itertools.islice(written, 20):
        logits = network(torch.tensor([text])).logits[0, -1].clone()
        logits[:END] = -torch.inf
        assert symbol == int(logits.argmax())
        text.append(symbol)


@pytest.mark.parametrize("seed", range(5))
def test_a_wide_beam_finds_the_best_of_all_texts(seed: int) -> None:
    network, length = model(seed=seed), 3

    def mean(text: tuple[int, ...]) -> float:
        logits = network(torch.tensor([[BEGIN, *text]])).logits[0].log_softmax(-1)
        after = [*text, END] if len(text) < length else list(text)
        return sum(float(logits[i, symbol]) for i, symbol in enumerate(after)) / len(after)

    every = [text for n in range(length + 1) for text in itertools.product(range(5, V), repeat=n)]
    with torch.inference_mode():
        best = max(every, key=mean)
    assert search(network, [BEGIN], SYMBOLS, 200, length) == list(best)
    assert len(search(network, [BEGIN], SYMBOLS, 1, 30)) <= 30


@pytest.mark.parametrize("backbone", BACKBONES)
def test_each_character_costs_the_same(backbone: str) -> None:
    """One symbol is read for each; attention also reads half of its memory anew each time that is full."""
    network, lengths = model(backbone), []
    network.embeddings.register_forward_pre_hook(lambda module, inputs: lengths.append(inputs[0].shape[1]))
    unending = Symbols(-1, (*SYMBOLS.never, END))
    written = sample(network, [BEGIN, 5, 6], unending, Sampling(), torch.Generator(), most=16)
    assert len(list(itertools.islice(written, 100))) == 100
    full = [9 if backbone == "transformer" and place % 8 == 0 and place >= 16 else 1 for place in range(3, 102)]
    assert lengths == [3, *full]
