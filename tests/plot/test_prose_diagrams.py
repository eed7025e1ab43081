"""Block diagrams and small curves inside prose."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.plot.pictures import ROLES, picture
from tutor.fences import Box, Curve, Level, Loop, Part, parse_blocks, parse_curve
from tutor.frames import Axis
from tutor.plot.cells import row_text, row_width
from tutor.plot.prose import render
from tutor.plot.prose_pictures import draw_blocks, draw_curve

widths = st.integers(1, 90)
words = st.sampled_from(["今天", "the", "[MASK]", "深度学习模型", "x", "a longer name", "1.5"])
boxes = st.builds(Box, words, st.sampled_from(["", "note", "备注文字"]))


@st.composite
def levels(draw: st.DrawFn) -> Level:
    count = draw(st.integers(1, 4))
    return Level(
        tuple(draw(boxes) for _ in range(count)), tuple(draw(st.booleans()) for _ in range(count - 1))
    )


parts: st.SearchStrategy[Part] = st.recursive(
    levels(), lambda inner: st.builds(Loop, words, st.lists(inner, min_size=1, max_size=3)), max_leaves=6
)


@given(st.lists(parts, max_size=4), widths)
def test_any_diagram_keeps_to_the_width_and_loses_no_text(diagram: list[Part], width: int) -> None:
    rows = draw_blocks(diagram, width)
    for row in rows:
        assert row_width(row) <= max(2, width)  # a wide character takes two columns whatever there is
        assert {role for run in row for role in (run.fg, run.bg)} <= ROLES
    if width >= 60:
        shown = "".join(map(row_text, rows))
        assert all(box.name in shown for part in diagram if isinstance(part, Level) for box in part.boxes)


BLOCKS = "词元 (tokens)\n12 × {\nattention | 注意力\nMLP -> 残差\n}\nhead"


def test_golden_blocks() -> None:
    assert picture(draw_blocks(parse_blocks(BLOCKS.split("\n"))[0], 40)) == (
        "          ⡇  词元  ⢸\n"
        "          ⡇ tokens ⢸\n"
        "              ▾\n"
        "⡏⠉ 12 × ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⢹\n"
        "⡇ ⡇ attention ⢸   ⡇ 注意力 ⢸ ⢸\n"
        "⡇             ▾              ⢸\n"
        "⡇     ⡇ MLP ⢸ ▸ ⡇ 残差 ⢸     ⢸\n"
        "⣇⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣸\n"
        "              ▾\n"
        "           ⡇ head ⢸"
    )
    assert "softmax" in picture(render(f"```blocks\n{BLOCKS} -> softmax\n```", 30))


def test_boxes_that_do_not_fit_side_by_side_stand_one_below_the_other() -> None:
    assert picture(draw_blocks(parse_blocks(["encoder -> decoder | 输出"])[0], 14)) == (
        "⡇ encoder ⢸\n     ▾\n⡇ decoder ⢸\n\n⡇  输出   ⢸"
    )


numbers = st.floats(0.001, 1e6)
curves = st.lists(
    st.builds(
        Curve,
        st.sampled_from(["", "今天", "a long label of a curve"]),
        st.lists(st.tuples(numbers, numbers, st.floats(0, 100)), min_size=1, max_size=5).map(np.array),
    ),
    min_size=1,
    max_size=10,
)
axes = st.builds(Axis, st.sampled_from(["", "步数", "training steps"]), st.booleans())


@given(axes, axes, curves, widths)
def test_any_curve_keeps_to_the_width(x: Axis, y: Axis, drawn: list[Curve], width: int) -> None:
    for row in draw_curve((x, y, drawn), width):
        assert row_width(row) <= width
        assert {role for run in row for role in (run.fg, run.bg)} <= ROLES


def test_golden_curve() -> None:
    source = "x log: 参数量\ny: loss\nmean :: 1e3 2.4 ± 0.2 | 1e4 2.2 | 1e5 1.6 ± 0.3\n外推 :: 1e4 1.9"
    assert picture(draw_curve(parse_curve(source.split("\n"))[0], 44)) == (
        "loss   ◉ mean   ✕ 外推\n"
        "     ⢰\n"
        "2.5  ◉⢄⣀⣀⣀⡀\n"
        "     ⢸    ⠈⠉⠉⠉⠒⠒⠒⠢⠤⠤⠤⢄⣀⣀◉\n"
        "                        ⠉⠑⠢⢄⣀\n"
        "2.0                     ✕    ⠉⠒⠢⢄⣀        ⡀\n"
        "                                  ⠉⠒⠢⢄⣀   ⡇\n"
        "                                       ⠉⠒⠢◉\n"
        "1.5                                       ⡇\n"
        "                                          ⠇\n"
        "    1000               10k            参数量"
    )
