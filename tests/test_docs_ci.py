"""The commands of docs/ci.md do what it says: run as they stand, in a clean directory, all but `pip install`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest
from conftest import ROOT

PAGE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
SETUP, *LATER = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
GITHUB, GITLAB = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
INSTALL = re.compile(r"pip install (\S+)\n")


def blocks(workflow: str, key: str) -> Iterator[str]:
    """The commands after `key`: the rest of its line, or the deeper lines below it after `|`."""
    lines = workflow.splitlines()
    for number, line in enumerate(lines):
        before, found, command = line.partition(key)
        if not found or before.strip(" -"):
            continue
        if command != "|":
            yield command + "\n"
            continue
        depth = len(before) + 2
        end = next((n for n in range(number + 1, len(lines)) if not lines[n].startswith(" " * depth)), len(lines))
        yield dedent("\n".join(lines[number + 1 : end])) + "\n"


WORKFLOWS = {
    "github": list(blocks(GITHUB, "run: ")),
    "gitlab": list(blocks(GITLAB.partition("script:\n")[2].partition("artifacts:")[0], "- ")),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A clean directory, set up as the page says, with a `cnchar` on the path."""
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin/cnchar"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cnchar "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    (tmp_path / "repository").mkdir()
    assert shell(tmp_path / "repository", SETUP)[0] == 0
    return tmp_path / "repository"


def shell(place: Path, command: str) -> tuple[int, str]:
    """Exit code and output of a step, run the way GitHub and GitLab do: a shell that stops at the first failure."""
    environment = {
        "PATH": f"{place.parent / 'bin'}{os.pathsep}/usr/bin{os.pathsep}/bin",
        "PYTHONPATH": str(ROOT),
        "HOME": str(place.parent),
        "GITHUB_STEP_SUMMARY": str(place.parent / "summary.md"),
    }
    run = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", command]
    done = subprocess.run(run, cwd=place, env=environment, capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout.decode()


def work(name: str) -> list[str]:
    return [step for step in WORKFLOWS[name] if not INSTALL.fullmatch(step)]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_the_first_step_installs_this_package(name: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    installed = INSTALL.fullmatch(WORKFLOWS[name][0])
    assert installed is not None
    assert installed[1] == project["name"]
    assert len(work(name)) == len(WORKFLOWS[name]) - 1 > 0


def test_github(place: Path) -> None:
    score, annotate = work("github")
    assert shell(place, score) == (0, "")
    assert shell(place, annotate)[1].startswith("::notice title=cnchar eval segment::segment-fast@")
    assert (
        (place.parent / "summary.md")
        .read_text(encoding="utf-8")
        .startswith("## cnchar eval segment: 2 of 2 gates passed\n")
    )
    uploaded = re.findall(r"path: (.*)", GITHUB)
    assert uploaded == ["reports/"]
    assert {path.name for path in (place / "reports").iterdir()} == {
        "eval.json",
        "eval.xml",
        "eval.html",
        "annotations.txt",
    }


def test_gitlab(place: Path) -> None:
    (score,) = work("gitlab")
    assert shell(place, score)[0] == 0
    (junit,) = re.findall(r"junit: (.*)", GITLAB)
    assert ElementTree.parse(place / junit).getroot().attrib == {
        "name": "cnchar eval", "tests": "2", "failures": "0", "errors": "0"
    }  # fmt: skip


@pytest.mark.parametrize("name", WORKFLOWS)
def test_a_worse_dictionary_fails_the_job_and_leaves_reports(place: Path, name: str) -> None:
    (place / "eval/terms.tsv").write_text("来到了\t1000000\n的星\t1000000\n", encoding="utf-8")
    score, *annotate = work(name)
    assert shell(place, score)[0] == 1
    assert (place / "reports/eval.html").exists()
    assert 'failures="2"' in (place / "reports/eval.xml").read_text(encoding="utf-8")
    for step in annotate:
        assert [line.partition(" ")[0] for line in shell(place, step)[1].splitlines()[:3]] == [
            "::error",
            "::error",
            "::notice",
        ]


def test_the_other_commands(place: Path) -> None:
    (score,) = work("gitlab")
    assert shell(place, score)[0] == 0
    paired, compare = LATER
    code, output = shell(place, paired)
    assert code == 0
    assert "p (bootstrap)" in output
    assert shell(place, compare) == (0, "")
    for page in ("paired.html", "compare.html"):
        assert (place / "reports" / page).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
