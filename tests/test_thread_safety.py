"""One segmenter, many threads: each gets what it would get alone."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import ROOT

import cnchar

LINES = (ROOT / "corpora/samples/demo.txt").read_text(encoding="utf-8").splitlines()
THREADS = 8


@pytest.mark.parametrize("user", [False, True])
def test_threads_do_not_disturb_each_other(tmp_path: Path, user: bool) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("杭研大厦\t1000000000\n论文的修改\n", encoding="utf-8")
    segmenter = cnchar.load("segment", user_dict=terms if user else None)
    # Texts of very different sizes, each thread another one, so that shared scratch space would show.
    texts = ["".join(LINES[: 1 + k % len(LINES)]) * (1 + 40 * (k % 3)) for k in range(THREADS * 12)]
    alone = [segmenter(text) for text in texts]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            assert list(pool.map(segmenter, texts)) == alone
            assert list(pool.map(segmenter.text, texts)) == [segmenter.text(text) for text in texts]
    finally:
        sys.setswitchinterval(interval)


def test_threads_share_an_iterator_each_of_its_own() -> None:
    segmenter = cnchar.load("segment")
    alone = list(segmenter(LINES))
    with ThreadPoolExecutor(THREADS) as pool:
        for found in pool.map(lambda _: list(segmenter(LINES * 20)), range(THREADS)):
            assert found == alone * 20


def test_models_side_by_side() -> None:
    text = "会议于2022年2月4日召开。"
    pku, ud = cnchar.load("segment", standard="pku"), cnchar.load("segment", standard="ud")
    expected = pku(text).words, ud(text).words
    assert expected[0] != expected[1]
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(lambda _: (pku(text).words, ud(text).words), range(200))) == {expected}
