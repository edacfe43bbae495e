"""Tables of a bundle come back as they were written; what does not fit together is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from toy_pinyin import toy_tables, write_pinyin

from cnchar.bundle import array_bytes, open_bundle
from cnchar.errors import BadBundle
from cnchar.tasks.pinyin_tables import ARCHITECTURES, LAST, open_decoder, read_tables, table_files


def opened(folder: Path) -> object:
    return open_bundle(folder, "pinyin2hanzi", ARCHITECTURES)


def test_tables_come_back(tmp_path: Path) -> None:
    tables = read_tables(opened(write_pinyin(tmp_path)))  # type: ignore[arg-type]
    expected = toy_tables()
    assert (tables.words.keys == expected.words.keys).all()
    assert (tables.words.firsts == expected.words.firsts).all()
    assert (tables.words.units == expected.words.units).all()
    assert tables.scores.scores == pytest.approx(expected.scores.scores, rel=1e-3)
    assert table_files(tables) == table_files(expected)


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("words.npy", np.array([], np.uint16)),
        ("words.npy", np.array([1, 2], np.uint16)),  # no end
        ("words.npy", np.array([9000 | LAST, 2 | LAST], np.uint16)),  # out of order
        ("words.npy", np.array([1] * 9 + [1 | LAST], np.uint16)),  # too long
        ("words.npy", np.array([20000 | LAST], np.uint16)),  # no such unit
        ("words.npy", np.array([1 | LAST], np.uint16)),  # fewer than there are scores
        ("words.scores.npy", np.zeros((2, 3), np.float16)),
        ("grams.npy", np.zeros(5, np.uint16)),
        ("grams.npy", np.zeros(4, np.int32)),
        ("tones.npy", np.zeros(3, np.uint8)),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, name: str, array: np.ndarray) -> None:
    write_pinyin(tmp_path, {name: array_bytes(array)})
    with pytest.raises(BadBundle, match=str(tmp_path)):
        open_decoder(opened(tmp_path))  # type: ignore[arg-type]


def test_boosts_are_three_rows(tmp_path: Path) -> None:
    write_pinyin(tmp_path, boosts=[[0.0]])
    with pytest.raises(BadBundle, match="fit together"):
        open_decoder(opened(tmp_path))  # type: ignore[arg-type]
