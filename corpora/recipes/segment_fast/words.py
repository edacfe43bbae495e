"""The model's characters and dictionaries: what counts as a symbol, and which runs of symbols are known words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from cnchar.lookup.lexicon import MAX_LENGTH, MIN_LENGTH, Lexicon
from cnchar.lookup.symbols import (
    FIRST_CHARACTER,
    HANZI_RANGES,
    MAX_SYMBOLS,
    TABLE_SIZE,
    UNKNOWN_HANZI,
    Kind,
    SymbolTable,
)

LEAST_COUNT = 8  # a rarer character is UNKNOWN to the model
LEAST_JIEBA = 3  # jieba's dictionary has many words seen once or twice that are none
KEEP_TRADITIONAL = "乾"  # stands in simplified text too: 乾隆, 乾坤
JIEBA, OTHER = 1, 2  # class bits: dictionary A and dictionary B of the templates
_HANZI_WORD = re.compile(f"[\u3400-\u4dbf\u4e00-\u9fff〇]{{{MIN_LENGTH},{MAX_LENGTH}}}")


def traditional_fold() -> dict[str, str]:
    """Each character that OpenCC's character map reads as another, simplified one."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    characters = [chr(code) for first, last in HANZI_RANGES for code in range(first, last + 1)]
    pairs = ((c, convert(c)) for c in characters)
    return {c: simple for c, simple in pairs if simple != c and len(simple) == 1 and c not in KEEP_TRADITIONAL}


def characters(texts: Iterable[str], fold: dict[str, str]) -> list[str]:
    """The characters of the texts that get a symbol of their own, most frequent first, equals by code point."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text)
    kinds = SymbolTable([], {}).kinds
    special = (Kind.SEPARATOR, Kind.DIGIT, Kind.LETTER)

    def fits(c: str) -> bool:
        code = ord(c)
        return code < TABLE_SIZE and kinds[code] not in special and c not in fold and not 0xFF5E >= code >= 0xFF21

    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    fitting = [c for c, count in ordered if count >= LEAST_COUNT and fits(c)]
    return fitting[: MAX_SYMBOLS - FIRST_CHARACTER]


def jieba_words() -> Iterator[str]:
    import jieba

    with (Path(jieba.__file__).parent / "dict.txt").open(encoding="utf-8") as stream:
        for line in stream:
            word, count, _ = line.split(" ")
            if int(count) >= LEAST_JIEBA:
                yield word


def other_words(thuocl: Path) -> Iterator[str]:
    """wordfreq's Chinese words (large list) and the THUOCL domain lists."""
    from wordfreq import get_frequency_dict

    yield from get_frequency_dict("zh", "large")
    for path in sorted(thuocl.glob("THUOCL_*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from line.split()[:1]


def build_lexicon(symbols: SymbolTable, thuocl: Path) -> Lexicon:
    """All words of 2 to 6 hanzi, as runs of the model's symbols."""
    runs: dict[tuple[int, ...], int] = {}
    for words, bit in ((jieba_words(), JIEBA), (other_words(thuocl), OTHER)):
        for word in words:
            if _HANZI_WORD.fullmatch(word):
                run = tuple(symbols.symbols[[ord(c) for c in word]].tolist())
                if UNKNOWN_HANZI not in run:
                    runs[run] = runs.get(run, 0) | bit
    return Lexicon.build(runs)
