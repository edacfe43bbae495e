"""All cleaning rules, in the order in which they are listed and usually applied, and the text of `--list-rules`."""

from __future__ import annotations

from cnchar.text.cleaning import addresses, duplicates, markup, measures, script, shape, symbols, words
from cnchar.text.cleaning.rule import Kind, Rule

MAP, FILTER, SPLIT, STATEFUL = Kind.MAP, Kind.FILTER, Kind.SPLIT, Kind.STATEFUL

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("html", MAP, markup.strip_html, "tags, comments, scripts and styles out; entities to characters"),
        Rule("url", MAP, addresses.remove_urls, "web addresses out"),
        Rule("email", MAP, addresses.remove_emails, "e-mail addresses out"),
        Rule("mention", MAP, addresses.remove_mentions, "@name out, with 回复 or // before it"),
        Rule("emoji", MAP, symbols.remove_emoji, "emoji out; brackets=yes also [哈哈]"),
        Rule("control", MAP, symbols.remove_controls, "control, zero-width and direction characters out, tab kept"),
        Rule("width", MAP, shape.narrow, "full-width letters, digits and symbols to ASCII; ，！？：；（）［］～ kept"),
        Rule("space", MAP, shape.squeeze_space, "runs of blanks to one, ends trimmed; hanzi=yes none between hanzi"),
        Rule("repeat", MAP, shape.squeeze_repeats, "a repeated punctuation mark at most max times; …… —— ... kept"),
        Rule("punctuation", MAP, shape.remove_punctuation, "punctuation out but for KEEP; gap=yes leaves a space"),
        Rule(
            "stopwords",
            MAP,
            words.remove_stopwords,
            "stop words out that jieba cuts; LIST is a file, else the shipped one is used",
        ),
        Rule("simplify", MAP, script.simplify, "traditional to simplified characters"),
        Rule("traditional", MAP, script.traditional, "simplified to traditional characters"),
        Rule("split", SPLIT, measures.split, "one line for each sentence"),
        Rule("minlen", FILTER, measures.has_min_length, "shorter lines dropped"),
        Rule("maxlen", FILTER, measures.has_max_length, "longer lines dropped"),
        Rule("hanzi", FILTER, measures.has_hanzi, "lines with a smaller share of hanzi dropped"),
        Rule("dedup", STATEFUL, duplicates.ExactDuplicates, "lines that came before dropped; 8 bytes of memory a line"),
        Rule("neardup", STATEFUL, duplicates.NearDuplicates, "lines much like one of the last max kept dropped"),
    )
}

DEFAULT = "html,control,width,space"
"""What `--rules default` stands for: what hardly anybody wants to keep. No word goes and no line is dropped."""

GRAMMAR = (
    "Rules are applied in the order given, separated by commas. A value follows =, further ones follow a colon, in "
    "order or by name: minlen=5, neardup=0.9:max=20000, emoji=brackets=yes."
)


def describe_rules() -> str:
    """One line for each rule: name, parameters with their defaults, what it does; then the grammar and the default."""
    rows = [(f"{rule.name}{_values(rule)}", rule.summary) for rule in RULES.values()]
    width = max(len(written) for written, _ in rows)
    lines = [f"{written:{width}}  {summary}" for written, summary in rows]
    return "\n".join([*lines, "", f"default = {DEFAULT}", GRAMMAR])


def _values(rule: Rule) -> str:
    """Values as one would write them: the first needs no name, though yes and no are clearer with one."""
    if not rule.parameters:
        return ""
    first, *others = rule.parameters
    return "=" + ":".join([str(first) if first.type is bool else first.example, *map(str, others)])
