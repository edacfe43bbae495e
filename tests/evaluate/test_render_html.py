"""The page as Python's parser reads it; test_browser.py looks at it in a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings

from cnchar.evaluate.markup import printable
from cnchar.evaluate.render_html import to_html
from cnchar.evaluate.report import Table
from evaluate.hostile import TEXTS, report_of
from evaluate.samples import EMPTY, FULL, SIMPLE

VOID = {"meta", "br"}
TAGS = {
    *("html", "head", "title", "style", "body", "h1", "h2", "p", "div", "span", "details", "summary"),
    *("table", "thead", "tbody", "tr", "th", "td", "svg", "g", "line", "circle", "text"),
}
ATTRIBUTES = {
    *("class", "style", "lang", "role", "aria-label", "xmlns", "viewbox", "x", "y", "x1", "x2", "y1", "y2"),
    *("cx", "cy", "r", "text-anchor"),
}


class Page(HTMLParser):
    """Reads a page; fails for tags that are not closed in order, and for what could run or load something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        assert all(re.fullmatch(r"--part:\d+%", value or "") for name, value in attrs if name == "style")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "svg", "html", "head", "body", "tbody"):
            self.texts.append(data)


def test_everything_is_on_the_page() -> None:
    texts = Page(to_html(FULL)).texts
    assert texts[:3] == ["cnchar eval segment", "cnchar eval segment", "1 of 3 gates failed"]
    for text in ("+0.38 points", "96.62 % to 97.39 %", "<script>alert(1)</script>", "By domain", "微博 <b>", "0.0031"):
        assert text in texts, text
    assert {str(system.signature) for system in FULL.systems} <= set(texts)


def test_differences_are_judged_by_what_is_better() -> None:
    judged = re.findall(r'<span class="(good|bad)">([+-][\d.]+)', to_html(FULL))
    assert judged == [("good", "+0.38"), ("bad", "-2.00"), ("good", "-0.38"), ("bad", "+0.0038")]


def test_plots_of_scores_and_of_tables_that_have_a_score() -> None:
    titles = re.findall(r'<svg [^>]*aria-label="(.*?)"', to_html(FULL))
    assert titles == ["scores", "f1", "f1"]
    assert to_html(FULL).count("<circle") == 4 * 2 + 3 * 2 + 2 * 2
    assert "<svg" not in to_html(EMPTY)


def test_a_plot_has_at_most_40_rows_and_its_table_all() -> None:
    rows = tuple((f"r{i}", 0.5) for i in range(500))
    page = to_html(replace(SIMPLE, systems=(replace(SIMPLE.systems[0], tables=(Table("t", ("t", "f1"), rows),)),)))
    assert page.count("<circle") == 4 + 40
    assert page.count(">r499<") == 1


def test_nothing_comes_from_the_network() -> None:
    page = to_html(FULL)
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert set(re.findall(r"https?://[^\"<]*", page)) == {"http://www.w3.org/2000/svg"}  # a name, not an address
    assert "default-src 'none'" in page


@settings(deadline=None, max_examples=50)
@given(TEXTS)
def test_any_text_is_text(text: str) -> None:
    texts = "".join(Page(to_html(report_of(text))).texts)
    assert printable(text) in texts
