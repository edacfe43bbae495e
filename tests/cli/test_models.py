"""`cnchar models`: what is shipped."""

from __future__ import annotations

import json
import re

from conftest import RunCommand

from cnchar import bundle

BUDGETS_MB = {"correct": 14, "pinyin2hanzi": 24, "segment-fast": 8, "segment-accurate": 10}  # contract.md, "Models"


def test_the_table_tells_size_licence_sources_and_scores(cnchar_here: RunCommand) -> None:
    ran = cnchar_here("models")
    assert (ran.code, ran.err) == (0, b"")
    entries = re.findall(r"^\S.*\n(?: .*\n)*", ran.text, re.MULTILINE)
    for entry, config in zip(entries, bundle.shipped_configs(), strict=True):
        size = bundle.size_of(config["name"]) / 1e6
        assert entry.startswith(f"{config['name']}@{config['version']}  {config['task']}  {size:.1f} MB\n")
        assert f"  licence  {config['licence']}\n" in entry
        assert all(source in entry for source in config["sources"])
        assert entry.count("\n  score    ") == len(config["scores"])


def test_json_holds_the_configs(cnchar_here: RunCommand) -> None:
    assert json.loads(cnchar_here("models", "--format", "json").text) == bundle.shipped_configs()


def test_what_is_shipped_is_whole_and_says_where_it_comes_from() -> None:
    for config in bundle.shipped_configs():
        opened = bundle.open_bundle(bundle.SHIPPED / config["name"], config["task"], (config["architecture"],))
        assert (opened.folder / bundle.CARD).read_text(encoding="utf-8").strip()
        assert {path.name for path in opened.folder.iterdir()} == {*config["files"], bundle.CONFIG, bundle.CARD}
        assert config["licence"]
        assert config["sources"]


def test_models_are_within_their_budgets() -> None:
    for name, _ in bundle.shipped():
        assert bundle.size_of(name) <= BUDGETS_MB[name] * 2**20
