"""Cuts blocks of lines into words by a network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnchar.bundle import Bundle
from cnchar.lookup.tagger import Contribution
from cnchar.runtime.engines import TaggingEngine
from cnchar.runtime.neural import Device, batch_chars, open_network
from cnchar.tasks import neural
from cnchar.tasks.read_network import read_parts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cnchar.lookup.symbols import Codes
    from cnchar.lookup.templates import View
    from cnchar.lookup.userdict import UserDictionary


class NeuralEngine(TaggingEngine):
    """A network, by itself or on top of look-up tables."""

    scale = neural.UNITS

    def __init__(
        self,
        bundle: Bundle,
        standard: str | None = None,
        user: UserDictionary | None = None,
        device: Device = "auto",
        threads: int | None = None,
    ) -> None:
        super().__init__(bundle, user)
        self.parts = read_parts(bundle, standard)
        self.transitions = self.parts.transitions
        self.network = open_network(bundle, self.parts.config, device, threads)

    def read(self, codes: Codes) -> View:
        """What the tables see in a block."""
        return neural.read_view(self.parts.tagger, self.parts.symbols, codes)

    def score(self, block: str, view: View) -> NDArray[np.int32]:
        """(4, N) scores of B, M, E, S."""
        return neural.to_scores(self._logits(block, view))

    def contributions(self, block: str, view: View) -> Iterator[Contribution]:
        """What each template of the tables adds, and what is left for the network."""
        rest = self._logits(block, view).astype(float)  # (N, 4)
        for part in self.parts.tagger.contributions(view) if self.parts.tagger else ():
            rest -= part.values
            yield part
        yield Contribution("network", rest)

    def _logits(self, block: str, view: View) -> NDArray[np.float32]:
        parts = self.parts
        features = neural.read_features(view, parts.tagger, parts.standard)
        return neural.score(
            self.network,
            block,
            features,
            max_length=parts.max_length,
            overlap=parts.overlap,
            batch_chars=batch_chars(self.network),
        )
