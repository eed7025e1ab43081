"""The parsers of picture fences: what they read, and what they find wrong and where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.fences import (
    PARSERS,
    Bar,
    Box,
    Chip,
    Fault,
    Strip,
    parse_bars,
    parse_curve,
    parse_flow,
    parse_tokens,
)
from tutor.frames import Axis


def faults(kind: str, source: str) -> list[Fault]:
    return PARSERS[kind](source.split("\n"))[1]


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("tokens", "剧情 | 单薄 | ，"),
        ("tokens", "输入 :: 今天 | ~天气 | ?真 | !好"),
        ("tokens", "好^0.62 | 差^0 | 中^1"),
        ("tokens", "x^n | ^ | ^0.5 | a|b"),
        ("tokens", " :: a"),
        ("tokens", "?^0.5"),
        ("bars", "p = 0.90 | 0.105"),
        ("bars", "W | 589824 | 768 × 768"),
        ("tokens", "?^2"),
        ("bars", "low | -1e-3 |"),
        ("flow", "随机参数 -> 预训练 (通用文本) -> 微调（任务）"),
        ("flow", "f(x) -> y"),
        ("blocks", "one box"),
        ("blocks", "Q | K | V (values) -> 输出（概率）\n\n  a->b"),
        ("blocks", "12 × {\n注意力\n2 {\na\n}\n}\nb"),
        ("curve", "1 2"),
        ("curve", "x log: 步数\ny: loss\nsmall :: 1 2.5±.1 | 10 1 ± 0.05"),
        ("curve", "y：损失\nx :: -1 2"),
    ],
)
def test_good_fences_have_no_fault(kind: str, source: str) -> None:
    assert not faults(kind, source)


@pytest.mark.parametrize(
    ("kind", "source", "places", "first"),
    [
        ("tokens", "a |  | b", [(0, 4)], "a token is empty"),
        ("tokens", "label ::", [(0, 7)], "a token is empty"),
        ("tokens", "? | a", [(0, 0)], "a token is empty"),
        ("tokens", "a :: b :: c", [(0, 7)], "“::” stands twice"),
        ("tokens", "a^1.5", [(0, 1)], "a number from 0 to 1 should follow “^”"),
        ("tokens", "a^-0.1", [(0, 1)], "a number from 0 to 1 should follow “^”"),
        ("tokens", "a^0.5.5", [(0, 1)], "a number from 0 to 1 should follow “^”"),
        ("bars", "only", [(0, 0)], "there should be two or three parts between |"),
        ("bars", "a | 1 | b | c", [(0, 0)], "there should be two or three parts between |"),
        ("bars", " | 1", [(0, 0)], "the label is missing"),
        ("bars", "a | 1,000", [(0, 4)], "the second part should be a number"),
        ("bars", "a | nan", [(0, 4)], "the second part should be a number"),
        ("bars", "a | -inf", [(0, 4)], "the second part should be a number"),
        ("flow", "a", [(0, 0)], "there should be at least two boxes"),
        ("flow", "a->b", [(0, 1)], "there should be at least two boxes"),
        ("flow", "a ->", [(0, 3)], "a box is empty"),
        ("flow", "-> a", [(0, 0)], "a box is empty"),
        ("flow", "a ->  -> b", [(0, 6)], "a box is empty"),
        ("blocks", "a | ", [(0, 3)], "a box is empty"),
        ("blocks", "a -> | b", [(0, 4)], "a box is empty"),
        ("blocks", "{\na\n}", [(0, 0)], "the loop doesn’t say how often or what it is"),
        ("blocks", "3 × {\na", [(0, 4)], "this loop is never closed with }"),
        ("blocks", "a\n}", [(1, 0)], "there is no loop to close here"),
        ("blocks", "3 × {\n}", [(0, 4)], "there is nothing in the loop"),
        ("curve", "x: steps", [(0, 0)], "there is no curve"),
        ("curve", "x:\n1 2", [(0, 0)], "the label is missing"),
        ("curve", ":: 1 2", [(0, 0)], "the label is missing"),
        ("curve", "a :: b :: 1 2", [(0, 7)], "“::” stands twice"),
        ("curve", "1 2 |", [(0, 4)], "a point is two numbers, as in 10 2.9, and an error: 10 2.9 ± 0.05"),
        ("curve", "1 two", [(0, 0)], "a point is two numbers, as in 10 2.9, and an error: 10 2.9 ± 0.05"),
        ("curve", "1 2 ± -1", [(0, 0)], "a point is two numbers, as in 10 2.9, and an error: 10 2.9 ± 0.05"),
        ("curve", "1 inf", [(0, 0)], "a point is two numbers, as in 10 2.9, and an error: 10 2.9 ± 0.05"),
        ("curve", "y log: loss\n1 0", [(1, 0)], "on a logarithmic axis all numbers are above 0"),
        ("tokens", "a^inf", [(0, 1)], "a number from 0 to 1 should follow “^”"),
        ("bars", " a | b | c\n | x", [(0, 5), (1, 0), (1, 3)], "the second part should be a number"),
        ("flow", "  x=>y", [(0, 3)], "there should be at least two boxes"),
        ("blocks", "a\n 2 {\n  b ->  | c\n", [(2, 6), (1, 3)], "a box is empty"),
        (
            "curve",
            "x log: n\n-1 2 | 1 2\n:: 3 4",
            [(1, 0), (2, 0)],
            "on a logarithmic axis all numbers are above 0",
        ),
    ],
)
def test_faults_are_told_with_their_places(
    kind: str, source: str, places: list[tuple[int, int]], first: str
) -> None:
    found = faults(kind, source)
    assert [(fault.row, fault.column) for fault in found] == places
    assert found[0].what.en == first


def test_tokens_are_read() -> None:
    assert parse_tokens(["输入 :: 今天 | ?真 | ~好 | !坏^0.5", "", " a^0.62|b"])[0] == [
        Strip("输入", (Chip("今天"), Chip("真", "?"), Chip("好", "~"), Chip("坏", "!", "0.5"))),
        Strip("", (Chip("a^0.62|b"),)),
    ]


@pytest.mark.parametrize("text", ["x^n", "^0.5", "^", "a^", "a^info"])
def test_a_caret_without_a_number_is_text(text: str) -> None:
    assert parse_tokens([text]) == ([Strip("", (Chip(text),))], [])


def test_bars_are_read() -> None:
    assert parse_bars(["甲 | 2.5 | 2.5 nats", "b | -1e3 | "])[0] == [
        Bar("甲", 2.5, "2.5 nats"),
        Bar("b", -1000.0, "-1e3"),
    ]


def test_a_flow_is_read() -> None:
    assert parse_flow(["a -> b (note) -> 微调（任务） -> f(x) y"])[0] == [
        [Box("a"), Box("b", "note"), Box("微调", "任务"), Box("f(x) y")]
    ]


def test_a_curve_is_read() -> None:
    (x, y, (first, second)), _ = parse_curve(["x: steps", "y log: 损失", "a :: 1 2 ± 0.5 | 10 1", "3 4±.1"])
    assert (x, y) == (Axis("steps"), Axis("损失", log=True))
    assert (first.label, second.label) == ("a", "")
    assert first.points.tolist() == [[1, 2, 0.5], [10, 1, 0]]
    assert second.points.tolist() == [[3, 4, 0.1]]


@given(
    st.sampled_from(sorted(PARSERS)),
    st.lists(
        st.sampled_from(["a", "今天", " | ", "|", " ", "::", " -> ", "->", "^", "0.5", "2", "-1", "?", "~", "!", "(n)",
             "\n", "\n}\n", " {\n", "x log:", "y: ", " ± ", " 3 "]),
        min_size=1,
        max_size=8,
    ).map("".join),
)  # fmt: skip
def test_every_fault_lies_within_its_line(kind: str, source: str) -> None:
    lines = source.split("\n")
    for fault in faults(kind, source):
        assert 0 <= fault.column < max(1, len(lines[fault.row]))
