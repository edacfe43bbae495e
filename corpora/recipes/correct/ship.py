"""Decides how the trained network's suggestions are weighed, and writes the bundle.

usage: python ship.py RUN DATA OUT [VERSION [OLDER=SHARE ...]]

RUN is the folder of a run of `cnchar finetune correct` on the text of corpora/raw.toml and the pairs under DATA/csc.
All is chosen on lines that were never learned from: every tenth pair of sighan.train15 and of ECSpell's files, and the
held-out lines of the raw text by domain. The tests report only (score.py). With OLDER, runs that RUN went on from, the
network is the average of all, in which each older one has its share (Wortsman et al. 2022).
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from deepen import deeper
from torch import Tensor

from cnchar.bundle import write_bundle
from cnchar.corpus.segmented import SegmentedFile
from cnchar.nn.config import ModelConfig
from cnchar.nn.model import CharacterModel
from cnchar.runtime.neural import available_cpus, open_session
from cnchar.tasks.correct_parts import FEATURES, MAX_LENGTH, OVERLAP, TASK, Parts, confusion_files
from cnchar.tasks.fluency import TABLES, open_fluency
from cnchar.tasks.language import VOCABULARY
from cnchar.tasks.looks import Scores, first_draft
from cnchar.tasks.neural import Batch
from cnchar.tasks.tables import NEURAL
from cnchar.train.correct.curve import THRESHOLDS, Curve, curve_of, reliability
from cnchar.train.correct.decision import fit_weights, judge
from cnchar.train.correct.write import reliability_table, suggestion_bytes, table
from cnchar.train.engine.checkpoint import BEST, load_weights, read_tensors
from cnchar.train.export.compact import compact_onnx
from cnchar.train.export.deploy import MODEL
from cnchar.train.text.pairs import Pair, error_counts, split_pairs
from cnchar.train.text.shards import TextShards, open_text

DEVELOPMENT = ("sighan.train15", "ecspell_law.train", "ecspell_med.train", "ecspell_odw.train")
DOMAIN_CHARS = 24_000  # of held-out raw text, for each domain
WORST, NEWS = 3.5, 2.0  # edits among 10,000 characters of such text at the default threshold: any domain; news
LEAST = 0.3  # confidence of an edit
CAREFUL = 12  # layers of the network whose weights have eight bits
TWICE = 2  # times that a confusion was made in the training pairs
SOURCES = [
    "raw text of corpora/raw.toml without its held-out lines, with made errors",
    "SIGHAN 2013, 2014 and 2015 training pairs (research)",
    "ECSpell training pairs of law, medicine and official documents (MIT)",
    "cnchar/pinyin/data: readings (pypinyin, MIT), shapes (chaizi CC BY 3.0, ECSpell MIT, SimilarCharacter Apache-2.0)",
    "confusions.tsv: how often a character was typed for another in these pairs, twice or more",
    "the look-up tables of pinyin2hanzi, which it asks as it runs",
]


class Graph:
    """The network as it will ship."""

    def __init__(self, graph: bytes) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / MODEL
            path.write_bytes(graph)
            self.session = open_session(path, available_cpus())

    def __call__(self, batch: Batch) -> Scores:
        return Scores(*self.session.run(["typed", "scores", "targets"], batch))


def network(run: Path, older: Mapping[Path, float]) -> CharacterModel:
    """The model as the best evaluation of the run left it, averaged with older ones that may have fewer layers."""
    config, weights = _left_by(run)
    mean = {name: (1 - sum(older.values())) * value for name, value in weights.items()}
    for each, share in older.items():
        shape, values = _left_by(each)
        for name, value in deeper(values, shape.layers, config.layers).items():
            mean[name] += share * value
    model = CharacterModel(config)
    load_weights(model, mean, run / BEST)
    return model.eval()


def _left_by(run: Path) -> tuple[ModelConfig, dict[str, Tensor]]:
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    return ModelConfig.from_dict(record["config"]["model"]), read_tensors(run / BEST)[0]


def development(data: Path) -> dict[str, list[Pair]]:
    """The contract's development pairs, by file."""
    return {name: split_pairs(str(data / "csc" / f"{name}.tsv"))[1] for name in DEVELOPMENT}


def quiet_lines(text: TextShards) -> dict[str, list[str]]:
    """Held-out lines of raw text by domain, spread over its files; long ones cut."""
    files: dict[str, list[list[str]]] = defaultdict(list)
    for shard in text.shards:
        domain, rest, _ = Path(shard.source).name.partition("__")
        if rest and shard.held_out_lines:
            lines = SegmentedFile(str(text.folder / shard.files["held_out"][0])).lines()
            files[domain].append([line[:300] for line in lines if len(line) > 5])
    found = {}
    for domain, each in files.items():
        budget, kept = DOMAIN_CHARS // len(each), []
        for lines in each:
            step = max(1, sum(map(len, lines)) // budget)
            kept += lines[::step]
        found[domain] = kept
    return found


def default_threshold(quiet: dict[str, Curve]) -> float:
    """The least threshold that is careful enough everywhere."""
    for threshold in THRESHOLDS:
        careful = all(curve.changes(threshold) <= WORST for curve in quiet.values())
        if threshold >= LEAST and careful and quiet["news"].changes(threshold) <= NEWS:
            return threshold
    return THRESHOLDS[-1]


def main(run: Path, data: Path, out: Path, version: int, older: Mapping[Path, float]) -> None:
    """Write the bundle."""
    model, text = network(run, older), open_text(run / "data")
    graph = compact_onnx(suggestion_bytes(model), bits=4, careful=CAREFUL, long=model.config.bigrams)
    session = Graph(graph)
    empty = Parts(model.config, text.alphabet, np.zeros(len(FEATURES)), 1.0, MAX_LENGTH, OVERLAP)
    confusions = {pair: count for pair, count in error_counts(text).items() if count >= TWICE}
    parts = replace(empty, fluency=open_fluency(), confusions=confusions)
    pairs = {}
    for name, rows in development(data).items():
        typed, meant = zip(*rows, strict=True)
        pairs[name] = judge(parts, session, first_draft(typed), meant)
    quiet = {domain: judge(parts, session, first_draft(lines), lines) for domain, lines in quiet_lines(text).items()}
    parts = replace(parts, weights=fit_weights([*pairs.values(), *quiet.values()]).round(4))
    loud = {name: curve_of(parts, session, each) for name, each in pairs.items()}
    silent = {domain: curve_of(parts, session, each) for domain, each in quiet.items()}
    default, best = default_threshold(silent), loud["sighan.train15"].best()
    rows = [("---",) * 5, *((name, *_cells(curve, default)) for name, curve in loud.items())]
    domains = [
        (name, f"{curve.changes(default):.2f}", f"{curve.changed_lines(default):.2%}") for name, curve in silent.items()
    ]
    report = {
        "pairs": table([("pairs", "precision", "recall", "F1", "best F1"), *rows]),
        "domains": table([("domain", "edits among 10,000 characters", "lines changed"), ("---",) * 3, *domains]),
        "reliability": reliability_table(reliability([*loud.values(), *silent.values()])),
    }
    limits = {"threshold": default, "worst": WORST, "news": NEWS}
    card = (Path(__file__).parent / "CARD.md").read_text(encoding="utf-8").format(**report, **limits)
    config = {
        "name": "correct",
        "version": version,
        "task": TASK,
        "architecture": NEURAL,
        "normalisation": "none",
        "model": model.config.as_dict(),
        "max_length": parts.max_length,
        "overlap": parts.overlap,
        "fluency": TABLES,
        "decision": dict(zip(FEATURES, parts.weights.tolist(), strict=True)),
        "thresholds": {"default": default, "best_f1": best.threshold},
        "licence": "CC-BY-SA-4.0",
        "sources": SOURCES,
        "scores": [],
    }
    files = {VOCABULARY: text.alphabet.vocab.dumps().encode(), MODEL: graph, **confusion_files(parts.confusions)}
    write_bundle(out, config, files, card)
    print(report["pairs"], report["domains"], report["reliability"], sep="\n\n")
    print(f"default {default}, best F1 at {best.threshold}: {best.f1:.4f}")
    print(config["decision"])


def _cells(curve: Curve, threshold: float) -> tuple[str, ...]:
    at = curve.at(threshold)
    return tuple(f"{share:.1%}" for share in (at.precision, at.recall, at.f1, curve.best().f1))


if __name__ == "__main__":
    run, data, out = map(Path, sys.argv[1:4])
    older = {Path(name): float(share) for name, _, share in (each.rpartition("=") for each in sys.argv[5:])}
    main(run, data, out, int(sys.argv[4]) if sys.argv[4:] else 1, older)
