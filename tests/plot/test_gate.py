from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tutor.plot.cells import graphemes
from tutor.plot.gate import clean

hostile = st.lists(
    st.sampled_from(
        ["\x1b", "[", "]", "31m", "0;title", "\x07", "\x9b", "\x9d", "\x9c", "\\", "P", "\r", "\n", "\t", "\x7f",
         "\u202e", "\u2066", "\u200d", "\ufeff", "\ud800", "\U000e0041", "\U000e007f", "\u200c", "\ufe0f", "🏴", "م", "क", "👩", "好", "ok", " "]
    ),
    max_size=30,
).map("".join)  # fmt: skip
anything = st.one_of(hostile, st.text(max_size=60))


@given(anything)
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    for char in clean(text):
        assert char == "\n" or unicodedata.category(char) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(char) not in (
            "LRE",
            "RLE",
            "LRO",
            "RLO",
            "PDF",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        )


@given(anything)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=("L", "N", "P", "Sm", "Sc", "So", "Zs"), exclude_characters="\x85")))
def test_what_can_be_read_stays(text: str) -> None:
    assert clean(text) == text


@given(anything)
def test_a_clean_text_is_as_wide_as_its_graphemes(text: str) -> None:
    for line in clean(text).split("\n"):
        assert sum(map(cell_len, graphemes(line))) == cell_len(line)
        assert all(cell_len(part) <= 2 for part in graphemes(line))


@given(anything)
def test_a_sequence_never_hides_a_later_line(text: str) -> None:
    assert clean(f"{text}\nlater").endswith("\nlater")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended", "0;never ended"),
        ("â€\x9d quoted", "â€ quoted"),
        ("\x9b2Jtext", "text"),
        ("a\tb", "a    b"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u2028b", "a b"),
        ("abc\u202edcba", "abcdcba"),
        ("a\u200db", "ab"),
        ("a\u200cb", "ab"),
        ("a\ufe0f", "a"),
        ("👩\u200d", "👩"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क्\u200dष", "क्ष"),  # rich counts the letter after a joiner as nothing
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f!",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f!",
        ),
        ("🏴\U000e0068\U000e0069 \U000e0068", "🏴 "),
    ],
)
def test_examples(text: str, seen: str) -> None:
    assert clean(text) == seen
