from __future__ import annotations

from toy_suggestions import BATCH, network, parts

from cnchar.tasks.doubts import score_symbols


def test_every_character_is_scored_once() -> None:
    lines = ["我们很高兴" * 30, "", "北京"]
    own = parts()
    symbols = own.alphabet.read(lines)
    scores = score_symbols(own, network, "".join(f"\n{line}" for line in lines), symbols, BATCH)
    characters = symbols != own.alphabet.read(["x"])[0]
    assert scores.targets[characters].any(1).all() and not scores.targets[~characters].any()
