from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given, settings

from cnchar.evaluate.markup import Markup, element, joined, printable
from evaluate.hostile import TEXTS


def test_what_is_not_markup_is_escaped_once() -> None:
    inner = element("b", "a < b")
    assert element("p", inner, " & co", class_="x", text_anchor="end") == (
        '<p class="x" text-anchor="end"><b>a &lt; b</b> &amp; co</p>'
    )
    assert joined(["<", Markup("<i>")], "<br>") == "&lt;<br><i>"


@settings(deadline=None)
@given(TEXTS)
def test_any_text_is_well_formed_xml(text: str) -> None:
    parsed = ElementTree.fromstring(element("a", text, title=text.replace("\n", "").replace("\t", "")))
    assert (parsed.text or "") == printable(text)
    assert parsed.get("title") == printable(text.replace("\n", "").replace("\t", ""))


@pytest.mark.parametrize("character", ["\x00", "\r", "\x1b", "\x85", "\ud800", "\ufffe", "\u202e", "\u2066"])
def test_what_a_page_must_not_hold_is_replaced(character: str) -> None:
    assert printable(f"中{character}𠀀") == "中\ufffd𠀀"


def test_other_characters_stay() -> None:
    text = "\t\n 中文，a~é\u200b\u2028\ue000\ufffd😀"
    assert printable(text) == text
