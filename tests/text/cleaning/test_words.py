from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from cnchar.errors import BadInput
from cnchar.text.cleaning.words import load_stopwords, remove_stopwords, tokenizer

pytest.importorskip("jieba")


def test_words_go_only_where_they_are_words() -> None:
    assert remove_stopwords("我们的学校是很大的") == "学校很大"  # jieba: 很大 is a word
    assert remove_stopwords("目的地和的士") == "目的地的士"


def test_a_list_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "stop.txt"
    path.write_text("\ufeff# comment\r\n学校\r\n\n", "utf-8")
    assert load_stopwords(str(path)) == {"学校"}
    assert remove_stopwords("我们的学校", list=str(path)) == "我们的"


def test_a_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="nowhere"):
        load_stopwords(str(tmp_path / "nowhere"))
    (tmp_path / "gbk").write_bytes("的".encode("gbk"))
    with pytest.raises(BadInput, match="gbk is not UTF-8"):
        load_stopwords(str(tmp_path / "gbk"))


def test_the_shipped_list_is_clean() -> None:
    words = load_stopwords()
    assert len(words) > 150
    assert all(word == word.strip() and 0 < len(word) < 5 for word in words)


def test_jieba_leaves_no_cache_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    tokenizer.cache_clear()
    assert remove_stopwords("我们的学校") == "学校"
    assert not list(tmp_path.iterdir())
