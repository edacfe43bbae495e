"""The lattice of typed letters, against a search that tries everything."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnchar.pinyin.readings import load_readings
from cnchar.pinyin.spellings import EXACT, Typing, spellings
from cnchar.pinyin.split import VOWEL_INSIDE, Lattice, best_path, slips, split
from cnchar.pinyin.styles import write
from cnchar.pinyin.syllables import ALONE, NUMBERS, SYLLABLES, Syllable

ANY = Typing((("zh", "z"), ("eng", "en")), abbreviations=True, typos=True, loose_umlaut=True, erhua=True)
TYPED = st.text(st.sampled_from("xianfgoueyhzl"), min_size=1, max_size=9)
SPOKEN = st.lists(st.builds(Syllable, st.sampled_from(SYLLABLES), st.integers(0, 5)), min_size=1, max_size=8)

Edge = tuple[int, int, int]


def edges(lattice: Lattice) -> set[Edge]:
    columns = (lattice.starts, lattice.stops, lattice.syllables)
    return set(zip(*(column.tolist() for column in columns), strict=True))


def all_ways(letters: str, typing: Typing, at: int = 0) -> Iterator[list[Edge]]:
    """Every way to cut the letters, by trying everything."""
    if at == len(letters):
        yield []
    for stop in range(at + 1, len(letters) + 1):
        for number, _ in spellings(typing).get(letters[at:stop], ()):
            if number not in ALONE or stop - at == len(letters):
                yield from ([(at, stop, number), *rest] for rest in all_ways(letters, typing, stop))


@settings(deadline=None, max_examples=200)
@given(TYPED, st.sampled_from([EXACT, Typing(erhua=True), Typing((("n", "l"), ("an", "ang")))]))
def test_the_lattice_is_all_ways_and_no_dead_ends(letters: str, typing: Typing) -> None:
    expected = {edge for way in all_ways(letters, typing) for edge in way}
    lattice = split(letters, typing)
    assert (edges(lattice) if lattice else set()) == expected


@settings(deadline=None, max_examples=200)
@given(TYPED)
def test_the_best_path_is_the_cheapest(letters: str) -> None:
    costs = load_readings().syllable_costs

    def cost(way: list[Edge]) -> float:
        inside = sum(start > 0 and SYLLABLES[number][0] in "aeo" for start, _, number in way)
        return sum(costs[number] for _, _, number in way) + VOWEL_INSIDE * inside

    lattice = split(letters)
    ways = list(all_ways(letters, EXACT))
    assert (lattice is None) == (not ways)
    if lattice is not None:
        found = [
            (int(lattice.starts[e]), int(lattice.stops[e]), int(lattice.syllables[e]))
            for e in best_path(lattice, costs)
        ]
        assert cost(found) == pytest.approx(min(map(cost, ways)))


@settings(deadline=None, max_examples=200)
@given(SPOKEN, st.sampled_from([" ", "'", "  "]), st.sampled_from(["tone", "number"]), st.sampled_from([EXACT, ANY]))
def test_syllables_set_apart_are_found_exactly(spoken: list[Syllable], gap: str, style: str, typing: Typing) -> None:
    written = [write(each, style) for each in spoken]  # type: ignore[arg-type]
    text = gap.join(written)
    lattice = split(text, typing)
    assert lattice is not None
    costs = [0.0] * len(SYLLABLES)
    exact = [edge for edge in range(len(lattice.starts)) if lattice.penalties[edge] == 0]
    found = {lattice.span(edge): (SYLLABLES[lattice.syllables[edge]], int(lattice.tones[edge])) for edge in exact}
    at = 0
    for each, form in zip(spoken, written, strict=True):
        tone = 0 if style == "tone" and each.tone == 5 else each.tone
        assert found[at, at + len(form)] == (each.plain, tone)
        at += len(form) + len(gap)
    assert sum(float(lattice.penalties[edge]) for edge in best_path(lattice, costs)) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xian", "xian"),
        ("xi'an", "xi an"),
        ("XiAn", "xi an"),
        ("fangan", "fan gan"),
        ("fang'an", "fang an"),
        ("fāng'àn", "fang an"),
        ("lianai", "lian ai"),
        ("women mingtian qu beijing", "wo men ming tian qu bei jing"),
        ("zheshiyigehenchangdejuzi", "zhe shi yi ge hen chang de ju zi"),
        ("nü3er2", "nv er"),
        ("lu:se", "lv se"),
        ("hng", "hng"),
    ],
)
def test_best_paths(text: str, expected: str) -> None:
    lattice = split(text)
    assert lattice is not None
    path = best_path(lattice, load_readings().syllable_costs)
    assert " ".join(SYLLABLES[lattice.syllables[edge]] for edge in path) == expected


@pytest.mark.parametrize("text", ["", " ", "iPhone", "nhsj", "hello", "hnga", "nǐ4", "zhōńg", "x"])
def test_what_cannot_be_cut(text: str) -> None:
    assert split(text) is None


@pytest.mark.parametrize(("text", "syllables"), [("nhsj", 4), ("zhongg", 2), ("wmxianzqu", 5)])
def test_abbreviations(text: str, syllables: int) -> None:
    lattice = split(text, Typing(abbreviations=True))
    assert lattice is not None
    assert len(best_path(lattice, [1.0] * len(SYLLABLES))) == syllables


def test_tones_belong_to_their_syllable() -> None:
    lattice = split("zhong1guo2")
    assert lattice is not None
    path = best_path(lattice, load_readings().syllable_costs)
    assert [lattice.syllables[edge] for edge in path] == [NUMBERS["zhong"], NUMBERS["guo"]]
    assert [lattice.tones[edge] for edge in path] == [1, 2]
    assert [lattice.span(edge) for edge in path] == [(0, 6), (6, 10)]


def test_a_megabyte_without_spaces() -> None:
    text = "zhongguorenminxian" * 58_000
    assert len(text) > 1_000_000
    lattice = split(text)
    assert lattice is not None
    path = best_path(lattice, load_readings().syllable_costs)
    assert len(path) == 5 * 58_000
    assert lattice.span(path[-1]) == (len(text) - 4, len(text))


@settings(deadline=None, max_examples=100)
@given(st.text(st.sampled_from("xianqugo"), min_size=1, max_size=9))
def test_no_fewer_slips_would_do(letters: str) -> None:
    def fewest(left: str) -> int:
        if not left:
            return 0
        heads = ((n, NUMBERS.get(left[:n])) for n in range(1, len(left) + 1))
        ends = (n for n, number in heads if number is not None and (number not in ALONE or left[:n] == letters))
        return min([fewest(left[1:]) + 1, *(fewest(left[n:]) for n in ends)])

    found = slips(letters)
    assert sum(stop - start for start, stop in found) == fewest(letters)
    assert all(before < start for (_, before), (start, _) in pairwise(found))
