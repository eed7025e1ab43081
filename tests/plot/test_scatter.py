from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.plot.any_frames import array, arrays, axes, scatters
from tests.plot.pictures import assert_box, heights, picture, texts, widths
from tutor.frames import Axis, Field, Points, Scatter
from tutor.plot import scatter
from tutor.plot.axis import axis_range, log_ticks
from tutor.plot.cells import row_text
from tutor.plot.sheet import Sheet


@given(scatters, widths, heights, st.booleans())
def test_any_scatter_fits_any_box(frame: Scatter, width: int, height: int, tints: bool) -> None:
    assert_box(scatter.render(frame, width, height, tints=tints), width, height)


def test_golden_scatter() -> None:
    words = Points("words", array(0, 1, 2, 2), array(0, 1, 0.1, 0.1), ("国王", "queen", "man", "too"))
    line = Points("way", array(0, 2, 2), array(0.5, 0.5, 0.9), joined=True)
    frame = Scatter((words, line), Axis("x", low=0, high=2), Axis("up", low=0, high=1))
    assert picture(scatter.render(frame, 36, 9)) == (
        "up   ◉ words   ⠤⠤ ⠤ way\n"
        "1.0                 ◉ queen        ⢀\n"
        "                                   ⠘\n"
        "                                   ⢸\n"
        "0.5 ⠤⠤⠤ ⠤⠤⠤ ⠤⠤⠤ ⠤⠤⠤ ⠤⠤⠤ ⠤⠤⠤ ⠤⠤⠤ ⠤⠤⠤⠘\n"
        "\n"
        "                                 too\n"
        "  0 ◉ 国王                     man ◉\n"
        "    0               1              x"
    )


def test_points_off_an_axis_are_not_drawn_and_a_line_is_cut_there() -> None:
    axis = Axis(low=0, high=1)
    gone = Points("gone", array(-1, 5, np.nan, np.inf), array(0.5, 0.5, 0.5, 0.5))
    through = Points("through", array(-1e9, 1e9), array(0.5, 0.5), joined=True)
    away = Points("away", array(-1e9, -1), array(0.5, 0.5), joined=True)
    rows = [row_text(row) for row in scatter.render(Scatter((gone, through, away), axis, axis), 40, 12)]
    assert not any("◉" in row for row in rows[2:])
    assert sum(character > "⠀" for row in rows[2:] for character in row) >= 30
    assert "away" in "".join(rows[:2])


def test_the_sides_of_a_field_differ_without_colour_and_a_border_parts_them() -> None:
    values = np.tile(np.linspace(-1, 1, 8), (4, 1)).astype(np.float16)
    axis = Axis(low=0, high=1)
    rows = scatter.render(Scatter((), axis, axis, Field(values, "no", "yes")), 40, 10, tints=False)
    line = row_text(rows[3])
    left, border, right = line.partition("⢸")
    assert border, line
    assert set(left[4:]) <= set("⠄⠅ ")
    assert set(right) <= set("⠤⠭ ")
    assert {run.bg for row in rows for run in row} == {""}
    tinted = scatter.render(Scatter((), axis, axis, Field(values, "no", "yes")), 40, 10)
    assert {run.bg for run in tinted[3]} == {"", "band-0", "band-1"}


def test_a_mark_on_a_field_has_room_around_it() -> None:
    values = np.ones((2, 2), dtype=np.float16)
    axis = Axis(low=0, high=1)
    frame = Scatter((Points("a", array(0.5), array(0.5)),), axis, axis, Field(values, "no", "yes"))
    assert any(" ◉ ⠭" in row_text(row) for row in scatter.render(frame, 40, 10)[1:])


@pytest.mark.parametrize(
    ("low", "high", "count", "labels"),
    [
        (0.0, 3.0, 4, "1 10 100 1000"),
        (0.0, 1.0, 4, "1 2 5 10"),
        (-5.0, 5.0, 3, "10⁻⁵ 10⁻² 10¹ 10⁴"),
        (np.log10(3), np.log10(4), 4, "3.0 3.5 4.0"),
        (-1.2, 0.2, 3, "0.1 0.2 0.5 1"),
        (-1.2, 0.2, 2, "0.1 1"),
    ],
)
def test_ticks_of_a_logarithmic_axis(low: float, high: float, count: int, labels: str) -> None:
    ticks = log_ticks(low, high, count)
    assert " ".join(ticks.labels) == labels
    assert [number_of(label) for label in ticks.labels] == pytest.approx(
        [10**value for value in ticks.values]
    )


def number_of(label: str) -> float:
    base, raised = label.rstrip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹"), label.lstrip("0123456789.k")
    exponent = unicodedata.normalize("NFKC", raised).replace("\u2212", "-") if raised else ""
    return float(base) ** int(exponent) if exponent else float(label.replace("k", "e3"))


@given(axes, arrays, st.integers(1, 9))
def test_any_axis_has_few_ticks_that_all_lie_on_it(
    axis: Axis, values: NDArray[np.float64], count: int
) -> None:
    found = axis_range(axis, [values])
    assert found.low < found.high
    ticks = found.ticks(count)
    assert len(ticks.values) <= count + 1
    assert all(-1e-6 <= share <= 1 + 1e-6 for share in found.shares(ticks.values))
    assert len(set(ticks.labels)) == len(ticks.labels)


@given(st.lists(st.tuples(st.integers(-1, 3), st.integers(-3, 12), texts), max_size=8))
def test_half_a_wide_character_never_stays_on_a_sheet(written: list[tuple[int, int, str]]) -> None:
    sheet = Sheet(3, 10)
    for row, column, text in written:
        sheet.put(row, column, "".join(c for c in text if c.isprintable()), "label")
    assert_box(sheet.rows(), 10, 3)
