from __future__ import annotations

import pytest

from cnchar.evaluate.sounds import same_sound


@pytest.mark.parametrize("pair", ["在再", "的地", "她他", "买卖", "重虫", "中种", "行航", "绿律", "了乐"])
def test_tones_aside_and_with_any_reading(pair: str) -> None:
    assert same_sound(*pair)
    assert same_sound(*reversed(pair))


@pytest.mark.parametrize("pair", ["高心", "律路", "女努", "aa", "人a", "，，", "人\U000e0001"])
def test_others(pair: str) -> None:
    assert not same_sound(*pair)
