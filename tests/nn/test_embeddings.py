from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from nn.models import small

from cnchar.nn.embeddings import TRIPLES, WIDE, hash_ngrams, shifted


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 6), st.integers(-7, 7))
def test_shifting_looks_ahead_or_back_and_finds_zero_outside(length, offset):
    x = torch.arange(1, length + 1)[None]
    expected = [i + 1 if 0 <= i < length else 0 for i in range(offset, offset + length)]
    assert shifted(x, offset)[0].tolist() == expected
    assert shifted(x[..., None].expand(1, length, 2), offset)[0, :, 1].tolist() == expected


def test_an_ngram_is_hashed_by_its_characters_alone():
    text = torch.tensor([[7, 8, 9, 7, 8, 9]])
    rows = hash_ngrams(text, (-1, 0, 1), 3, 1 << 20)[0]
    assert rows[1] == rows[4]
    assert len(set(rows.tolist())) == 5


def test_an_ngram_ends_where_its_text_ends():
    text = torch.tensor([[7, 8, 9, 7, 8, 9]])
    texts = torch.tensor([[1, 1, 1, 2, 2, 2]])
    for places in TRIPLES:
        alone = hash_ngrams(text[:, :3], places, 0, 1 << 20)
        assert hash_ngrams(text, places, 0, 1 << 20, texts).tolist() == torch.cat([alone, alone], 1).tolist()


def test_rows_are_spread_and_never_negative():
    text = torch.randint(1, 6143, (1, 20_000))
    rows = hash_ngrams(text, (-1, 0, 1), 8, 1 << 10)
    assert rows.min() >= 0 and rows.max() < 1 << 10
    counts = np.bincount(rows[0].numpy(), minlength=1 << 10)
    assert counts.max() < 60  # 20 on average


def test_the_wide_part_adds_one_row_for_each_ngram():
    model = small(wide=256)
    wide = model.wide
    assert wide is not None
    text = torch.tensor([[3, 4, 5]])
    rows = [hash_ngrams(text, places, i + 1, 256)[0, 1] for i, places in enumerate(WIDE)]
    torch.testing.assert_close(wide(text)[0, 1], wide.table.weight[torch.stack(rows)].sum(0))
