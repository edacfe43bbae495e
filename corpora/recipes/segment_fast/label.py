"""Label text with one teacher: `python label.py wapic|pkuseg|minlp|rjieba < pieces.txt > tags.txt`.

Input: one piece a line without white space. Output: one line of BMES letters for each, one letter a character.
Runs in a virtual environment of its own (teachers.txt beside this file): the teachers' dependencies clash with ours.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

BATCH = 256
Words = list[str]


def wapic() -> Callable[[list[str]], list[Words]]:
    from wapic import Segmenter

    segmenter = Segmenter()
    return lambda texts: [segmenter.segment(t) for t in texts]


def pkuseg() -> Callable[[list[str]], list[Words]]:
    import pkuseg as package

    segmenter = package.pkuseg()
    return lambda texts: [segmenter.cut(t) for t in texts]


def rjieba() -> Callable[[list[str]], list[Words]]:
    import rjieba as package

    return lambda texts: [package.cut(t) for t in texts]


def minlp() -> Callable[[list[str]], list[Words]]:
    """MiNLP-Tokenizer, fine granularity. Written for Python 3.7 and TensorFlow 1: mend the names that are gone."""
    import collections
    import collections.abc

    import numpy as np

    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    collections.Iterable = collections.abc.Iterable  # type: ignore[attr-defined]
    from minlptokenizer.crf_viterbi import CRFViterbi
    from minlptokenizer.tokenizer import MiNLPTokenizer

    def viterbi(self: Any, unary: np.ndarray) -> list[int]:
        """The package's own recursion, with the loop over tags vectorised."""
        scores, back = unary[0], []
        for row in unary[1:]:
            total = scores[:, None] + self.trans_score
            back.append(total.argmax(0))
            scores = total.max(0) + row
        path = [int(scores.argmax())]
        for pointers in reversed(back):
            path.append(int(pointers[path[-1]]))
        return path[::-1]

    CRFViterbi.viterbi = viterbi
    tokenizer = MiNLPTokenizer(granularity="fine")
    return tokenizer.cut_batch


def tags(text: str, words: Iterable[str]) -> str:
    out = []
    for word in words:
        size = len(word.strip())
        if size:
            out.append("S" if size == 1 else "B" + "M" * (size - 2) + "E")
    joined = "".join(out)
    # A teacher that alters the text (drops a control character, say) labels nothing here: '?' is read as "unknown".
    return joined if len(joined) == len(text) else "?" * len(text)


def batches(lines: Iterable[str]) -> Iterator[list[str]]:
    lines = iter(lines)
    while batch := [line.rstrip("\n") for line in islice(lines, BATCH)]:
        yield batch


def main(teacher: str) -> None:
    sys.stdin.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    label = {"wapic": wapic, "pkuseg": pkuseg, "rjieba": rjieba, "minlp": minlp}[teacher]()
    for batch in batches(sys.stdin):
        order = sorted(range(len(batch)), key=lambda i: len(batch[i]))  # like lengths together: less padding
        answers: dict[int, Words] = {}
        for i in range(0, len(order), 32):
            part = order[i : i + 32]
            answers.update(zip(part, label([batch[k] for k in part]), strict=True))
        for i, text in enumerate(batch):
            print(tags(text, answers[i]))


if __name__ == "__main__":
    main(sys.argv[1])
