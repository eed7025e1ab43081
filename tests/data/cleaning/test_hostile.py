"""Input made to break a rule: every rule must come through, in work that grows with the length and no faster.

Work is counted, not timed: a text twice as long may make at most `GROWTH` times as many lines of Python run. What happens inside
the regular expression engine can't be counted from here; there the inputs are long enough that a quadratic pattern would hang the test
(50,000 characters: 10^9 steps), and a linear one takes milliseconds.
"""

from __future__ import annotations

import pytest

from tests.data.cleaning.work import lines_run
from tutor.data.cleaning.base import Document, Rule
from tutor.data.cleaning.pipeline import Pipeline
from tutor.data.cleaning.rules import RULES, make_rules

GROWTH = 2.6

HOSTILE = {
    "less": "<",
    "open tags": "<div>",
    "open comments": "<!--",
    "open scripts": "<script>",
    "script, no end": "<script></scrip",
    "open attributes": '<a "',
    "quotes": "<a '\"<a \"'",
    "formatting": "<b id=1><p>",
    "nested": "<nav><b>",
    "own elements": "<a-b",
    "prefixes": "<o:p ",
    "cells": "<td> </b>",
    "lines between blocks": "</b>\n<br>\n <div>",
    "references": "&#9",
    "ampersands": "&amp",
    "nul": "\x00",
    "right to left": "\u202e\u200f",
    "surrogates": "\ud800",
    "joiners": "\u200d\u200c",
    "marks": "\u0301\u0316",
    "letters and marks": "e\u0301",
    "escapes": "\x1b[",
    "titles": "\x1b]0;",
    "line feeds": "\n",
    "blank lines": "\n \n",
    "blanks": " \t",
    "brackets": "[",
    "citations": "[1",
    "at signs": "a@",
    "dots": "a.",
    "host names": "a@b.c.",
    "figures": "1",
    "figures apart": "1 ",
    "dotted figures": "1.",
    "phone": "+1 2",
    "numbers": "+1234567890123456789012345y ",
    "parentheses": "(0",
    "colons": "a:",
    "base64": "Ab1+",
    "hex": "0f ",
    "hex, spoiled": "0f 0f 0f 0f 0f 0f 0f 0f z",
    "one word": "x",
    "one character": "的",
    "commas": "a,",
    "commas zh": "好，",
    "pipes": " | ",
    "phrase": "buy now ",
    "names": "a_./",
    "traditional": "電腦軟體",
    "mojibake": "ä¸",
    "mojibake gbk": "锛屼腑",
    "mojibake gbk, lines": "锛屼腑鏂\n脳\n",
    "greek": "αβγ δ ",
    "foreign": "der ",
    "cyrillic": "это ",
    "kana": "かな",
    "dumps": "00000000  ",
    "quotes only": '".',
    "quoted tags": "<a b=\"<a '>",
    "quotes in turns": "<a b='<a c=\"' <a d=\"",
    "forms": "<form>",
    "forms and links": "<form><a href=x>y",
    "C1": "\x80",
    "C1 quotes": "\x93a\x94 ",
    "misread three times": "ÃƒÂ",
    "misread and lost": "Ä\ufffd",
    "misread Russian": "вЂ",
    "ligatures": "œ ",
    "fractions": "0.5454 5454 ",
    "points": ".5",
    "repositories": "git@a.b:c/",
    "paths": "a@b.cc:d/e/f/",
    "zones": "fe80::1%e",
    "versions": "v 1.2.3.40 ",
    "wrapped": "so many words that stand in this line of text\n",
}


def _text(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def _work(rule: Rule, text: str) -> int:
    """Python lines executed by a rule."""
    return lines_run(lambda: rule.apply(Document(text)))


@pytest.mark.parametrize("name", RULES)
def test_work_grows_with_length_only(name: str) -> None:
    rule = make_rules([name])[0]
    rule.apply(Document("Warm up: das ist nur ein kleiner Satz, der nichts weiter bedeutet. ä¸\xad"))
    for kind, piece in HOSTILE.items():
        short, long = (_work(rule, _text(piece, n)) for n in (4_000, 8_000))
        assert long <= GROWTH * short + 200, kind


@pytest.mark.parametrize("name", RULES)
def test_large_hostile_input_comes_through(name: str) -> None:
    """Fifty thousand characters of each; quadratic work in a regular expression would take minutes."""
    rule = make_rules([name])[0]
    for piece in HOSTILE.values():
        outcome = rule.apply(Document(_text(piece, 50_000)))
        assert outcome.text is None or isinstance(outcome.text, str)
        assert set(outcome.reasons) <= set(rule.reasons)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "的" * 1_100_000,
        "<" * 200_000,
        "+1234567890123456789012345y " * 20_000,
        "\x00" * 200_000,
        "\u202e" * 100_000 + "abc",
        "\ud800\udfff" * 50_000,
        "a" + "\u0301\u0316" * 50_000,
        "",
        " \n\t",
    ],
    ids=[
        "1 MB line",
        "3 MB zh line",
        "nothing but <",
        "numbers too long for a phone",
        "nul",
        "rtl",
        "surrogates",
        "marks",
        "empty",
        "blank",
    ],
)
def test_whole_pipeline_on_hostile_documents(text: str) -> None:
    kept, report = Pipeline(make_rules()).run([Document(text, "hostile")])
    assert report.documents_in == 1
    assert len(kept) == report.documents_out
    for document in kept:
        document.text.encode("utf-8")


def test_deep_html_keeps_its_text() -> None:
    text = "<div>" * 20_000 + "deep" + "</div>" * 20_000
    assert make_rules(["html"])[0].apply(Document(text)).text == "deep"


def test_surrogates_and_nuls_are_gone_after_controls() -> None:
    outcome = make_rules(["controls"])[0].apply(Document("a\ud800b\x00c\udfffd"))
    assert outcome.text == "abcd"
