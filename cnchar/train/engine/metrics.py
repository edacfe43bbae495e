"""What a run measured: metrics.jsonl first, TensorBoard and a picture of the curves besides."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cnchar.errors import MissingExtra
from cnchar.io.files import atomic_output

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

METRICS, CURVE = "metrics.jsonl", "learning-curve.png"
# A training record: step, epoch, share (of the run, 0 to 1), characters, seconds, loss, lr, characters_per_second.
# An evaluation: step, epoch, share, characters, seconds, and dev, the scores by name, the one to choose by first.
Record = Mapping[str, Any]


class Metrics:
    """Appends records to metrics.jsonl, each a line, and to TensorBoard's files if they are wanted."""

    def __init__(self, folder: Path, keep: int = 0, tensorboard: bool = False) -> None:
        """Goes on after `keep` records: a run that was killed wrote more before it died, and will write them again."""
        self._path = folder / METRICS
        kept = read_metrics(folder)[:keep] if keep else []
        with atomic_output(str(self._path), force=True) as out:
            out.writelines(_line(record) for record in kept)
        self._board = _open_board(folder, kept[-1]["step"] if kept else 0) if tensorboard else None

    def write(self, record: Record) -> None:
        """Add a record; it is on disk when this returns."""
        with self._path.open("ab") as stream:
            stream.write(_line(record))
        if self._board is not None:
            for name, value in _curves(record):
                self._board.add_scalar(name, value, record["step"])

    def close(self) -> None:
        """Nothing more will be written."""
        if self._board is not None:
            self._board.close()


def read_metrics(folder: Path) -> list[dict[str, Any]]:
    """The records of a run, without a last line that a killed run left unfinished."""
    path = folder / METRICS
    lines = path.read_bytes().split(b"\n")[:-1] if path.exists() else []
    return [json.loads(line) for line in lines]


def draw_curve(folder: Path) -> bool:
    """Draw learning-curve.png from the metrics: loss, and the dev score. False where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return False
    records = read_metrics(folder)
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    loss = figure.subplots()
    losses = [(record["step"], record["loss"]) for record in records if "loss" in record]
    loss.plot(*zip(*losses, strict=True), color="tab:blue") if losses else None
    loss.set(xlabel="step", ylabel="training loss", yscale="log")
    name, scores = dev_scores(records)
    if scores:
        score = loss.twinx()
        score.plot(*zip(*scores, strict=True), color="tab:orange", marker=".")
        score.set_ylabel(f"dev {name}")
    with atomic_output(str(folder / CURVE), force=True) as out:
        figure.savefig(out, format="png", dpi=120)
    return True


def dev_scores(records: list[dict[str, Any]]) -> tuple[str, list[tuple[int, float]]]:
    """The name of the score to choose by, and its values with their steps."""
    evaluations = [(record["step"], next(iter(record["dev"].items()))) for record in records if record.get("dev")]
    return (evaluations[0][1][0] if evaluations else ""), [(step, value) for step, (_, value) in evaluations]


def _line(record: Record) -> bytes:
    return (json.dumps(record, ensure_ascii=False) + "\n").encode()


def _curves(record: Record) -> Iterator[tuple[str, float]]:
    """Names and values for TensorBoard: train/loss, train/lr, dev/f1 and so on."""
    for name, value in record.get("dev", {}).items():
        yield f"dev/{name}", value
    for name in ("loss", "lr", "characters_per_second"):
        if name in record:
            yield f"train/{name}", record[name]


def _open_board(folder: Path, step: int) -> SummaryWriter:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise MissingExtra("TensorBoard", "tensorboard") from None
    return SummaryWriter(str(folder / "tensorboard"), purge_step=step + 1)
