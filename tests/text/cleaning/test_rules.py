"""What each rule does, by example; what holds for every text is in test_laws.py."""

from __future__ import annotations

import pytest

from cnchar.text.cleaning.addresses import remove_emails, remove_mentions, remove_urls
from cnchar.text.cleaning.measures import has_hanzi, has_max_length, has_min_length, split
from cnchar.text.cleaning.script import simplify, traditional
from cnchar.text.cleaning.shape import narrow, remove_punctuation, squeeze_repeats, squeeze_space
from cnchar.text.cleaning.symbols import remove_controls, remove_emoji


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("看http://t.cn/A6x?y=1。好", "看。好"),
        ("看 https://x.cn/a(b).html, 好", "看 , 好"),
        ("www.baidu.com，WWW.X.CN好ftp://a/b!", "，好!"),
        ('{"url":"http://a.com","text":"好"}', '{"url":"","text":"好"}'),
        ("[a](http://a.com/b_(c)?d=[e])(好)<br>http://a.com<br>", "[a]()(好)<br><br>"),
        ("Awww.cute! xhttp://a.cn", "Awww.cute! x"),
        ("不是网址：http:// 和 www 和 a.cn", "不是网址：http:// 和 www 和 a.cn"),
    ],
)
def test_url(before: str, after: str) -> None:
    assert remove_urls(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("写信给a.b+c@mail.example.cn。", "写信给。"),
        ("mail me at a@b.cn.", "mail me at ."),
        ("a@b.cn,c@d.com", ","),
        ("@张三 a@b 3@4.5 @", "@张三 a@b 3@4.5 @"),
    ],
)
def test_email(before: str, after: str) -> None:
    assert remove_emails(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@小明 你好", " 你好"),
        ("回复@小_明-1:对啊//@张三：转发", "对啊转发"),
        ("好@a@b 吧", "好 吧"),
        ("写信给a@b.cn，填@edu.cn", "写信给a@b.cn，填@edu.cn"),
        ("@ 地点 @" + "长" * 31, "@ 地点 @" + "长" * 31),
    ],
)
def test_mention(before: str, after: str) -> None:
    assert remove_mentions(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("好👍🏽的😂😂！", "好的！"),
        ("家👨‍👩‍👧‍👦人🤦🏻‍♀️啊👩‍⚕️", "家人啊"),
        ("旗🇨🇳🏴󠁧󠁢󠁥󠁮󠁧󠁿🏳️‍🌈完", "旗完"),
        ("按1️⃣和#️⃣", "按和"),
        ("©️™️❤❤️☀", ""),
        ("© ™ ★☆①1#*♀♂ 2003年㊙", "© ™ ★☆①1#*♀♂ 2003年㊙"),
        ("哭[泪][哈哈]", "哭[泪][哈哈]"),
    ],
)
def test_emoji(before: str, after: str) -> None:
    assert remove_emoji(before) == after


def test_emoji_in_brackets() -> None:
    before = "哭[泪][hold住]，[doge]a[i]见[1][这个括号里的字太多]"
    assert remove_emoji(before, brackets=True) == "哭，a[i]见[1][这个括号里的字太多]"
    assert remove_emoji("[[哈哈]哈]]", brackets=True) == "]"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\ufeff你\u200b好\0\x7f世\u202e界\u2066\xad", "你好世界"),
        ("甲\t乙", "甲\t乙"),
        ("甲\u2028乙\x85丙\f\v丁", "甲 乙 丙 丁"),
        ("家👨‍👩‍👧人🤦🏻‍♀️🏴󠁧󠁢󠁥󠁮󠁧󠁿❤️", "家👨‍👩‍👧人🤦🏻‍♀️🏴󠁧󠁢󠁥󠁮󠁧󠁿❤️"),
        ("🙂\u200d↔\ufe0f🙂\u200d↕好\u200d↔", "🙂\u200d↔\ufe0f🙂\u200d↕好↔"),
        ("甲\u200d乙\U000e0041\U000e0042\ud800", "甲乙"),
    ],
)
def test_control(before: str, after: str) -> None:
    assert remove_controls(before) == after


def test_width() -> None:
    assert narrow("Ｈｉ　２０２４，好！（一）") == "Hi 2024，好！（一）"


def test_space() -> None:
    assert squeeze_space("\u3000 你 好\t\xa0ab  c ") == "你 好 ab c"
    assert squeeze_space(" 你 好 世  界 ab c 好", hanzi=True) == "你好世界 ab c 好"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("好！！！！吗？？", "好！吗？"),
        ("嗯…………啊……哦…——————", "嗯……啊……哦…——"),
        ("wait......ok... no.. 3.14", "wait...ok... no.. 3.14"),
        ("？！？！哈哈哈哈==", "？！？！哈哈哈哈=="),
    ],
)
def test_repeat(before: str, after: str) -> None:
    assert squeeze_repeats(before) == after


def test_repeat_with_more() -> None:
    assert squeeze_repeats("好！！！！……", max=3) == "好！！！……"


def test_punctuation() -> None:
    assert remove_punctuation("“你好”，（世界）！a_b+c=3.14，10:30。") == "你好世界abc3.1410:30"
    assert remove_punctuation("你好，世界。", keep="。") == "你好世界。"
    assert remove_punctuation("你好，世界。", gap=True) == "你好 世界 "
    assert remove_punctuation("3. 好 😀℃") == "3 好 😀℃"


def test_script() -> None:
    assert simplify("繁體中文與乾坤") == "繁体中文与乾坤"
    assert traditional("头发") == "頭髮"
    assert traditional("里面", variant="s2hk") == "裏面"


def test_split() -> None:
    assert split("你好。 他来了！走") == ["你好。", "他来了！", "走"]
    assert split("") == [""]
    assert split("  ") == [""]


def test_lengths() -> None:
    assert [has_min_length("一二三四", n=4), has_min_length("一二三", n=4)] == [True, False]
    assert [has_max_length("一二三四", n=4), has_max_length("一二三四五", n=4)] == [True, False]


@pytest.mark.parametrize(
    ("line", "share", "kept"),
    [
        ("中文 ab", 0.5, True),
        ("中文abc", 0.5, False),
        ("", 0.1, False),
        ("", 0.0, True),
        ("   ", 0.3, False),
        ("𠀀", 1, True),
    ],
)
def test_hanzi(line: str, share: float, kept: bool) -> None:
    assert has_hanzi(line, share=share) is kept
