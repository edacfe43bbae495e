"""A causal network beside a character 5-gram with modified Kneser-Ney smoothing: `python -m bench.language runs/lm`.

Both have learned the same lines of the run's own files and know the same characters; any other is [UNK] to both, and
both pay for the end of a line. Both are scored on all lines that the run held out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import report
from bench.kneser_ney import KneserNey, learned
from cnchar.bundle import open_bundle
from cnchar.errors import BadInput
from cnchar.evaluate.language import LANGUAGE
from cnchar.evaluate.report import Comparison
from cnchar.evaluate.significance import Resampled, Resampling, bootstrap, compare
from cnchar.runtime.language import LanguageModel
from cnchar.tasks.language import TASK, LineScore
from cnchar.tasks.tables import NEURAL
from cnchar.train.engine.run_folder import read_run
from cnchar.train.export.deploy import read_weights
from cnchar.train.language.options import PretrainOptions
from cnchar.train.text.run import DATA
from cnchar.train.text.shards import open_text

HEAD = ("model", "what it keeps", "bits per character", "perplexity")


@dataclass(frozen=True)
class Rival:
    """A model, how much it keeps, and what each line costs it."""

    name: str
    size: str
    scores: list[LineScore]

    def row(self) -> tuple[str, ...]:
        """Its line of the table."""
        bits = sum(each.bits for each in self.scores) / sum(each.characters for each in self.scores)
        return self.name, self.size, f"{bits:.3f}", f"{2**bits:.1f}"

    def resampled(self, how: Resampling) -> Resampled:
        """Its counts as resampling wants them: 1, characters and bits of each line."""
        counts = np.array([(1, each.characters, each.bits) for each in self.scores], float)
        return Resampled(self.name, counts, bootstrap(counts, how))


def training_lines(folder: Path) -> Iterator[str]:
    """The lines that the run learned from, out of its own files. Raises BadInput where a file has changed since."""
    options = PretrainOptions.from_dict(read_run(folder)["config"]["options"])
    digests = open_text(folder / DATA).digests
    for path in options.text:
        text = options.reading.open(path)
        yield from learned(text.lines())
        if text.sha256 != digests[path]:
            raise BadInput(f"{path} is not what it was when {folder} was trained.")


def rivals(folder: Path, order: int = 5) -> tuple[Rival, Rival]:
    """The n-grams and the network, scored on what the run held out."""
    lines = list(open_text(folder / DATA).held_out())
    bundle = open_bundle(folder, TASK, (NEURAL,))
    model = LanguageModel(bundle)
    counted = KneserNey(training_lines(folder), model.language.vocab, order)
    grams = sum(len(each.keys) for each in counted.orders)
    weights = sum(weight.numel() for weight in read_weights(bundle).values())
    config = model.language.config
    return (
        Rival(f"{order}-gram, modified Kneser-Ney", f"{grams / 1e6:.2f} M n-grams", list(counted.score(lines))),
        Rival(
            f"{config.backbone} {config.hidden} x {config.layers}", f"{weights / 1e6:.2f} M weights", list(model(lines))
        ),
    )


def difference(base: Rival, other: Rival, how: Resampling) -> Comparison:
    """By how many bits per character `other` differs, and how sure that is."""
    return compare(LANGUAGE, base.resampled(how), other.resampled(how), how)[0]


def main(arguments: list[str] | None = None) -> None:
    """Print the table, and the difference with its interval."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="the folder of a finished causal run of cnchar pretrain")
    parser.add_argument("--order", type=int, default=5, help="the longest n-gram (5)")
    asked = parser.parse_args(arguments)
    base, other = rivals(asked.run, asked.order)
    found = difference(base, other, Resampling())
    characters = sum(each.characters for each in base.scores)
    print(report.table(HEAD, (base.row(), other.row())))
    print(
        f"{len(base.scores):,} held-out lines, {characters:,} characters with their ends. Difference "
        f"{found.difference:+.3f} bits per character, 95% interval {found.interval.low:+.3f} to "
        f"{found.interval.high:+.3f} (paired bootstrap over lines)."
    )


if __name__ == "__main__":
    main()
