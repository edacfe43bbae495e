"""Stop words out of text, found as words by jieba (the [jieba] extra)."""

from __future__ import annotations

import warnings
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from cnchar.errors import BadInput, MissingExtra


def remove_stopwords(line: str, *, list: str = "") -> str:
    """Words of the list (a file, one word a line; without it the shipped one) out, where jieba cuts them as words.

    Words that become neighbours are cut anew until nothing changes. Raises MissingExtra without jieba.
    """
    words = load_stopwords(list)
    cut = tokenizer().lcut
    while True:
        pieces = cut(line, HMM=False)
        kept = [piece for piece in pieces if piece not in words]
        if len(kept) == len(pieces):
            return line
        line = "".join(kept)


@lru_cache(maxsize=4)
def load_stopwords(path: str = "") -> frozenset[str]:
    """The words of a UTF-8 file, one a line, `#` comments; "" is the shipped list. Raises BadInput."""
    try:
        if path:
            text = Path(path).read_text("utf-8-sig")
        else:
            text = (resources.files("cnchar.text") / "data" / "stopwords.txt").read_text("utf-8")
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8: convert the list of stop words first.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read as a list of stop words: {error.strerror}.") from None
    lines = (line.strip() for line in text.split("\n"))
    return frozenset(line for line in lines if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def tokenizer() -> Any:
    """A jieba tokenizer of our own, which neither logs nor leaves a cache in the folder for temporary files."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # jieba 0.42 has invalid escapes and an old pkg_resources
            import jieba
    except ImportError:
        raise MissingExtra("The rule stopwords", "jieba") from None
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
