from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tutor.plot.cells import Run, graphemes, row_text, row_width
from tutor.plot.fit import ELLIPSIS, fit
from tutor.plot.wrap import NOT_FIRST, NOT_LAST, longest, soft_break, wrap

_SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
WHOLE = [
    "👩\u200d💻",
    "❤\ufe0f",
    "🇨🇳",
    "🇩🇪",
    "👍🏽",
    "1\ufe0f\u20e3",
    _SCOTLAND,
    "e\u0301",
    "中",
    "a",
    "葛\U000e0100",
]

pieces = st.sampled_from(
    [
        *"，。、；：？！）》」』】”’…—%（《「『【“‘([,.;:!?)] 　",
        *"预训练模型词元", "loss", "GPT-2", "1.86", "tutor/plot/wrap_rows.py", "——", "……", "\n",
        "e\u0301", "👩\u200d💻", "\u0301", "❤\ufe0f", "🇨🇳", "👍🏽", "1\ufe0f\u20e3", _SCOTLAND, "می\u200cخواهم", "한", "ｶﾞ",
    ]
)  # fmt: skip
mixed = st.lists(pieces, max_size=40).map("".join)
widths = st.integers(1, 60)


def lines(text: str, width: int, indent: int = 0) -> list[str]:
    return [row_text(row) for row in wrap([Run(text)], width, indent=indent)]


def solid(text: str) -> str:
    return "".join(char for char in text if char not in " \u3000\n")


@given(st.one_of(mixed, st.text(max_size=60)), widths, st.integers(0, 12))
@example("      x", 4, 0)
@example(" ，，", 2, 0)
@example("「中」", 2, 9)
@example("00\x1f", 2, 0)
def test_no_row_is_wider_than_asked(text: str, width: int, indent: int) -> None:
    for row in wrap([Run(text)], width, indent=indent):
        assert row_width(row) <= max(width, 2)  # one column can't hold a wide character


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("卡时 H（小时）", "小时"),
        ("64 张卡每小时收发 28 字节/秒上下", "字节/秒"),
        ("电网 400 克/度，网速", "克/度"),
        ("读了 3.5 万亿个", "万亿"),
    ],
)
def test_no_line_breaks_inside_a_unit_or_a_large_number(text: str, whole: str) -> None:
    assert all(any(whole in line for line in lines(text, width)) for width in range(cell_len(whole) + 4, 30))


@given(st.text(max_size=30))
@example("a\x00b\x7f")
def test_a_run_is_as_wide_as_rich_says(text: str) -> None:
    assert Run(text).width == cell_len(text)


@given(st.lists(st.sampled_from(WHOLE), min_size=1, max_size=30), st.integers(2, 20))
@example(["🇨🇳", "🇩🇪"], 3)
def test_no_grapheme_is_cut_in_half(parts: list[str], width: int) -> None:
    text = "".join(parts)
    assert graphemes(text) == parts
    assert [part for line in lines(text, width) for part in graphemes(line)] == parts
    cut = fit(text, width)
    kept = graphemes(cut.rstrip(" ").removesuffix(ELLIPSIS))
    assert kept == parts[: len(kept)]
    assert cell_len(cut) == width


@given(st.one_of(mixed, st.text(max_size=60)), widths, st.integers(0, 12))
def test_only_spaces_are_lost(text: str, width: int, indent: int) -> None:
    assert solid("".join(lines(text, width, indent))) == solid(text)


@given(st.text("ab 中文", max_size=40), widths)
def test_spaces_inside_a_row_are_kept(text: str, width: int) -> None:
    rest = text
    for line in lines(text, width):
        at = rest.find(line)
        assert at >= 0
        assert not rest[:at].strip(" ")
        rest = rest[at + len(line) :]
    assert not rest.strip(" ")


@given(mixed, widths)
def test_looks_are_kept_for_each_character(text: str, width: int) -> None:
    looks = ["a", "b", "c"]
    runs = [Run(char, looks[i % 3], bold=i % 2 == 0) for i, char in enumerate(text) if char.isalnum()]
    drawn = [(char, run.fg, run.bold) for row in wrap(runs, width) for run in row for char in run.text]
    assert drawn == [(run.text, run.fg, run.bold) for run in runs]


@given(
    st.lists(
        st.sampled_from(
            ["预训练", "微调", "词元，", "好。", "（见", "图）", "「猜", "词」", "loss", "GPT-2", " "]
        ),
        max_size=60,
    ).map("".join),
    st.integers(16, 60),
)
def test_prohibitions_hold_where_a_line_has_a_lawful_break(text: str, width: int) -> None:
    got = lines(text, width)
    if longest([Run(text)]) > width:
        return
    for line in got[1:]:
        assert line[0] not in NOT_FIRST
    for line in got[:-1]:
        assert line[-1] not in NOT_LAST


@given(
    st.lists(st.sampled_from(["loss", "val_loss", "1.86", "中", "文", "，", " "]), max_size=50),
    st.integers(8, 40),
)
def test_words_stay_whole(words: list[str], width: int) -> None:
    text = " ".join(words)
    got = " ".join(lines(text, width)).split()
    assert "".join(got) == solid(text)
    if (
        longest([Run(text)]) > width
    ):  # a word that fits, but not with the comma bound to it, is cut to keep the comma
        return
    for word in ("val_loss", "1.86"):
        assert sum(piece.count(word) for piece in got) == text.count(word)


@given(mixed, st.integers(2, 60))
def test_a_row_is_only_closed_when_the_next_piece_does_not_fit(text: str, width: int) -> None:
    wide = longest([Run(text)])
    for upper in text.split("\n"):
        got = lines(upper, width)
        for line in got[:-1]:
            assert cell_len(line) > width - wide - 3 or wide > width


@given(mixed, widths)
def test_wrapping_rows_again_changes_nothing(text: str, width: int) -> None:
    for line in lines(text, width):
        if line and width > 1:
            assert lines(line, width) == [line]


def test_golden_chinese() -> None:
    text = "预训练让模型学习「预测下一个词元」；微调则用少量数据，把 GPT-2 这类模型调教成专才——学习率要小 10～100 倍。"
    assert lines(text, 24) == [
        "预训练让模型学习「预测下",
        "一个词元」；微调则用少量",
        "数据，把 GPT-2 这类模型",
        "调教成专才——学习率要小",
        "10～100 倍。",
    ]


def test_closing_punctuation_takes_a_character_along() -> None:
    assert lines("中文中文，", 8) == ["中文中", "文，"]
    assert lines("中文中「文」", 8) == ["中文中", "「文」"]


def test_a_path_longer_than_the_line_breaks_at_a_seam() -> None:
    assert lines("tutor/experiments/language_model_config.py", 20) == [
        "tutor/experiments/",
        "language_model_",
        "config.py",
    ]


def test_a_formula_longer_than_the_line_breaks_after_an_operator_and_in_no_number() -> None:
    formula = "6·7e9·4,000,000÷(64·3.12e14·0.4)"
    assert lines(formula, 15) == ["6·7e9·", "4,000,000÷(64·", "3.12e14·0.4)"]
    assert lines(formula, 11) == ["6·7e9·", "4,000,000÷", "(64·", "3.12e14·", "0.4)"]


def test_an_overlong_word_still_keeps_its_comma() -> None:
    assert lines("aaaaaaaaaa，", 10) == ["aaaaaaaaa", "a，"]


def test_a_dash_may_close_a_line() -> None:
    assert lines("学习——ARLM", 8) == ["学习——", "ARLM"]


def test_hanging_indent() -> None:
    assert lines("一二三四五六", 6, 2) == ["一二三", "  四五", "  六"]


def test_newlines_begin_rows_and_empty_ones_stay() -> None:
    assert lines("a\n\nb", 9) == ["a", "", "b"]
    assert lines("", 9) == []


def test_one_column() -> None:
    assert lines("a中b", 1) == ["a", "中", "b"]


def test_clusters_are_not_torn() -> None:
    assert lines("e\u0301e\u0301", 1) == ["e\u0301", "e\u0301"]
    assert lines("❤\ufe0f❤\ufe0f", 2) == ["❤\ufe0f", "❤\ufe0f"]


@pytest.mark.parametrize(
    ("before", "after", "join"),
    [
        ("量", "的", ""), ("，", "的", ""), ("的", "“", ""), ("”", "的", ""), ("—", "学", ""),
        ("的", "G", " "), ("T", "的", " "), ("a", "b", " "), ("，", "G", ""), ("T", "（", ""),
        ("”", "G", " "), ("“", "“", " "), ("", "a", ""), ("a", "", ""), (" ", "a", ""),
    ],
)  # fmt: skip
def test_soft_breaks(before: str, after: str, join: str) -> None:
    assert soft_break(before, after) == join
