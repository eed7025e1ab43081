from __future__ import annotations

import math

import numpy as np
from hypothesis import given

from tests.plot import any_frames
from tests.plot.pictures import assert_box, picture, texts, widths
from tutor.frames import Bars, HeatMap, Strip, Strips, Table, Tokens
from tutor.plot import drawn
from tutor.plot.bars import render_dots
from tutor.plot.tokens import render_strips
from tutor.text import Text


@given(any_frames.strips, widths)
def test_any_strips_fit_any_width(frame: Strips, width: int) -> None:
    assert_box(render_strips(frame, width), width, None)


@given(any_frames.bars, widths, texts)
def test_any_dots_fit_any_width(frame: Bars, width: int, note: str) -> None:
    rows = render_dots(frame, width, lowest=note)
    assert_box(rows, width, None)
    assert len(rows) - len(frame.labels) in (0, 1)


def test_golden_sentence() -> None:
    tokens = Tokens(("预训练", "E8AE", "A9", "␣model", "."), kinds=("new", "byte", "byte", "text", "text"))
    frame = Strips((Strip("chinese", tokens, (("bytes", "17"), ("tokens", "5"))),))
    rows = render_strips(
        frame, 30, lambda id: {"chinese": "中文", "bytes": "字节", "tokens": "token"}[str(id)]
    )
    assert picture(rows) == " 中文  17 字节   5 token\n 预训练 E8AE A9 ␣model ."
    looks = {run.text: (run.fg, run.bg, run.bold) for run in rows[1]}
    assert looks["预训练"] == ("token-new", "token-new-ground", True)
    assert looks["E8AE"] == ("token-byte", "chip", False)
    assert looks["␣model"] == ("token", "chip", False)


BATCH = Strip(
    "padded",
    Tokens(
        ("the", "␣cat", "|", "⋅", "训练", "的", "E4B8", "|"),
        kinds=("text", "text", "mark", "pad", "text", "text", "byte", "mark"),
    ),
    (("wasted", "12%"),),
    4,
)


def test_golden_batch_with_room_for_words() -> None:
    rows = render_strips(Strips((BATCH,)), 30)
    assert picture(rows) == " padded  12% wasted\n 1 the   ␣cat  |     ⋅\n 2 训练  的    E4B8  |"
    grounds = [[run.bg for run in row if run.text.strip()] for row in rows[1:]]
    assert grounds == [["", "chip", "chip", "chip", ""], ["", "select", "select", "select", "select"]]


def test_golden_batch_with_room_for_letters() -> None:
    assert picture(render_strips(Strips((BATCH,)), 8)[-2:]) == " 1 tc|⋅\n 2 ⣿⣿⣿|"


def test_golden_dots() -> None:
    frame = Bars(("chars", "512", "4096", "lost"), (2.75, 2.25, 2.5, math.nan))
    assert picture(render_dots(frame, 40, lowest="lowest")) == (
        "chars ⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⣿ 2.750\n"
        "512   ⣿                   2.250 ◂ lowest\n"
        "4096  ⠤⠤⠤⠤⠤⠤⠤⠤⠤⣿          2.500\n"
        "lost                        nan\n"
        "      2.250         2.750"
    )


def test_where_more_is_better_the_highest_is_named() -> None:
    rows = render_dots(Bars(("a", "b"), (0.5, 0.75)), 40, highest="highest")
    assert ["highest" in "".join(run.text for run in row) for row in rows] == [False, True, False]


def test_equal_values_have_no_lowest_end_of_a_scale() -> None:
    rows = render_dots(Bars(("a", "b"), (1.0, 1.0)), 40, lowest="least")
    assert not any("least" in run.text for row in rows for run in row), "nothing is lowest among equals"
    assert len(rows) == 2


def test_frames_are_drawn_by_their_type() -> None:
    named = {"count": "出现次数", "a": "甲"}

    def name(written: str | Text) -> str:
        return named.get(written, written) if isinstance(written, str) else written.en

    frame = Table(("a", "count"), (("x", "12"),))
    assert "出现次数" in picture(drawn.render(frame, 30, name))
    assert "甲" in picture(drawn.render(Bars(("a",), (1.0,)), 30, name))
    told = Table(("a", "count"), ((Text("好", "good"), "12"),))
    assert "good  " in picture(drawn.render(told, 30, name))
    assert picture(drawn.render(Tokens(("x", "y")), 30)) == "x y"
    assert not drawn.drawable(None)
    assert drawn.drawable(frame)
    assert not drawn.drawable(HeatMap(np.zeros((1, 1, 1), np.float16), ("1.1",), ("a",), ("b",)))
