from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from evaluate.samples import FULL

from cnchar.cli.reports import KINDS, check_reports, render, write_reports
from cnchar.errors import BadInput


def test_kinds_and_paths() -> None:
    assert check_reports(["json:a.json", "html:C:/b:c.html"]) == [("json", "a.json"), ("html", "C:/b:c.html")]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (["xml:a.xml"], "KIND:PATH with a kind of text, json, markdown, junit, github, html"),
        (["json"], "KIND:PATH"),
        (["json:"], "KIND:PATH"),
        (["json:a", "text:a"], "names a twice"),
    ],
)
def test_what_cannot_be_meant(wanted: list[str], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        check_reports(wanted)


def test_several_at_once_replace_those_of_an_earlier_run(tmp_path: Path) -> None:
    wanted = [(kind, str(tmp_path / "reports" / kind)) for kind in KINDS]
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/json").write_text("of an earlier run")
    write_reports(FULL, wanted)
    assert {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "reports").iterdir()} == {
        kind: render(FULL, kind) for kind in KINDS
    }
    assert json.loads((tmp_path / "reports/json").read_bytes())["task"] == "segment"
    assert ElementTree.parse(tmp_path / "reports/junit").getroot().tag == "testsuites"
