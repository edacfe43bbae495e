"""`cnchar models`: what is shipped."""

from __future__ import annotations

import json

from conftest import RunCommand

from cnchar import bundle

BUDGET_MB = 8  # of segment-fast (contract.md, "Models")


def test_the_table_tells_size_licence_sources_and_scores(cnchar_here: RunCommand) -> None:
    ran = cnchar_here("models")
    (name, version), *_ = bundle.shipped()
    assert (ran.code, ran.err) == (0, b"")
    assert ran.text.startswith(f"{name}@{version}  segment  {bundle.size_of(name) / 1e6:.1f} MB\n")
    (config, *_) = bundle.shipped_configs()
    assert f"  licence  {config['licence']}\n" in ran.text
    assert all(source in ran.text for source in config["sources"])
    assert ran.text.count("\n  score    ") == len(config["scores"])


def test_json_holds_the_configs(cnchar_here: RunCommand) -> None:
    assert json.loads(cnchar_here("models", "--format", "json").text) == bundle.shipped_configs()


def test_what_is_shipped_is_whole_and_says_where_it_comes_from() -> None:
    for config in bundle.shipped_configs():
        opened = bundle.open_bundle(bundle.SHIPPED / config["name"], config["task"], (config["architecture"],))
        assert (opened.folder / bundle.CARD).read_text(encoding="utf-8").strip()
        assert {path.name for path in opened.folder.iterdir()} == {*config["files"], bundle.CONFIG, bundle.CARD}
        assert config["licence"]
        assert config["sources"]


def test_the_fast_model_is_within_its_budget() -> None:
    assert bundle.size_of("segment-fast") <= BUDGET_MB * 2**20
