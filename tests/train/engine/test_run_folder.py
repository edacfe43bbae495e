from __future__ import annotations

from pathlib import Path

import pytest

from cnchar import __version__
from cnchar.errors import BadInput
from cnchar.train.engine.run_folder import RUN, change_run, check_data, check_free, goes_on, read_run, start_run

CONFIG, DATA = {"train": {"seed": 5}, "说明": "试"}, {"a.txt": "0" * 64}


def test_a_run_says_what_it_is_made_from(tmp_path: Path) -> None:
    start_run(tmp_path / "new" / "run", CONFIG, DATA)
    record = read_run(tmp_path / "new" / "run")
    assert (record["config"], record["data"]) == (CONFIG, DATA)
    assert record["versions"]["cnchar"] == __version__
    assert {"python", "platform", "numpy"} <= set(record["versions"])
    assert "试" in (tmp_path / "new" / "run" / RUN).read_text(encoding="utf-8")


def test_a_run_is_not_overwritten(tmp_path: Path) -> None:
    start_run(tmp_path, CONFIG, DATA)
    with pytest.raises(BadInput, match="--resume"):
        start_run(tmp_path, CONFIG, DATA)


@pytest.mark.parametrize("content", [None, "", "[]", '{"config": {}}', "\xff"])
def test_what_is_no_run_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / RUN).write_text(content, encoding="latin-1")
    with pytest.raises(BadInput, match=RUN):
        read_run(tmp_path)


def test_a_file_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="not the folder"):
        read_run(tmp_path / "file")


def test_changed_data_is_noticed(tmp_path: Path) -> None:
    start_run(tmp_path, CONFIG, DATA)
    check_data(read_run(tmp_path), {**DATA, "more": "1"})
    for changed in ({"a.txt": "1" * 64}, {}):
        with pytest.raises(BadInput, match=r"a\.txt is not what it was"):
            check_data(read_run(tmp_path), changed)


def test_a_run_that_goes_on_with_other_limits(tmp_path: Path) -> None:
    start_run(tmp_path, CONFIG, DATA)
    before = read_run(tmp_path)
    change_run(tmp_path, {"train": {"seed": 6}})
    assert read_run(tmp_path) == {**before, "config": {"train": {"seed": 6}}}


def test_a_folder_is_free_when_it_holds_nothing_but_what_a_killed_run_left(tmp_path: Path) -> None:
    check_free(tmp_path / "new")
    (tmp_path / ".data-0").mkdir()
    check_free(tmp_path)
    (tmp_path / "file").touch()
    for taken in (tmp_path, tmp_path / "file"):
        with pytest.raises(BadInput, match="exists already"):
            check_free(taken)


@pytest.mark.parametrize(
    ("began", "now", "restarts", "expected"),
    [
        ("abc", "abc", "1", True),
        ("abc", "abc", "0", True),  # machines came or went, which is not counted
        ("abc", "def", "1", False),  # another launch found a folder that is taken
        ("none", "none", "1", True),
        ("none", "none", "0", False),
        ("none", None, None, False),
        (None, "abc", "1", False),
    ],
)
def test_a_restart_by_torchrun_goes_on(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    began: str | None,
    now: str | None,
    restarts: str | None,
    expected: bool,
) -> None:
    def launched(name: str | None, restarts: str | None, command: str = "-o run") -> None:
        monkeypatch.setattr("sys.argv", ["cnchar", *command.split()])
        for key, value in {"TORCHELASTIC_RUN_ID": name, "TORCHELASTIC_RESTART_COUNT": restarts}.items():
            monkeypatch.delenv(key, raising=False) if value is None else monkeypatch.setenv(key, value)

    launched(began, "0")
    start_run(tmp_path / "run", CONFIG, DATA)
    launched(now, restarts)
    assert goes_on(tmp_path / "run") is expected
    assert not goes_on(tmp_path / "other")
    launched(now, restarts, "-o run --quiet")
    assert not goes_on(tmp_path / "run")
