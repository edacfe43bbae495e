"""Put a network beside the tables: `python join.py TABLES NETWORK OUT WEIGHT`.

TABLES: a bundle of look-ups alone. NETWORK: the folder of network.sh. WEIGHT: of the network's scores, chosen by
weigh.py. The graph is made small: tables and matrices as int8.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cnchar.bundle import CARD, open_bundle, write_bundle
from cnchar.nn.model import CharacterModel
from cnchar.tasks.pinyin2hanzi import TASK
from cnchar.tasks.pinyin_tables import ARCHITECTURES
from cnchar.tasks.tables import NEURAL
from cnchar.tasks.unit_scores import UNITS, VOCABULARY, output_files, read_parts
from cnchar.train.export.compact import compact_onnx
from cnchar.train.export.deploy import MODEL, load_weights, onnx_bytes, read_weights
from cnchar.train.pinyin.development import parts_of


def main(tables_folder: Path, network_folder: Path, out: Path, weight: float) -> None:
    tables = open_bundle(tables_folder, TASK, ARCHITECTURES)
    network = open_bundle(network_folder, TASK, (NEURAL, *ARCHITECTURES))
    if tables.lines(UNITS) != network.lines(UNITS):
        raise SystemExit(f"{tables_folder} and {network_folder} have other units.")
    parts = read_parts(network)
    model = CharacterModel(parts.config)
    load_weights(model, read_weights(network), str(network_folder))
    exact = parts_of(model.eval(), parts.units, parts.alphabet)
    files = {name: tables.path(name).read_bytes() for name in tables.config["files"]}
    files |= {VOCABULARY: network.path(VOCABULARY).read_bytes(), **output_files(exact.table, exact.bias)}
    files[MODEL] = compact_onnx(onnx_bytes(model), bits=8)
    config = {key: value for key, value in tables.config.items() if key not in ("format_version", "files")}
    kept = {"model": parts.config.as_dict(), "max_length": parts.max_length, "overlap": parts.overlap}
    card = (tables_folder / CARD).read_text(encoding="utf-8")
    write_bundle(out, {**config, **kept, "network_weight": weight}, files, card)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), float(sys.argv[4]))
