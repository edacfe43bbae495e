from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnchar.errors import BadInput
from cnchar.evaluate.signature import KEYS, Signature, data_value

CONTRACT = "seg-f1|level:word|norm:none|data:sha256:ab12cd34|n:1944|bs:1000|seed:1|model:segment-fast@3|v:0.2.0"


def test_is_written_as_the_contract_has_it() -> None:
    signature = Signature.build(
        "seg-f1",
        v="0.2.0",
        model="segment-fast@3",
        n=1944,
        seed=1,
        bs=1000,
        data=data_value("ab12cd34" + "0" * 56),
        norm="none",
        level="word",
    )
    assert str(signature) == CONTRACT
    assert signature == Signature.parse(CONTRACT)
    assert signature.short() == "seg-f1|l:word|nm:none|d:ab12cd34|n:1944|bs:1000|rs:1|m:segment-fast@3|v:0.2.0"


def test_absent_values_are_left_out() -> None:
    signature = Signature.build("seg-f1", level="word", model=None, n=0)
    assert str(signature) == "seg-f1|level:word|n:0"
    assert list(signature.fields().items()) == [("metric", "seg-f1"), ("level", "word"), ("n", "0")]


@given(st.dictionaries(st.sampled_from(sorted(KEYS)), st.text(max_size=12)))
def test_parse_is_the_inverse(values: dict[str, str]) -> None:
    signature = Signature.build("seg-f1", **values)
    assert Signature.parse(str(signature)) == signature


@pytest.mark.parametrize("text", ["", "|n:1", "seg-f1|n", "seg-f1|what:1", "seg-f1|n:1|n:2", "seg-f1|n:1|"])
def test_what_is_not_a_signature(text: str) -> None:
    with pytest.raises(BadInput, match="not a signature"):
        Signature.parse(text)


def test_unknown_keys_are_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="not a signature"):
        Signature.build("seg-f1", what=1)


@pytest.mark.parametrize(
    ("other", "differing"),
    [
        ("seg-f1|level:word|n:1|model:other@1|v:1", []),
        ("seg-f1|level:word|n:1|v:9", []),
        ("seg-f1|level:word|n:1|seed:2|model:m@1|v:1", []),
        ("seg-f1|level:word|n:2|model:m@1|v:1", ["n"]),
        ("seg-f1|level:char|n:1|bs:1|model:m@1|v:1", ["level", "bs"]),
        ("seg-f1|n:1|model:m@1|v:1", ["level"]),
        ("seg-f2|level:word|n:1|model:m@1|v:1", ["metric"]),
    ],
)
def test_what_keeps_two_scores_from_being_compared(other: str, differing: list[str]) -> None:
    base = Signature.parse("seg-f1|level:word|n:1|model:m@1|v:1")
    assert base.differing(Signature.parse(other)) == differing
    assert Signature.parse(other).differing(base) == differing
