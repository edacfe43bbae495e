"""Lines made to be hard to read take time in proportion to their length."""

from __future__ import annotations

import time

import pytest

from cnchar.text.markup import Kind, open_reader
from cnchar.text.untouched import free_places

LENGTH = 50_000
PATTERNS = [
    "`", "``` ", "[", "](", "](a(", "<", "<a ", '<a b="', "<!--", "> ", "- ", "1. ", "* ", "\t", "\\", "\\a[",
    "\\cite{", "\\begin{", "\\verb|", "$", "$x ", "$$", "@", "中@a.", "www.", "http://中/", "[中", "一", "refref", "%",
    "[a]:", "~",
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("kind", ["markdown", "html", "latex", "none"])
def test_time_is_linear(kind: Kind, pattern: str) -> None:
    line = pattern * (LENGTH // len(pattern))
    reader = open_reader(kind)
    start = time.process_time()
    spans = [span for _ in range(2) for span in reader.spans(line)]
    free_places(line, spans)
    assert time.process_time() - start < 2
