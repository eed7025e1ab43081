"""Rules that go by lists of phrases: template spam, text that sells by formula (a rule of our own), and documents with words of a list.

Spam: Published sets leave this to classifiers (a fastText model in ChineseWebText and in DataComp-LM) and to near-duplicate search, as templates filled with other names are
near-duplicates. What a list of phrases can do is honest and visible: advertising of this kind calls to action several times a paragraph; prose about
shopping uses such a phrase once. Real lists are longer and are kept up to date.

Words of a list: C4 removed every page with a word of the "List of Dirty, Naughty, Obscene or Otherwise Bad Words" (Raffel et al. 2020). Such lists exist for many languages; none is needed to
learn how the rule works, so this one has only stand-ins: ``<toxic-1>``, ``毒词甲``. What lists do wrong is known as well: C4's also removed texts by and about
minorities and medicine (Dodge et al. 2021).
"""

from __future__ import annotations

import re

from tutor.data.cleaning.base import Document, Outcome
from tutor.data.cleaning.measures import measure
from tutor.text import Text

PHRASES = (
    "act now", "add to cart", "apply now", "best deals", "best price", "best prices", "book now", "buy now", "buy online", "call now", "call today",
    "call us", "cheap price", "claim your", "click here", "click below", "contact us today", "don't miss", "don’t miss", "exclusive offer", "fast shipping",
    "free consultation", "free delivery", "free quote", "free shipping", "free trial", "get started today", "guaranteed", "hurry", "in your area",
    "limited offer", "limited time", "lowest price", "lowest prices", "money back", "money-back", "near you", "no credit card", "no obligation", "offer ends",
    "order now", "order today", "best quality", "risk free", "risk-free", "satisfaction", "save up to", "shop now", "sign up now", "sign up today", "special offer",
    "special discount", "subscribe now", "unbeatable", "while supplies last", "while stocks last", "winner", "% off", "top-rated", "top rated",
    "trusted by thousands", "thousands of happy", "work from home",
    "加微信", "微信号", "扫码", "点击链接", "点击这里", "点击领取", "立即购买", "立即咨询", "立即下单", "马上抢购", "抢购", "限时", "特价", "优惠价", "优惠券", "免费领取",
    "免费咨询", "免费试用", "包邮", "正品保证", "正品", "厂家直销", "咨询热线", "欢迎来电", "欢迎咨询", "欢迎选购", "价格优惠", "全国发货", "货到付款", "售后无忧", "假一赔十", "专业团队",
    "一站式服务", "上门服务", "日赚", "月入", "兼职", "在家赚钱", "轻松赚钱", "无需经验", "名额有限", "先到先得", "最低价", "全网最低", "品质保证", "诚招代理", "加盟", "包过",
    "代开发票", "无抵押", "秒到账", "首选", "联系我们", "满意为止", "老客户", "送礼", "下单",
)  # fmt: skip
"""Calls to action and promises, in small letters."""

IN_A_PASSAGE = 3
"""Distinct phrases, from which a passage is spam."""

CHARACTERS_A_PHRASE = 200
"""A long passage needs more: one for so many characters (Chinese: half as many)."""

WHOLE = 0.5
"""Share of characters that are spam, from which the document is removed."""

_PHRASE = re.compile("|".join(map(re.escape, sorted(PHRASES, key=len, reverse=True))))
_BLANK_LINES = re.compile(r"(\n[ \t]*+\n\s*+)")


class Spam:
    """Takes out passages that sell by formula; a document that is half spam is removed. Passages stand between blank lines."""

    id = "spam"
    title = Text("套话广告", "Template spam")
    reasons = {  # noqa: RUF012
        "passage": Text(
            f"一段里有 {IN_A_PASSAGE} 种以上的推销套话",
            f"passage with {IN_A_PASSAGE} different sales phrases or more",
        ),
        "document": Text("一半以上的篇幅是推销套话", "more than half of it is such passages"),
    }

    def apply(self, document: Document) -> Outcome:
        text = document.text
        lower = measure(text).lower
        if sum(phrase in lower for phrase in PHRASES) < IN_A_PASSAGE:  # then no passage has so many
            return Outcome(text)
        parts = _BLANK_LINES.split(text)
        bad = [i for i in range(0, len(parts), 2) if is_spam(parts[i])]
        if not bad:
            return Outcome(text)
        characters = sum(len(parts[i]) for i in bad)
        if characters > WHOLE * sum(map(len, parts[::2])):
            return Outcome(None, {"document": 1})
        kept = [parts[i] for i in range(0, len(parts), 2) if i not in set(bad)]
        return Outcome("\n\n".join(kept), {"passage": len(bad)}, examples={"passage": (parts[bad[0]], "")})


def is_spam(passage: str) -> bool:
    """Whether a passage holds enough distinct phrases for its length."""
    weight = len(passage) if passage.isascii() else len(passage.encode("utf-8", "surrogatepass")) * 2 / 3
    needed = max(IN_A_PASSAGE, weight / CHARACTERS_A_PHRASE)
    return len(set(_PHRASE.findall(passage.lower()))) >= needed  # of "best prices", not "best price" as well


PLACEHOLDERS = (*(f"<toxic-{i}>" for i in range(1, 10)), *(f"毒词{stem}" for stem in "甲乙丙丁戊己庚辛壬癸"))
"""Stand-ins for the words of a real list."""


class Toxic:
    """Removes documents that hold a word of the list, in capital or small letters.

    Args:
        words: The list. Latin words match as whole words; Chinese ones anywhere.
    """

    id = "toxic"
    title = Text("有害词表", "Word list")
    reasons = {  # noqa: RUF012
        "word": Text("含有词表里的词", "holds a word of the list"),
    }

    def __init__(self, words: tuple[str, ...] = PLACEHOLDERS) -> None:
        self._pattern = re.compile("|".join(map(_whole, words)) or "(?!)", re.IGNORECASE)

    def apply(self, document: Document) -> Outcome:
        found = len(self._pattern.findall(document.text))
        return Outcome(None, {"word": found}) if found else Outcome(document.text)


def _whole(word: str) -> str:
    quoted = re.escape(word)
    return rf"\b{quoted}\b" if word.isascii() and word[:1].isalnum() and word[-1:].isalnum() else quoted
