from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_suggestions import BATCH, network, parts

from cnchar.tasks.correct import NEAR, Candidate, candidates, next_draft
from cnchar.tasks.looks import first_draft


def best(text: str, free: list[bool] | None = None) -> dict[int, str]:
    (found,) = candidates(parts(), network, [text], [np.array(free or [True] * len(text), np.bool_)], BATCH)
    chosen: dict[int, str] = {}
    for each in found:
        if each.score >= 0.5:
            chosen.setdefault(each.place, each.target)
    return chosen


def test_what_is_meant_is_found_at_its_place() -> None:
    assert best("我很高心，背京。") == {3: "兴", 5: "北"}
    assert best("我很高兴，北京。") == {}
    assert best("") == {}


def test_only_hanzi_change_and_only_where_they_may() -> None:
    assert best("高a高1高，") == {}
    assert best("高心，高心", [True, False, True, True, True]) == {4: "兴"}
    assert best("高心\n高心") == {1: "兴", 4: "兴"}  # a newline is read as a blank


def test_an_error_that_another_hides_is_found_at_the_second_look() -> None:
    assert best("高心了了") == {1: "兴", 2: "的"}
    assert best("高心了", [True, True, False]) == {1: "兴"}
    assert best("高心了", [True, False, True]) == {}


def test_a_sure_edit_is_made_before_the_second_look() -> None:
    draft = first_draft(["高心高" + "我" * NEAR, "我们"])
    rows = [(0, "新", 0.2), (1, "兴", 0.8), (1, "新", 0.4)]
    found = [[Candidate(*row, True, False) for row in rows], []]
    again, second = next_draft(draft, found)
    assert again == [0] and second.texts == ["高兴高" + "我" * NEAR]
    near = [place != 1 and place <= 1 + NEAR for place in range(NEAR + 3)]
    assert second.free[0].tolist() == near and draft.free[0].all()


def test_what_rests_on_an_edit_is_never_surer_than_it() -> None:
    (found,) = candidates(parts(), network, ["高心了了"], [np.ones(4, np.bool_)], BATCH)
    best = {each.place: each for each in reversed(found)}
    assert best[2].target == "的" and best[2].score <= best[1].score


def test_what_sounds_otherwise_is_not_written_in_where_it_is_not_wanted() -> None:
    (found,) = candidates(parts(), network, ["兴了"], [np.ones(2, np.bool_)], BATCH)
    assert found[0].target == "的" and not found[0].sound
    assert candidates(parts(), network, ["兴了"], [np.ones(2, np.bool_)], BATCH, same_sound=True) == [[]]


def test_what_is_told_of_a_candidate() -> None:
    (found,) = candidates(parts(), network, ["背京高心"], [np.ones(4, np.bool_)], BATCH)
    first = {each.place: each for each in reversed(found)}
    assert first[0].target == "北" and first[0].sound and not first[0].shape
    assert [each.place for each in found] == sorted(each.place for each in found)
    for place in {each.place for each in found}:
        scores = [each.score for each in found if each.place == place]
        assert scores == sorted(scores, reverse=True) and sum(scores) < 1


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("高心兴背京北我们，。a\n 鬱", max_size=90), max_size=4),
    st.sampled_from([(20, 4), (40, 8), (128, 24)]),
)
def test_windows_and_neighbours_change_nothing(texts: list[str], sizes: tuple[int, int]) -> None:
    """The network sees one place either way, so however the text is cut, it says the same."""

    def found(some: list[str], max_length: int, overlap: int) -> list[list[tuple[int, str, float]]]:
        free = [np.ones(len(text), np.bool_) for text in some]
        rows = candidates(parts(max_length, overlap), network, some, free, BATCH)
        return [[(each.place, each.target, round(each.score, 5)) for each in row] for row in rows]

    together = found(texts, *sizes)
    assert together == [found([text], 500, 10)[0] for text in texts]
