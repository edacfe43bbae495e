from __future__ import annotations

import numpy as np
from toy_suggestions import BATCH, network, parts

from cnchar.tasks.looks import first_draft, look_at, score_symbols
from cnchar.tasks.packed_lines import MASK, UNKNOWN


def test_every_character_is_scored_once() -> None:
    lines = ["我们很高兴" * 30, "", "北京"]
    own = parts()
    symbols = own.alphabet.read(lines)
    scores = score_symbols(own, network, "".join(f"\n{line}" for line in lines), symbols, BATCH)
    characters = symbols != own.alphabet.read(["x"])[0]
    assert scores.targets[characters].any(1).all() and not scores.targets[~characters].any()


def test_rare_hanzi_are_hidden_from_the_network_and_what_else_it_does_not_know_is_unknown() -> None:
    look = look_at(parts(), network, first_draft(["高昕π", "", "昕龍"]), BATCH)
    assert look.text == "\n高昕π\n\n昕龍"
    hidden = [look.text[place] for place in np.flatnonzero(look.symbols == MASK)]
    unknown = [look.text[place] for place in np.flatnonzero(look.symbols == UNKNOWN)]
    assert hidden == ["昕", "昕"] and unknown == ["π", "龍"]
    assert [look.text[place] for place in np.flatnonzero(look.may)] == ["高", "昕", "昕"]


def test_what_may_not_be_changed_is_looked_at_all_the_same() -> None:
    free = [np.array([True, False, False])]
    look = look_at(parts(), network, first_draft(["高高高"], free), BATCH)
    assert look.may.tolist() == [False, True, False, False] and (look.scores.typed[1:] < 0).all()
