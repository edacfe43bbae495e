"""More pieces with names: stories are full of names that no dictionary has, and raw text repeats the same few.

What two of the voters take for a word, that begins with a surname and is in no dictionary, is taken for a name. Each
piece with such names is added once more with other names of the same length in their place: the teachers' tags hold.
Half of the new given names are common words: 田 不易 and 周 一仙 look like two words, and only the context says not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from teach import VOTERS
from texts import Tags, to_codes
from words import jieba_words

from cnchar.lookup.register import FORMAL
from cnchar.tasks.segment import to_text

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于董余苏叶吕魏蒋田杜丁沈姜范江傅钟卢汪戴崔任陆廖姚方金邱夏谭韦"
    "贾邹石熊孟秦阎薛侯雷白龙段郝孔邵史毛常万顾赖武康贺严尹钱施牛洪龚"
)
# A surname with one of these is a form of address, two words or one, not a name.
NO_GIVEN_NAME = frozenset("生师长人士员子家哥姐弟妹爷爸妈叔婶伯公婆母父官王帝工兵手总姓氏某们的了是在不")
_B, _M, _E = 0, 1, 2


def name_spans(codes: NDArray[np.uint32], tags: dict[str, Tags], words: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where names of two or three characters begin and how long they are, in order."""
    is_surname = np.zeros(1 << 16, bool)
    is_surname[[ord(c) for c in SURNAMES]] = True
    starts = np.flatnonzero(is_surname[np.minimum(codes, 0xFFFF)][:-2])
    votes = {2: np.zeros(len(starts), int), 3: np.zeros(len(starts), int)}
    for name in VOTERS:
        t = tags[name]
        begins = t[starts] == _B
        votes[2] += begins & (t[starts + 1] == _E)
        votes[3] += begins & (t[starts + 1] == _M) & (t[starts + 2] == _E)
    for length in (2, 3):
        votes[length] = votes[length] >= 2
    for start, two, three in zip(starts.tolist(), votes[2].tolist(), votes[3].tolist(), strict=True):
        if two or three:
            length = 3 if three else 2
            word = to_text(codes[start : start + length])
            if word not in words and not NO_GIVEN_NAME.intersection(word[1:]):
                yield start, length


def more_names(text: str, tags: dict[str, Tags], domain: NDArray[np.uint8], seed: int = 7) -> tuple[
    str, dict[str, Tags], NDArray[np.uint8]
]:  # fmt: skip
    """The pieces that hold names with other names in their place: text, tags, and the register of each piece."""
    codes = to_codes(text)
    words = frozenset(jieba_words())
    spans = np.array(list(name_spans(codes, tags, words)))
    renamed = _rename(codes, spans, sorted(w for w in words if len(w) == 2), np.random.default_rng(seed))
    ends = np.flatnonzero(codes == ord("\n")) + 1
    chosen = np.zeros(len(ends), bool)
    chosen[np.searchsorted(ends, spans[:, 0], side="right")] = True
    chosen &= domain != FORMAL  # there a name is two words, and what the teachers say is not simply taken
    mask = np.repeat(chosen, np.diff(ends, prepend=0))
    return to_text(renamed[mask]), {name: values[mask] for name, values in tags.items()}, domain[chosen]


def _rename(
    codes: NDArray[np.uint32], spans: NDArray[np.int64], words: list[str], random: np.random.Generator
) -> NDArray[np.uint32]:
    """The text with new names: surnames and single given characters as often as they occur, or a word as given name."""
    out = codes.copy()
    starts, three = spans[:, 0], spans[:, 1] == 3
    out[starts] = random.permutation(codes[starts])
    out[starts + 1] = random.permutation(codes[starts + 1])
    last = starts[three] + 2
    out[last] = random.permutation(codes[last])
    as_word = starts[three][random.random(int(three.sum())) < 0.5]
    given = [w for w in words if not NO_GIVEN_NAME.intersection(w)]
    picked = random.integers(len(given), size=len(as_word))
    for start, i in zip(as_word.tolist(), picked.tolist(), strict=True):
        out[start + 1], out[start + 2] = map(ord, given[i])
    return out
