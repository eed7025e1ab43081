from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.plot.pictures import ROLES, picture
from tutor.plot.cells import Row, row_text, row_width
from tutor.plot.fit import around
from tutor.plot.prose import inline, render

marks = st.sampled_from(
    [
        "### ", "- ", "1. ", "> ", "**", "*", "`", "```\n", "```tokens\n", "```bars\n", "```flow\n", "```python\n", "\n",
        "\n\n", " | ", "| --- |\n", "| a | b |\n| --- | --: |\n| 1 | 中文 |\n", " -> ", " :: ", "^0.5", "^9", "?", "~", "今天",
        "天气，", "loss", "“", "”", "\x1b[31m", "\t", "    ", "<b>", "&amp;", "&#x202e;", "&#10;", "&#9;", "\\", "[a](b)", "![x](y)", "---\n", "👩\u200d💻", "e\u0301",
    ]
)  # fmt: skip
documents = st.one_of(st.lists(marks, max_size=40).map("".join), st.text(max_size=80))


@given(documents, st.integers(2, 90))
@example("- " * 30 + "a", 2)
@example("> " * 30 + "中", 3)
def test_anything_is_drawn_within_the_width(markdown: str, width: int) -> None:
    for row in render(markdown, width):
        assert row_width(row) <= width, repr(row_text(row))
        for run in row:
            assert {run.fg, run.bg} <= ROLES
            assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in run.text)
            assert "\u202e" not in run.text


@given(
    st.lists(st.sampled_from(["预训练", "模型", "loss", "，", "。", "GPT-2"]), min_size=1, max_size=40),
    st.integers(4, 60),
)
def test_a_paragraph_loses_nothing(words: list[str], width: int) -> None:
    text = " ".join(words)
    drawn = "".join(row_text(row) for row in render(text, width))
    assert drawn.replace(" ", "") == text.replace(" ", "")


@given(documents)
def test_inline_never_raises_and_holds_no_control(markdown: str) -> None:
    for run in inline(markdown):
        assert not any(unicodedata.category(char) == "Cc" and char != "\n" for char in run.text)


def at(markdown: str, width: int = 40) -> list[str]:
    return picture(render(markdown, width)).split("\n")


def looks(row: Row) -> list[tuple[str, str]]:
    return [(run.text, run.fg) for run in row]


def test_paragraphs_are_parted_by_an_empty_row() -> None:
    assert at("一段。\n\n二段。") == ["一段。", "", "二段。"]


def test_soft_breaks_in_chinese_leave_no_space() -> None:
    assert at("海量的\n**无标注**\n文本，\nGPT 与\n`loss` 和\nval") == [
        "海量的无标注文本，GPT 与 loss 和 val"
    ]


def test_after_a_bold_lead_in_chinese_stands_no_space() -> None:
    text = "".join(run.text for run in inline("**再试：** 减半。**第二。** GPT。**Bold.** Text"))
    assert text == "再试：减半。第二。GPT。Bold. Text"


def test_a_hard_break_begins_a_row() -> None:
    assert at("上  \n下") == ["上", "下"]


def test_inline_looks() -> None:
    (row,) = render("甲 **乙** *丙* `x**y**`", 40)
    assert looks(row) == [
        ("甲 ", "text"), ("乙", "strong"), (" ", "text"), ("丙", "emphasis"), (" ", "text"), ("x**y**", "code"),
    ]  # fmt: skip
    assert [run.bold for run in row] == [False, True, False, False, False, False]
    assert row[3].italic


def test_a_heading_is_one_without_colour() -> None:
    assert at("### 两个阶段\n\n正文") == ["两个阶段", "⠉" * 8, "", "正文"]


def test_lists_hang() -> None:
    assert at("- 一二三四五六七\n- b\n  - c\n    - d", 12) == [
        "∙ 一二三四五",
        "  六七",
        "∙ b",
        "  ◦ c",
        "    ∙ d",
    ]


def test_numbers_are_aligned_and_kept() -> None:
    assert at("9. a\n10. b") == [" 9. a", "10. b"]
    assert at("0. a") == ["0. a"]


def test_a_loose_list_stays_airy() -> None:
    assert at("- a\n\n  b\n\n- c") == ["∙ a", "", "  b", "", "∙ c"]


def test_a_callout_has_its_bar_on_every_row() -> None:
    assert at("> 一二三四五六\n>\n> - b", 10) == ["⡇ 一二三四", "⡇ 五六", "⡇", "⡇ ∙ b"]


def test_a_table_is_aligned() -> None:
    assert at("| 模型 | 参数 |\n| --- | --- |\n| GPT | 117 |\n| BERT 大 | 1.5 |") == [
        "模型     参数",
        "⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒",
        "GPT       117",
        "BERT 大   1.5",
    ]


def test_a_wide_table_wraps_its_cells_and_spares_words() -> None:
    assert at(
        "| name | what it is |\n| --- | --- |\n| pre-training | 在海量文本上学语言 |\n| b | c |", 24
    ) == [
        "name          what it is",
        "⠒" * 24,
        "pre-training  在海量文本",
        "              上学语言",
        "",
        "b             c",
    ]


def test_a_table_too_wide_becomes_records() -> None:
    assert at("| 甲 | 乙 | 丙 |\n| --- | --- | --- |\n| 1 | 2 | 3 |", 12) == ["甲: 1", "乙: 2", "丙: 3"]


def test_code_stands_on_its_ground() -> None:
    rows = render("```python\ndef f():\n    return 1  # 注\n```", 24)
    assert [row_text(row).rstrip() for row in rows] == [" def f():", "     return 1  # 注"]
    assert all(row_width(row) == 24 and {run.bg for run in row} == {"code-ground"} for row in rows)
    assert ("return", "accent") in looks(rows[1])
    assert ("# 注", "dim") in looks(rows[1])


def test_long_code_goes_on_further_in() -> None:
    assert at("```\n  total = first + second\n```", 18) == ["   total = first", "       + second"]


@pytest.mark.parametrize("fence", ["tokens\na |  | b", "bars\n甲 | 多\nb | 1", "flow\na", "nothing\nx | y"])
def test_a_picture_that_cannot_be_drawn_is_shown_as_written(fence: str) -> None:
    assert at(f"```{fence}\n```") == [f" {line}".rstrip() for line in fence.split("\n")[1:]]


def test_empty_pictures() -> None:
    for kind in ("tokens", "bars", "flow"):
        assert render(f"```{kind}\n```", 20) == []


ANSWERS = (
    "> 几个？\n\n```answer\n**六**个。\n```\n\n- 再问\n\n  ````answer\n  ```tokens\n  a | b\n  ```\n  ````"
)


def test_an_answer_is_prose_behind_a_bar() -> None:
    rows = render(ANSWERS, 40)
    assert picture(rows).split("\n") == ["⡇ 几个？", "", "⡇ 六个。", "", "∙ 再问", "", "  ⡇  a   b"]
    assert looks(rows[2]) == [("⡇ ", "answer-bar"), ("六", "strong"), ("个。", "text")]


@pytest.mark.parametrize("opened", [(), (0,), (1,), (0, 1)])
@pytest.mark.parametrize("width", [8, 40])
def test_covered_answers_hold_a_link_and_nothing_else(opened: tuple[int, ...], width: int) -> None:
    rows = render(ANSWERS, width, "答案（按 A 或点击）", opened)
    links = {run.link for row in rows for run in row} - {""}
    assert links == {f"answer:{number}" for number in (0, 1) if number not in opened}
    drawn = "".join(row_text(row) for row in rows)
    assert ("六" in drawn, "b" in drawn) == (0 in opened, 1 in opened)


def test_a_bad_bold_is_shown_as_written() -> None:
    assert at("**注意：**正文") == ["**注意：**正文"]


def test_html_and_escapes_are_text() -> None:
    assert at("<b>x</b> \x1b[31mred\x1b[0m &lt;") == ["<b>x</b> red <"]


def test_entities_cannot_smuggle_controls() -> None:
    assert at("a&#27;[31mb &#x202e;c") == ["a\ufffd[31mb c"]


def test_a_term_is_linked_once_outside_headings_code_and_answers() -> None:
    def find(text: str) -> list[tuple[int, int, str]]:
        return [(at, at + 4, "loss") for at in range(len(text)) if text[at : at + 4] == "loss"]

    text = "### loss\n\n`loss`, **the loss** and loss\n\n```answer\nloss\n```"
    plain, linked = render(text, 40), render(text, 40, terms=find)
    assert list(map(row_text, linked)) == list(map(row_text, plain))
    runs = [run for row in linked for run in row if run.link]
    assert [(run.text, run.fg, run.bold, run.link) for run in runs] == [("loss", "term", True, "term:loss")]


lines = st.text("ab 损失，e\u0301👩", max_size=30)


@given(lines, lines, lines, st.integers(0, 40))
def test_a_text_is_cut_around_what_is_to_be_seen(before: str, hit: str, after: str, width: int) -> None:
    start, end = len(before), len(before) + len(hit)
    pieces = around(before + hit + after, start, end, width)
    assert sum(map(cell_len, pieces)) <= width
    if cell_len(before + hit + after) <= width:
        assert pieces == (before, hit, after)
    if cell_len(hit) <= width:
        assert pieces[1] == hit
