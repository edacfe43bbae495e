"""What correcting is: which characters of a line are wrong, which ones are meant, and how sure that is.

A decision weighs what speaks for each candidate (tasks/doubts.py): each of them and keeping what is typed get a score,
and their softmax is the confidence, which is calibrated where the weights were fitted. Hanzi alone are replaced, by
hanzi.

An error hides others beside it, so text with an error that is found is looked at once more, with that error mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cnchar.pinyin.likeness import Sound
from cnchar.tasks.correct_parts import Parts
from cnchar.tasks.doubts import Doubts, confidences, find_doubts
from cnchar.tasks.looks import Draft, Free, Network, first_draft, look_at
from cnchar.tasks.neural import BATCH

LEAST = 0.01  # a candidate of less confidence is not told of
AGAIN = 0.3  # confidence from which on a candidate is written into the text that is looked at once more
NEAR = 120  # characters each way that are looked at once more: as far as the network sees


class Candidate(NamedTuple):
    """A character that may be meant at a place of a text.

    score: the confidence that writing it here is right. sound, shape: whether it sounds like the typed one, tones
    aside, and whether it looks like it.
    """

    place: int
    target: str
    score: float
    sound: bool
    shape: bool


def candidates(
    parts: Parts,
    network: Network,
    texts: Sequence[str],
    free: Sequence[Free],
    batch_chars: int = BATCH,
    *,
    same_sound: bool = False,
) -> list[list[Candidate]]:
    """What may be meant instead of what is typed, for each text: by place, the surest of a place first.

    Args:
        texts: of any length. free: where each may be changed, (length of the text,); the network sees the rest too.
        batch_chars: characters that the network scores at once, about.
        same_sound: only what sounds like what is typed.
    """
    draft = first_draft(texts, free)
    doubts = find_doubts(parts, look_at(parts, network, draft, batch_chars))
    return reconsider(parts, network, draft, doubts, batch_chars, same_sound)


def reconsider(
    parts: Parts, network: Network, draft: Draft, doubts: Doubts, batch_chars: int = BATCH, same_sound: bool = False
) -> list[list[Candidate]]:
    """What `candidates` finds where the doubts of the first look are known.

    What only the second look finds is never surer than the edits that it rests on: whatever the threshold, these are
    made if it is.
    """
    found = weigh(parts, draft, doubts, same_sound)
    again, second = next_draft(draft, found)
    more = weigh(parts, second, find_doubts(parts, look_at(parts, network, second, batch_chars)), same_sound)
    for i, free, others in zip(again, second.free, more, strict=True):
        before = {(each.place, each.target): each.score for each in found[i]}
        most = min(each.score for each in _sure(found[i]).values())
        kept = [each for each in found[i] if not free[each.place]]
        for each in others:
            own = before.get((each.place, each.target), 0.0)
            kept.append(each._replace(score=min(each.score, max(own, most))))
        found[i] = sorted(kept, key=lambda each: (each.place, -each.score))
    return found


def next_draft(draft: Draft, found: Sequence[Sequence[Candidate]]) -> tuple[list[int], Draft]:
    """Which texts have sure edits, and these with the edits made, free near them where they were free."""
    again = [i for i, some in enumerate(found) if _sure(some)]
    texts, free = [], []
    for i in again:
        text, near = list(draft.texts[i]), np.zeros(len(draft.texts[i]), np.bool_)
        sure = _sure(found[i])
        for place, edit in sure.items():
            text[place] = edit.target
            near[max(0, place - NEAR) : place + NEAR + 1] = True
        near[list(sure)] = False
        texts.append("".join(text))
        free.append(draft.free[i] & near)
    return again, Draft(texts, free)


def _sure(some: Sequence[Candidate]) -> dict[int, Candidate]:
    """The surest candidate of each place that has one to be written in."""
    return {each.place: each for each in reversed(some) if each.score >= AGAIN}


def weigh(parts: Parts, draft: Draft, doubts: Doubts, same_sound: bool = False) -> list[list[Candidate]]:
    """The candidates of each text, from all its doubts: by place, the surest of a place first."""
    scores = confidences(doubts, parts.weights)
    sound, shape = doubts.sound >= Sound.SYLLABLE, doubts.shape
    owners = draft.owners(doubts.places)
    places = doubts.places - draft.begins[owners] - 1
    found: list[list[Candidate]] = [[] for _ in draft.texts]
    for d in np.lexsort((-scores, doubts.places)).tolist():
        if scores[d] >= LEAST and (sound[d] or not same_sound):
            target = parts.characters[doubts.targets[d]]
            each = Candidate(int(places[d]), target, float(scores[d]), bool(sound[d]), bool(shape[d]))
            found[owners[d]].append(each)
    return found


__all__ = ["AGAIN", "LEAST", "Candidate", "candidates", "next_draft", "reconsider", "weigh"]
