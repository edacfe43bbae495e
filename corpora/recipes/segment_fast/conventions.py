"""Where annotators of stories and talk part what the People's Daily writes as one word.

Novels and microblogs are annotated after the Penn Chinese Treebank's guidelines (Xia 2000) more than after Peking
University's: numerals and determiners stand apart from their measure words (这 个, 一 阵), nouns from localisers of one
character (心 中), adverbs from 是, 有 and some verbs (竟 是, 只 见). No teacher says so; these closed classes do. Which
of them hold for which register, and which words are excepted, was chosen on novel.dev and weibo.dev. Dates are words
in every register (五月, 3日, 1998年), whatever the teachers say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from cnchar.lookup.register import NARRATIVE, TALK

_PLANE = 1 << 16
_NUMERAL = "[0-9一二三四五六七八九十]"
_DATE = re.compile(
    f"(?<![0-9])[0-9]{{2,4}}年(?![前后级代])|{_NUMERAL}{{1,3}}月(?![亮饼球光牙])|(?<=月){_NUMERAL}{{1,3}}[日号]"
)
_MEASURES = (
    "个只种阵刻番声身条件张片群名位把座间股块段篇句场遍趟顿天夜眼拳掌剑刀枪字步杯碗壶瓶匹尾棵株朵枝根粒颗滴团"
    "堆排串双对副套届帮岁丈道路家口脚层"
)
_COUNTED = ("一两几二三四五六七八九十", _MEASURES)
_BODY = "心脸身手眼地脚体口场背头脑怀嘴耳鼻额胸腹腰腿膝肩掌指血肚颈梦"
_PLACES = "山水河江海湖林村城镇屋房院墙桌床窗车船路街洞谷崖台殿阁厅堂" + _BODY
# Pairs of classes whose characters are two words, where the teachers' vote made them one.
PARTED = {
    NARRATIVE: (
        _COUNTED,
        ("这那每某各此", "个种位名条件张片座道番股层间派"),
        ("整全", "个身场家"),
        (_PLACES, "上中里下内外前后"),
        ("便竟乃正真就却倒也都又更已", "是"),
        ("只还", "有"),
        ("只", "见怕得能好"),
        ("不", "知见可曾再能"),
        ("就正还又", "要会可"),
        ("双左右", "手眼脚腿臂肩拳掌耳"),
        ("有没", "人事"),
    ),
    TALK: (_COUNTED, ("有", "人")),
}
# Words of their own all the same.
WHOLE = (
    "一天", "一日", "一家", "一路", "一对", "地下", "手下", "门下", "眼下", "水下", "海外", "山里", "身前", "身后",
    "眼前",
)  # fmt: skip


def parted(codes: NDArray[np.uint32], ends: NDArray[np.bool_], register: int) -> NDArray[np.intp]:
    """Where words of two characters begin that this register's annotators write as two words.

    Args:
        codes: (N,) code points; ends: (N,) whether a word ends at each.
    """
    begins = np.ones(len(ends), bool)
    begins[1:] = ends[:-1]
    pairs = np.flatnonzero(begins[:-1] & ~ends[:-1] & ends[1:])
    first, second = codes[pairs], codes[pairs + 1]
    found = np.zeros(len(pairs), bool)
    for firsts, seconds in PARTED[register]:
        found |= _is_one_of(first, firsts) & _is_one_of(second, seconds)
    keys = first.astype(np.int64) * _PLANE + second
    whole = [ord(a) * _PLANE + ord(b) for a, b in WHOLE]
    chosen: NDArray[np.intp] = pairs[found & ~np.isin(keys, whole)]
    return chosen


def dates(text: str) -> Iterator[tuple[int, int]]:
    """Half-open places of dates of two characters or more."""
    return (found.span() for found in _DATE.finditer(text))


def _is_one_of(codes: NDArray[np.uint32], characters: Iterable[str]) -> NDArray[np.bool_]:
    table = np.zeros(_PLANE, bool)
    table[[ord(c) for c in characters]] = True
    return table[np.minimum(codes, _PLANE - 1)]
