"""A neural model behind the segmenter: what holds for look-up tables holds for it, and nothing else is different."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, RunCommand
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_neural import REACH, TRANSITIONS, toy_config, write_neural

import cnchar
from cnchar.decode.viterbi import TRANSITIONS as STEPS
from cnchar.decode.viterbi import B, E, M, S
from cnchar.runtime.engines import TaggingEngine
from cnchar.runtime.explain import explain
from cnchar.runtime.segmenter import Segmenter
from cnchar.tasks.segment import to_codes

LINE = "他来到了网易杭研大厦"
PIECES = (
    "他来到了", "网易杭研大厦", "，", "。”", " ", "　", "\u2028", "\r", "\u200d", "3.14", "iPhone 15", "New York",
    "https://a.cn/b?c=1", "\U0001f469\u200d\U0001f469", "e\u0301", "臺灣", "\U0002a6d6", "１２．５",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join)
LINES = TEXTS.map(lambda text: text.replace("\n", " "))
TERMS = "杭研大厦\t1000000\nNew York\n，。\t5\n到了\t100\n了网\t100000\n"
KINDS = {
    "plain": {},
    "standards": {"standards": 3},
    "tables": {"tables": True},
    "all": {"tables": True, "standards": 2, "crf": True},
}


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("neural")
    (base / "terms.tsv").write_text(TERMS, encoding="utf-8")
    return {name: write_neural(base / name, **options) for name, options in KINDS.items()}  # type: ignore[arg-type]


@cache
def opened(folder: Path, mode: str | None = None) -> Segmenter:
    user = {"user_dict": folder.parent / "terms.tsv", "user_dict_mode": mode} if mode else {}
    return cnchar.load("segment", model=str(folder), threads=1, **user)


def engine_of(segmenter: Segmenter) -> TaggingEngine:
    assert isinstance(segmenter.engine, TaggingEngine)
    return segmenter.engine


@pytest.fixture(params=list(KINDS))
def folder(request: pytest.FixtureRequest, folders: dict[str, Path]) -> Path:
    return folders[request.param]


MODES = st.sampled_from([None, "prefer", "force"])


def test_name_and_version(folder: Path) -> None:
    assert (opened(folder).name, opened(folder).version) == ("toy-neural", "3")


@settings(deadline=None, max_examples=80)
@given(text=st.text(max_size=50) | TEXTS, mode=MODES, kind=st.sampled_from(list(KINDS)))
def test_nothing_is_lost_for_any_unicode(folders: dict[str, Path], text: str, mode: str | None, kind: str) -> None:
    sentence = opened(folders[kind], mode)(text)
    assert "".join(sentence.words) == sentence.text == text
    assert all(sentence.words)


@settings(deadline=None, max_examples=60)
@given(lines=st.lists(LINES, max_size=12), mode=MODES, kind=st.sampled_from(list(KINDS)))
def test_a_line_gets_the_same_words_whatever_is_around_it(
    folders: dict[str, Path], lines: list[str], mode: str | None, kind: str
) -> None:
    model = opened(folders[kind], mode)
    alone = [model(line) for line in lines]
    assert list(model(lines)) == alone
    assert list(model([*lines, "还有一行" * 50, *lines]))[len(lines) + 1 :] == alone


def test_long_text_has_the_words_that_it_has_in_one_window(tmp_path: Path) -> None:
    """10,000 characters without punctuation, in windows of 64 with 8 in common, and of 512."""
    random = np.random.default_rng(1)
    text = "".join(random.choice(list("的一是在了人我他来到网易杭研大厦中国北京说"), 10_000))
    short, long = (
        cnchar.load("segment", model=str(write_neural(tmp_path / str(size), None, {"max_length": size})))
        for size in (64, 512)
    )
    assert short(text).words == long(text).words
    blind = cnchar.load("segment", model=str(write_neural(tmp_path / "x", None, {"max_length": 64, "overlap": 0})))
    assert blind(text).words != long(text).words  # without the overlap the cuts do show
    assert toy_config()["overlap"] >= REACH


def test_standards_differ(folders: dict[str, Path]) -> None:
    text = LINE * 5
    found = {cnchar.load("segment", model=str(folders["standards"]), standard=s)(text).words for s in ("pku", "ud")}
    assert len(found) == 2
    with pytest.raises(cnchar.CncharError, match="no standard 'ctb'"):
        cnchar.load("segment", model=str(folders["standards"]), standard="ctb")


def test_the_network_changes_what_the_tables_say(folders: dict[str, Path]) -> None:
    engine = engine_of(opened(folders["tables"]))
    *tables, network = engine.contributions(LINE, engine.read(to_codes(LINE)))
    assert network.template == "network"
    assert len(tables) > 10
    assert np.abs(network.values).max() > 0.1
    whole = sum(part.values for part in [*tables, network])
    unmarked = engine.score(LINE, engine.read(to_codes(LINE))) / engine.scale
    np.testing.assert_allclose(whole.T - whole.max(axis=1), unmarked, atol=0.003)


@pytest.mark.parametrize("mode", ["prefer", "force"])
def test_user_words(folder: Path, mode: str) -> None:
    assert "杭研大厦" in opened(folder, mode)(LINE).words
    assert "New York" in opened(folder, mode)("去New York玩").words


def test_probabilities_of_words(folders: dict[str, Path]) -> None:
    """Beside all legal taggings under the network's scores and the CRF's steps."""
    engine = engine_of(opened(folders["all"]))
    text = LINE[:6]
    scores = engine.score(text, engine.read(to_codes(text))) / engine.scale
    paths = [
        path
        for path in product((B, M, E, S), repeat=len(text))
        if path[0] in (B, S) and path[-1] in (E, S) and set(pairwise(path)) <= set(STEPS)
    ]
    weights = [
        np.exp(sum(scores[t, i] for i, t in enumerate(p)) + sum(TRANSITIONS[a][b] for a, b in pairwise(p)))
        for p in paths
    ]
    sentence = opened(folders["all"])(text)
    tags = "".join("S" if len(w) == 1 else "B" + "M" * (len(w) - 2) + "E" for w in sentence.words)
    assert tuple("BMES".index(tag) for tag in tags) == paths[int(np.argmax(weights))]
    for (start, stop), found in zip(sentence.spans, engine.confidences(sentence), strict=True):
        tagged = tuple("BMES".index(tag) for tag in tags[start:stop])
        held = sum(weight for path, weight in zip(paths, weights, strict=True) if path[start:stop] == tagged)
        assert found == pytest.approx(held / sum(weights), abs=0.01)


def test_why(folders: dict[str, Path]) -> None:
    sentence = opened(folders["tables"])(LINE)
    gaps = explain(engine_of(opened(folders["tables"])), LINE, sentence.words)
    assert len(gaps) == len(LINE) - 1
    assert any(name == "network" for gap in gaps for name, _ in gap.features)
    assert any("来到" in gap.dictionary for gap in gaps)
    plain = explain(engine_of(opened(folders["plain"])), LINE, opened(folders["plain"])(LINE).words)
    assert {name for gap in plain for name, _ in gap.features} == {"network"}
    assert all(gap.features[0][1] == pytest.approx(gap.evidence, abs=0.02) for gap in plain)


@pytest.mark.parametrize("options", [["--scores"], ["--explain"], ["--format", "jsonl", "--scores"]], ids=str)
def test_every_form_of_output(cnchar_here: RunCommand, folder: Path, tmp_path: Path, options: list[str]) -> None:
    (tmp_path / "in").write_text(f"{LINE} 12\n", encoding="utf-8")
    ran = cnchar_here("segment", tmp_path / "in", "--model", folder, "--device", "cpu", "--threads", 1, *options)
    assert (ran.code, ran.err) == (0, b"")
    words = opened(folder)(f"{LINE} 12").words
    if "jsonl" in options:
        assert json.loads(ran.text)["segment"]["words"] == list(words)
    else:
        first = ran.text.splitlines()[0].split()
        assert [word.split("/")[0] for word in first] == [word for word in words if not word.isspace()]


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("threads", [None, 2])
def test_jobs_and_threads_change_nothing(folders: dict[str, Path], tmp_path: Path, jobs: int, threads: int) -> None:
    from cnchar.runtime.segment_files import Look, segment_files

    lines = [f"{number}、{LINE * (number % 9)}" for number in range(5000)]
    (tmp_path / "in").write_text("\n".join(lines), encoding="utf-8")
    model = {"model": str(folders["tables"]), "threads": threads}
    segment_files([str(tmp_path / "in")], str(tmp_path / "out"), model=model, look=Look(), jobs=jobs)
    assert (tmp_path / "out").read_text(encoding="utf-8") == opened(folders["tables"]).text("\n".join(lines))


def test_threads_do_not_disturb_each_other(folders: dict[str, Path]) -> None:
    segmenter = opened(folders["all"])
    sample = (ROOT / "corpora/samples/demo.txt").read_text(encoding="utf-8").splitlines()
    texts = ["".join(sample[: 1 + k % len(sample)]) * (1 + 5 * (k % 3)) for k in range(60)]
    alone = [segmenter(text) for text in texts]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(segmenter, texts)) == alone
    finally:
        sys.setswitchinterval(interval)


def test_time_is_linear_in_one_long_line(folders: dict[str, Path]) -> None:
    import time

    for text in (LINE * 30_000, "a1" * 150_000, "，" * 300_000, " " * 300_000, "中 " * 150_000):
        start = time.process_time()
        assert "".join(opened(folders["plain"])(text).words) == text
        assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("options", "mention"),
    [
        (["--device", "tpu"], "tpu"), (["--threads", "0"], "0"),
        (["--model", "fast", "--device", "cuda"], "neural models"),
    ],
    ids=str,
)  # fmt: skip
def test_options_that_cannot_be(cnchar_here: RunCommand, tmp_path: Path, options: list[str], mention: str) -> None:
    (tmp_path / "in").write_text(LINE, encoding="utf-8")
    ran = cnchar_here("segment", tmp_path / "in", *options)
    assert (ran.code, ran.out) == (2, b"")
    assert mention in ran.message
