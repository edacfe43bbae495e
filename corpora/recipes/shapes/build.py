"""Makes cnchar/pinyin/data/shapes.tsv: which characters look alike.

usage: python corpora/recipes/shapes/build.py LEXICON VOCABULARY OUT

LEXICON holds components/ (chaizi, CC BY 3.0), ecspell/ (MIT) and similar_characters/ (Apache-2.0); VOCABULARY is what
`cnchar build-vocab` wrote. Two characters are compared by the parts they are made of, by their four-corner codes, and
by whether a list of confusions has them; a character keeps those that are like enough, the likest first.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

from cnchar.text.vocab import Vocab

LEAST, MOST = 0.5, 12  # likeness, and characters kept for each
WEIGHTS = {"parts": 0.6, "corners": 0.25, "ecspell": 0.25, "similar": 0.15}
HEADER = """\
# Which characters look alike: character<TAB>those like it, the likest first. Made by corpora/recipes/shapes/build.py
# from chaizi (CC BY 3.0), ECSpell's confusions (MIT) and SimilarCharacter's tables (Apache-2.0); see NOTICE.
"""


class Lexicon:
    """What is known of the characters' shapes."""

    def __init__(self, folder: Path) -> None:
        rows = (folder / "components" / "chaizi-jt.txt").read_text(encoding="utf-8").splitlines()
        self.made_of = {row.split("\t")[0]: row.split("\t")[1].split(" ") for row in rows if "\t" in row}
        self.corners = _json(folder / "similar_characters" / "four_corner_dict.json")
        self.ecspell = _json(folder / "ecspell" / "shapeConfusion.json")
        self.similar = _json(folder / "similar_characters" / "shape_confusion_dict.json")
        self.parts = cache(self._parts)

    def _parts(self, character: str, depth: int = 0) -> Counter[str]:
        """The parts of a character, weighed by how much of it they are: each level shares its whole evenly."""
        own = self.made_of.get(character, [])
        found: Counter[str] = Counter()
        if not own or depth == 3 or own == [character]:
            return Counter({character: 1000})
        for part in own:
            inner = self._parts(part, depth + 1)
            for name, weight in inner.items():
                found[name] += weight // (2 * len(own))
            found[part] += 1000 // (2 * len(own))
        return found

    def likeness(self, one: str, other: str) -> float:
        """About 0 to 1."""
        a, b = self.parts(one), self.parts(other)
        shared = 2 * (a & b).total() / max(1, a.total() + b.total())
        corners = [x == y for x, y in zip(self.corners.get(one, ""), self.corners.get(other, ""), strict=False)]
        found = {
            "parts": shared,
            "corners": sum(corners) / max(1, len(corners)),
            "ecspell": other in self.ecspell.get(one, ()) or one in self.ecspell.get(other, ()),
            "similar": other in self.similar.get(one, ()) or one in self.similar.get(other, ()),
        }
        return sum(WEIGHTS[name] * value for name, value in found.items())

    def rivals(self, known: set[str]) -> dict[str, set[str]]:
        """Characters worth comparing: those that share a part, or all parts, or a code, or that a list has together."""
        by_part: dict[object, set[str]] = defaultdict(set)
        for character in known:
            for part in self._traits(character):
                by_part[part].add(character)
        rivals = {}
        for character in known:
            near = {*self.ecspell.get(character, ()), *self.similar.get(character, ())} & known
            for part in self._traits(character):
                if len(by_part[part]) < 400:
                    near |= by_part[part]
            rivals[character] = near - {character}
        return rivals

    def _traits(self, character: str) -> list[object]:
        return [*self.parts(character), tuple(sorted(self.made_of[character])), int(self.corners[character])]


def _json(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8-sig")))


def main(lexicon_folder: str, vocabulary: str, out: str) -> None:
    """Write the table."""
    lexicon = Lexicon(Path(lexicon_folder))
    characters = [c for c in Vocab.load(vocabulary).characters if c in lexicon.corners and c in lexicon.made_of]
    rivals = lexicon.rivals(set(characters))
    rank = {c: i for i, c in enumerate(characters)}
    with Path(out).open("w", encoding="utf-8", newline="\n") as table:
        table.write(HEADER)
        for character in characters:
            scored = [(lexicon.likeness(character, rival), rival) for rival in rivals[character]]
            kept = sorted((-score, rank[rival], rival) for score, rival in scored if score >= LEAST)[:MOST]
            if kept:
                table.write(f"{character}\t{''.join(rival for _, _, rival in kept)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
