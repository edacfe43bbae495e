"""Read back with markdown-it, a parser that follows CommonMark and GitHub's tables (rich brings it)."""

from __future__ import annotations

from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cnchar.evaluate.markup import printable
from cnchar.evaluate.render_markdown import STEP_SUMMARY, to_markdown
from cnchar.evaluate.report import Error, Report, Table
from evaluate.hostile import TEXTS, report_of
from evaluate.samples import FULL, SIMPLE

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tables(markdown: str) -> list[list[list[str]]]:
    """The cells of all tables; a cell that holds anything but text fails."""
    found: list[list[list[str]]] = []
    for token in PARSER.parse(markdown):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open":
            found[-1].append([])
        elif token.type == "inline" and found and token.level > 3:
            assert {child.type for child in token.children or ()} <= {"text", "strong_open", "strong_close"}, token
            found[-1][-1].append("".join(child.content for child in token.children or ()))
    return found


def test_scores_differences_and_intervals() -> None:
    gates, scores, comparisons, *_ = tables(to_markdown(FULL))
    assert [row[3] for row in gates] == ["", "passed", "failed", "passed"]
    assert scores[0] == ["score", "fast@1", "<b> & co"]
    assert scores[1] == ["f1", "96.64 %, 96.24 % to 97.01 %", "97.02 % (+0.38 points), 96.62 % to 97.39 %"]
    assert scores[2] == ["oov recall", "71.00 %", "69.00 % (-2.00 points)"]
    assert comparisons[1] == [
        "f1",
        "fast@1",
        "<b> & co",
        "+0.38 points",
        "+0.11 points to +0.66 points",
        "0.0040",
        "0.0031",
    ]


def test_errors_and_tables_are_all_there() -> None:
    found = tables(to_markdown(FULL))
    assert len(found) == 3 + 2 * 5
    assert found[3][1] == ["1,204", "网易 杭研", "网易杭研", "17", "他 来到 了 [网易 杭研] 大厦"]
    assert found[4] == [
        ["length", "sentences", "f1"],
        ["1-10", "812", "97.64 %"],
        ["11-20", "700", "96.64 %"],
        ["101+", "3", "84.64 %"],
    ]


@settings(deadline=None)
@given(TEXTS)
def test_any_text_stays_in_its_cell_and_reads_as_it_was(text: str) -> None:
    shown = " ".join(printable(text).split())
    gates, scores, comparisons, errors, by_slice, matrix, *_ = tables(to_markdown(report_of(text)))
    assert gates[1][0] == shown
    assert scores[0] == ["score", shown, shown]
    assert comparisons[1][1:3] == [shown, shown]
    assert errors[1][1:3] == [shown, shown]
    assert by_slice == [["field", "f1"], [shown, "50.00 %"]]
    assert matrix == [["gold", shown], [shown, "3"]]


def long_report() -> Report:
    (system,) = SIMPLE.systems
    rows = tuple((f"类{i}", i) for i in range(60_000))
    errors = tuple(Error("网易 杭研", "网易杭研", 1, i, "他 来到 了", "大厦") for i in range(100))
    return Report(
        "classify",
        {},
        (
            type(system)(
                system.name, system.signature, {}, system.scores, {}, (Table("classes", ("class", "n"), rows),), errors
            ),
        ),
    )


def test_cut_to_fit_a_step_summary() -> None:
    markdown = to_markdown(long_report())
    assert STEP_SUMMARY - 200 < len(markdown.encode()) <= STEP_SUMMARY
    assert markdown.endswith(
        "</details>\n\n**Cut here to fit the summary; the json and html reports hold everything.**\n"
    )
    assert tables(markdown)[2][-1][0].startswith("类")


@settings(deadline=None, max_examples=50)
@given(st.integers(200, 4000))
def test_cut_at_a_line_with_folds_closed(limit: int) -> None:
    whole, markdown = to_markdown(FULL), to_markdown(FULL, limit)
    assert len(markdown.encode()) <= limit
    assert markdown.count("<details>") == markdown.count("</details>")
    kept = markdown.partition("\n**Cut here")[0].removesuffix("\n</details>\n")
    assert whole.startswith(kept)
    assert whole[len(kept) - 1 :].startswith("\n")


def test_nothing_is_cut_that_fits() -> None:
    whole = to_markdown(FULL)
    assert to_markdown(FULL, len(whole.encode())) == whole
    assert "Cut here" not in unescape(whole)
