"""The rules of C4: lines that are no sentences, and pages that are no prose (Raffel et al. 2020, section 2.2).

At least 5 words a line and 3 sentences a page, as in the published code; versions of the paper differ, some have 3 words and 5
sentences. Words are what stands between white space. The original counts sentences with NLTK's Punkt; here a sentence ends where ``.``, ``!`` or ``?`` (and closing quotes or brackets) stands before white
space or the end, which takes ``e.g.`` for an end. From the code alone come the lines about policies, citation marks, and lines with a word of more than 1,000 characters.
Lines of a hard-wrapped text are put together first (`tutor.data.cleaning.measures`): C4 was made of web pages, whose paragraphs are lines.
Lines come before pages, as there: a curly bracket in a line that goes anyway does not take the page with it. The list of bad words is a rule of its own (`toxic`);
that of three sentences in a row only one copy stays anywhere in the corpus is left to the de-duplication.

Chinese, thresholds of our own: a line ends in ``。！？…”」』）`` or the marks of English; ``……`` is a full ellipsis and ends sentences in
good prose, so only ``...`` and a single ``…`` count as torn off; 8 Chinese characters stand for 5 words; any of ``。！？`` ends a sentence.
"""

from __future__ import annotations

import re
from itertools import islice

from tutor.data.cleaning.base import Document, Language, Outcome
from tutor.data.cleaning.measures import joined, language_of, measure
from tutor.text import Text

MIN_WORDS = 5
"""Words of a line."""

LONGEST_WORD = 1000
"""Characters of a word; asked of English only, for Chinese has no blanks."""

MIN_CHARACTERS = 8
"""Characters of a Chinese line, blanks not counted."""

MIN_SENTENCES = 3
"""Sentences of a page."""

ENDS: dict[Language, frozenset[str]] = {"en": frozenset('.!?"”'), "zh": frozenset('。！？”」』）.!?"；：')}
"""Terminal punctuation: "a period, exclamation mark, question mark, or end quotation mark". Of Chinese also ``……``."""

POLICIES = (
    "terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies",
    "使用条款", "服务条款", "隐私政策", "隐私声明", "使用cookie", "使用 cookie", "cookie政策", "版权所有", "免责声明",
)  # fmt: skip
"""A line with one of these goes; the English ones are C4's, the Chinese ones ours."""

CITATION = re.compile(r"\[\d*+\]|\[edit\]|\[citation needed\]|\[(?:编辑|来源请求)\]")
_SENTENCE = re.compile(r"""[.!?]["'”’)\]]*+(?:\s|$)|[。！？]""")


class C4Lines:
    """Keeps the lines that are sentences; a page that has none left is removed. Blank lines between kept ones stay."""

    id = "c4_lines"
    title = Text("C4：按行过滤", "C4: lines")
    reasons = {  # noqa: RUF012
        "no_end": Text(
            "行尾没有句末标点（或以省略号结尾）",
            "line without terminal punctuation, or ending in an ellipsis",
        ),
        "short": Text(
            f"一行不足 {MIN_WORDS} 个词（中文不足 {MIN_CHARACTERS} 个字符）",
            f"line of fewer than {MIN_WORDS} words (Chinese: {MIN_CHARACTERS} characters)",
        ),
        "long_word": Text(
            f"行里有超过 {LONGEST_WORD} 个字符的「词」（只看英文）",
            f"line with a word of more than {LONGEST_WORD} characters (English only)",
        ),
        "javascript": Text("行里提到 JavaScript", "line that mentions JavaScript"),
        "policy": Text("行里提到使用条款、隐私政策或 cookie", "line about terms of use, privacy or cookies"),
        "citation": Text("去掉 [1]、[edit] 之类的引文标记", "citation marks such as [1] and [edit] out"),
        "nothing_left": Text("没有留下一行", "no line is left"),
    }

    def apply(self, document: Document) -> Outcome:
        text = document.text
        language = language_of(document)
        found = measure(text)
        watched = [phrase for phrase in ("javascript", *POLICIES) if phrase in found.lower]
        ends = ENDS[language]
        kept: list[str] = []
        outcome = Outcome(text)
        for raw in found.whole_lines:
            line = raw.strip()
            if not line:
                kept.append("")
                continue
            if "[" in line:
                bare = CITATION.sub("", line).rstrip()
                if bare != line:
                    outcome.note("citation", line, bare)
                    line, raw = bare, CITATION.sub("", raw).rstrip()  # noqa: PLW2901
            good_end = line[-1:] in ends or (language == "zh" and line.endswith("……"))
            if not good_end or line.endswith("..."):
                reason = "no_end"
            elif not _long_enough(line, language):
                reason = "short"
            elif language == "en" and len(line) > LONGEST_WORD and max(map(len, line.split())) > LONGEST_WORD:
                reason = "long_word"
            elif watched and (hit := next((w for w in watched if w in line.lower()), "")):
                reason = "javascript" if hit == "javascript" else "policy"
            else:
                kept.append(raw)
                continue
            outcome.note(reason, line)
        if outcome.reasons:
            outcome.text = joined(kept) or None
        if outcome.text is None:
            outcome.reasons["nothing_left"] = 1
        return outcome


class C4Page:
    """Removes pages that hold a curly bracket (code), "lorem ipsum" (a mock-up), or fewer than three sentences."""

    id = "c4_page"
    title = Text("C4：按页过滤", "C4: pages")
    reasons = {  # noqa: RUF012
        "bracket": Text("页面含花括号，多半是代码", "page with a curly bracket: most likely code"),
        "lorem_ipsum": Text("页面含占位文字 lorem ipsum", "page with the filler “lorem ipsum”"),
        "few_sentences": Text(f"不足 {MIN_SENTENCES} 个句子", f"fewer than {MIN_SENTENCES} sentences"),
    }

    def apply(self, document: Document) -> Outcome:
        text = document.text
        if "{" in text:
            return Outcome(None, {"bracket": 1})
        if "lorem ipsum" in measure(text).lower:
            return Outcome(None, {"lorem_ipsum": 1})
        sentences = sum(1 for _ in islice(_SENTENCE.finditer(text), MIN_SENTENCES))
        if sentences < MIN_SENTENCES:
            return Outcome(None, {"few_sentences": 1})
        return Outcome(text)


def _long_enough(line: str, language: Language) -> bool:
    if language == "zh":
        return len(line) - line.count(" ") >= MIN_CHARACTERS
    return len(line.split(None, MIN_WORDS - 1)) == MIN_WORDS
