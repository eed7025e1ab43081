from __future__ import annotations

import math

from hypothesis import given

from tests.plot import any_frames
from tests.plot.pictures import assert_box, picture, widths
from tutor.frames import Bars, Table, Tokens
from tutor.plot import bars, table, tokens
from tutor.plot.cells import graphemes, row_text
from tutor.plot.fit import one_line


@given(any_frames.tables, widths)
def test_any_table_fits_any_width_and_loses_no_text(frame: Table, width: int) -> None:
    rows = table.render(frame, width)
    assert_box(rows, width, None)
    columns = max(len(line) for line in (frame.header, *frame.rows))
    if columns and width >= max(table.natural_width(frame), 6 * columns):
        assert len(rows) == len(frame.rows) + 2
    if width >= 30:
        shown = "".join(map(row_text, rows)).replace(" ", "")
        for cell in (cell for row in frame.rows for cell in row if isinstance(cell, str)):
            assert all(character in shown for character in graphemes(one_line(cell).replace(" ", "")))


def test_golden_table() -> None:
    frame = Table(("arm", "验证 loss", "note"), (("scratch", "2.06", "从零开始"), ("头", "nan", "x\ny " * 5)))
    assert picture(table.render(frame, 32)) == (
        "arm      验证 loss  note\n"
        "⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒\n"
        "scratch       2.06  从零开始\n\n"
        "头             nan  x y x y x y\n"
        "                    x y x y"
    )


@given(any_frames.bars, widths)
def test_any_bars_fit_any_width(frame: Bars, width: int) -> None:
    rows = bars.render(frame, width)
    assert_box(rows, width, None if frame.title or frame.unit else len(frame.labels))


def test_golden_bars() -> None:
    frame = Bars(("scratch", "微调", "head", "gone"), (2.0, 1.0, 0.001, math.nan))
    assert picture(bars.render(frame, 34)) == (
        "scratch ⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶ 2.000\n"
        "微调    ⠶⠶⠶⠶⠶⠶⠶⠶⠶⠶           1.000\n"
        "head    ⠆                    0.001\n"
        "gone                           nan"
    )


def test_what_bars_count_stands_above_their_numbers() -> None:
    rows = bars.render(Bars(("a", "b"), (1.0, 2.0), "speed"), 20, lambda id: f"<{id}>")
    assert row_text(rows[0]) == "<speed>".rjust(20)
    assert len(rows) == 3


def test_a_bar_is_as_long_as_its_share_of_what_is_full() -> None:
    long, half = (
        len("".join(run.text for run in bars.render(Bars(("a",), (0.4,), full=full), 40)[0]).split()[1])
        for full in (0.4, 0.8)
    )
    assert abs(half - long / 2) <= 1


def test_bars_below_zero_go_the_other_way() -> None:
    rows = bars.render(Bars(("up", "down"), (1.0, -1.0)), 30)
    up, down = (row_text(row) for row in rows)
    assert down.rindex("⠶") < up.index("⠶")
    assert {run.fg for run in rows[1] if "⠶" in run.text} == {"bar-below"}


@given(any_frames.tokens, widths)
def test_any_tokens_fit_any_width(frame: Tokens, width: int) -> None:
    assert_box(tokens.render(frame, width), width, None)


def test_golden_tokens() -> None:
    frame = Tokens(("def", " read", "(\n", "今天", "x"), (1.0, 0.25, 0.0, 0.5, math.nan))
    rows = tokens.render(frame, 12)
    assert picture(rows) == "def ␣read (↵\n⣿⣿⣿ ⡬⡬⡬⡬⡬\n今天 x\n⡾⡾⡾⡾"
    assert [run.bg for run in rows[0] if run.text.strip()] == ["heat-15", "heat-8", "heat-0"]


def test_without_intensity_there_is_one_row_for_a_line() -> None:
    assert picture(tokens.render(Tokens(("a", "b"), (math.nan, math.nan)), 12)) == "a b"
