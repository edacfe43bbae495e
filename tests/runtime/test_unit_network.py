from __future__ import annotations

from pathlib import Path

import pytest
from toy_pinyin import write_pinyin

from cnchar.bundle import open_bundle
from cnchar.errors import BadBundle
from cnchar.runtime.unit_network import open_unit_network
from cnchar.tasks.pinyin_tables import ARCHITECTURES


def test_look_ups_alone_have_no_network(tmp_path: Path) -> None:
    assert open_unit_network(open_bundle(write_pinyin(tmp_path), "pinyin2hanzi", ARCHITECTURES)) is None


def test_a_graph_without_what_belongs_to_it(tmp_path: Path) -> None:
    bundle = open_bundle(write_pinyin(tmp_path, {"model.onnx": b"no graph"}), "pinyin2hanzi", ARCHITECTURES)
    with pytest.raises(BadBundle, match="'model' is missing"):
        open_unit_network(bundle)
