"""What pretraining is worth to a segmenter: the table of docs/pretraining.md.

    python -m bench.pretraining --base runs/base --train train.txt --dev dev.txt --test test.txt -o runs/worth

Each share of the labelled lines trains the same network from the weights of a masked model and from random ones, with
everything else alike: lines, known characters, batches, learning rates, the most characters that are seen, and the
development text that says when to stop. Seeds choose lines, first weights and order. Networks alone: no hashed pairs.

Each finished run leaves its score in the folder, and is not repeated; one that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import report
from cnchar.evaluate.segmentation import count_segmentation
from cnchar.nn.config import ModelConfig
from cnchar.runtime.segmenter import load_segmenter
from cnchar.tasks.language import VOCABULARY
from cnchar.train.engine.run_folder import RUN
from cnchar.train.finetune import finetune_segmenter
from cnchar.train.segment.options import SegmenterOptions
from cnchar.train.segment.start import from_model

BUDGETS = {0.01: 300_000, 0.1: 600_000, 1.0: 1_200_000}  # the most characters seen, of each share of the lines
SEEDS = (1, 2, 3, 4, 5)
BATCH, EVALUATIONS = 1024, 8  # characters; of each run, at most
DEV_LINES = 200  # enough to say when to stop
PRESET = "pretrained"  # its learning rates, for all runs
HEAD = ("labelled lines", "F1 from random weights", "F1 from pretrained weights", "gained")


@dataclass(frozen=True)
class Corpus:
    """Segmented files: lines to learn from, to stop by, and to report on."""

    train: Path
    dev: Path
    test: Path

    def share(self, share: float, seed: int) -> list[str]:
        """Some of the training lines, in their order."""
        lines = read(self.train)
        chosen = random.Random(seed).sample(range(len(lines)), max(1, round(share * len(lines))))
        return [lines[at] for at in sorted(chosen)]


@dataclass(frozen=True)
class Trial:
    """One run: a share of the labelled lines, a seed, and whether it begins with what was pretrained."""

    share: float
    seed: int
    pretrained: bool

    @property
    def name(self) -> str:
        """Of its files."""
        return f"{100 * self.share:g}%-{self.seed}-{'pretrained' if self.pretrained else 'random'}"


def read(path: Path) -> list[str]:
    """The lines of a file that are not blank."""
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def write(path: Path, lines: Iterable[str]) -> str:
    """Lines into a file; its name."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def shape(base: Path) -> Iterator[str]:
    """The settings that give a new network the shape that one has which begins with the pretrained one."""
    model = from_model(str(base), None).model
    assert model is not None
    plain = ModelConfig(symbols=model.symbols, labels=model.labels).as_dict()
    for name, value in model.as_dict().items():
        if value != plain[name]:
            yield f"{name}={json.dumps(value)}"


def train(trial: Trial, base: Path, corpus: Corpus, folder: Path, budget: int) -> Path:
    """Train as `cnchar finetune segment` does, or go on. Returns the folder of the run."""
    run = folder / trial.name
    if (run / RUN).exists():
        finetune_segmenter(SegmenterOptions(), None, resume=str(run), quiet=True)
        return run
    lines = write(folder / f"{trial.name}.txt", corpus.share(trial.share, trial.seed))
    dev = write(folder / "dev.txt", read(corpus.dev)[:DEV_LINES])
    every = max(1, budget // BATCH // EVALUATIONS)
    changes = [f"batch_chars={BATCH}", f"eval_every={every}", f"max_chars={budget}", f"seed={trial.seed}"]
    changes += ["epochs=0", "threads=1", "amp=bf16"]
    if trial.pretrained:
        asked = SegmenterOptions((lines,), (dev,), start=str(base))
    else:
        asked = SegmenterOptions((lines,), (dev,), vocab=str(base / VOCABULARY))
        changes += shape(base)
    finetune_segmenter(asked, str(run), preset=PRESET, changes=changes, quiet=True)
    return run


def score(run: Path, test: Path) -> float:
    """F1 of a finished run on a test text, from 0 to 1."""
    gold = read(test)
    found = load_segmenter(str(run), device="cpu", threads=1)("".join(line.split()) for line in gold)
    return count_segmentation(gold, (" ".join(each.words) for each in found)).tally.scores()["f1"]


def measure(trial: Trial, base: Path, corpus: Corpus, folder: Path, budget: int) -> float:
    """The trial's F1 on the test text, from 0 to 1: that of the last time, if there was one."""
    done = folder / f"{trial.name}.json"
    if not done.exists():
        run = train(trial, base, corpus, folder, budget)
        last = read(run / "metrics.jsonl")[-1]
        done.write_text(json.dumps({"f1": score(run, corpus.test), **json.loads(last)}) + "\n", encoding="utf-8")
        shutil.rmtree(run)
    f1: float = json.loads(done.read_text(encoding="utf-8"))["f1"]
    return f1


def row(share: float, lines: int, plain: Sequence[float], pretrained: Sequence[float]) -> tuple[str, ...]:
    """A line of the table, from F1 of each seed."""
    gained = [after - before for before, after in zip(plain, pretrained, strict=True)]
    return (
        f"{100 * share:g}% ({lines:,})",
        *map(spread, (plain, pretrained)),
        f"{100 * statistics.fmean(gained):+.2f}",
    )


def spread(scores: Sequence[float]) -> str:
    """Mean and standard deviation, in percent."""
    deviation = 100 * statistics.stdev(scores) if len(scores) > 1 else 0.0
    return f"{100 * statistics.fmean(scores):.2f} ± {deviation:.2f}"


def main(arguments: list[str] | None = None) -> None:
    """Train what has not been trained yet, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, required=True, help="a run of cnchar pretrain --objective masked")
    parser.add_argument("--output", "-o", type=Path, required=True, help="a folder for scores, and for runs at work")
    for name, about in {"train": "to learn from", "dev": "to stop by", "test": "to report on"}.items():
        parser.add_argument(f"--{name}", type=Path, required=True, help=f"segmented text {about}")
    parser.add_argument("--shares", type=float, nargs="+", default=list(BUDGETS), help="of the lines (0.01 0.1 1)")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS), help="(1 2 3 4 5)")
    parser.add_argument("--budget", type=int, help="the most characters that a run sees; else by share")
    asked = parser.parse_args(arguments)
    asked.output.mkdir(parents=True, exist_ok=True)
    corpus = Corpus(asked.train, asked.dev, asked.test)
    rows = []
    for share in asked.shares:
        budget = asked.budget or BUDGETS[share]
        pairs = [
            [measure(Trial(share, seed, begun), asked.base, corpus, asked.output, budget) for begun in (False, True)]
            for seed in asked.seeds
        ]
        rows.append(row(share, len(corpus.share(share, 1)), *zip(*pairs, strict=True)))
    print(report.table(HEAD, rows), end="")


if __name__ == "__main__":
    main()
