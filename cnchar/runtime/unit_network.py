"""Opens the network of a bundle for pinyin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cnchar.bundle import Bundle
from cnchar.runtime.neural import DEPLOY_WEIGHTS, TRAIN_WEIGHTS, Device, batch_chars, open_network
from cnchar.tasks.unit_scores import OneWay, UnitScores, read_parts, score_ways

UnitNetwork = Callable[[Sequence[OneWay]], list[UnitScores]]


def open_unit_network(bundle: Bundle, device: Device = "auto", threads: int | None = None) -> UnitNetwork | None:
    """What scores the units of lattices that are one way, or None where a bundle has look-up tables alone.

    Raises as open_network does, and BadBundle for parts that do not fit together.
    """
    if not {DEPLOY_WEIGHTS, TRAIN_WEIGHTS} & set(bundle.config["files"]):
        return None
    parts = read_parts(bundle)
    network = open_network(bundle, parts.config, device, threads)
    size = batch_chars(network)
    return lambda ways: score_ways(network, parts, ways, size)
