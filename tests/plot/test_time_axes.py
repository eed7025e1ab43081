"""Spans and chronicles: what lies on an axis of time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.plot import any_frames
from tests.plot.pictures import assert_box, heights, picture, widths
from tutor.frames import Axis, Chronicle, Dated, Interval, SpanRow, Spans
from tutor.plot import chronicle, spans
from tutor.plot.cells import row_text
from tutor.text import Text


@given(any_frames.spans, widths, heights)
def test_any_spans_fit_any_box(frame: Spans, width: int, height: int) -> None:
    assert_box(spans.render(frame, width, height), width, height)


@given(any_frames.chronicles, st.integers(1, 200), heights)
def test_any_chronicle_fits_any_box(frame: Chronicle, width: int, height: int) -> None:
    assert_box(chronicle.render(frame, width, height), width, height)


def test_golden_spans() -> None:
    frame = Spans(
        (
            SpanRow("卡 1", (Interval(0, 4, "j1"), Interval(4, 10, "second", "wide"))),
            SpanRow("card 2", (Interval(2, 2), Interval(3.5, 9, "no room for this name"))),
            SpanRow("idle", ()),
        ),
        Axis("hours"),
    )
    assert picture(spans.render(frame, 40, 8)) == (
        "⠶⠶ wide\n"
        "卡 1   ⣿⣿⣿⣿ j1 ⣿⣿⣿⣿⣿⠰⠶⠶⠶⠶⠶ second ⠶⠶⠶⠶⠶⠶\n"
        "card 2       ⢸    ⢸⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⣿⡇\n"
        "idle\n"
        "       0               5           hours\n"
        "\n"
        "\n"
        ""
    )


def test_a_kind_looks_the_same_in_charts_that_stand_side_by_side() -> None:
    for kinds in (("wide",), ("small", "wide"), ("urgent", "small", "wide")):
        row = SpanRow("1", tuple(Interval(at, at + 1, kind=kind) for at, kind in enumerate(kinds)))
        above = row_text(spans.render(Spans((row,), kinds=("small", "wide", "urgent")), 60, 6)[0])
        assert "⠶⠶ wide" in above
        assert ("⣿⣿ small" in above) == ("small" in kinds)
        assert ("⢕⢕ urgent" in above) == ("urgent" in kinds)


def test_rows_that_find_no_place_are_counted() -> None:
    frame = Spans(tuple(SpanRow(f"r{at}", (Interval(0, 1),)) for at in range(9)))
    rows = [row_text(row) for row in spans.render(frame, 30, 6)]
    assert [row.split()[0] for row in rows[:4]] == ["r0", "r2", "r4", "r6"]
    assert rows[4].strip() == "⋯ +5"


EVENTS = (
    Dated("xor", 1958.5, "perceptron", "1958-07", marked=True),
    Dated("prop", 1986.8, Text("反向传播", "backpropagation")),
    Dated("att", 2014.7, "attention"),
    Dated("gpt", 2020.4, "GPT-3", marked=True),
)


def in_chinese(written: str | Text) -> str:
    return written if isinstance(written, str) else written.zh


def test_a_wide_box_has_the_axis_across_and_texts_in_lanes() -> None:
    frame = Chronicle(EVENTS, chosen="att")
    assert picture(chronicle.render(frame, 72, 5, in_chinese)) == (
        "\n"
        "                                                              2020 GPT-3\n"
        "1958-07 perceptron  1986 反向传播                [2014 attention]      ⡇\n"
        "◉⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤◦⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤◦⠤⠤⠤⠤⠤⠤◉\n"
        "  1960                   1980                   2000                2020"
    )


def test_else_each_event_has_a_row_in_the_order_of_years() -> None:
    rows = chronicle.render(Chronicle(EVENTS), 40, 12)
    assert picture(rows) == (
        "     ◉ 1958-07 perceptron\n"
        "1960 ⡇\n"
        "     ⡇\n"
        "     ⡇\n"
        "1980 ⡇\n"
        "     ◦ 1986 backpropagation\n"
        "     ⡇\n"
        "     ⡇\n"
        "2000 ⡇\n"
        "     ◦ 2014 attention\n"
        "2020 ⡇\n"
        "     ◉ 2020 GPT-3"
    )
    looks = {run.link: (run.fg, run.bold) for row in rows for run in row if run.link}
    assert looks["event:gpt"] == ("value", True)
    assert looks["event:att"] == ("label", False)


@pytest.mark.parametrize(("chosen", "first", "last"), [("att", "▴ 2", "2020 GPT-3"), ("", "1958-07", "▾ 2")])
def test_where_rows_are_few_the_events_around_the_chosen_one_are_listed(
    chosen: str, first: str, last: str
) -> None:
    rows = [row_text(row) for row in chronicle.render(Chronicle(EVENTS, chosen=chosen), 40, 3)]
    assert first in rows[0]
    assert last in rows[-1]
    assert not chosen or "[2014 attention]" in rows[1]


@given(st.lists(st.floats(1900, 2030), min_size=1, max_size=12), st.integers(12, 30))
def test_every_event_has_its_text_where_there_are_rows_enough(when: list[float], height: int) -> None:
    frame = Chronicle(tuple(Dated(str(at), year, f"event{at}.") for at, year in enumerate(when)))
    shown = picture(chronicle.render(frame, 60, height))
    assert all(f"event{at}." in shown for at in range(len(when)))
