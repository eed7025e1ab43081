from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plot.pictures import assert_box, causal, heat_maps, heights, picture, widths
from tutor.frames import HeatMap
from tutor.plot.cells import row_text
from tutor.plot.heat import HOLE, HOLE_GLYPH, Mode, levels
from tutor.plot.heatmap import HeatMapPicture, render

modes = st.sampled_from(["solid", "dots"])
GOLDEN = """\
        ␣
    今  ⋯   ↵
今 ⣿⣿⣿⣿⋅   ⋅
   ⣿⣿⣿⣿⋅   ⋅
天 ⡮⡬⡮⡬[  ]⋅
   ⡮⡬⡮⡬[  ]⋅
␣b     ⡌⡈⡌⡈⣿⣿⣿⣿
       ⡌⡈⡌⡈⣿⣿⣿⣿
天 ▸ ␣the 0.500"""


@settings(max_examples=100, deadline=None)
@given(
    heat_maps(),
    st.integers(-1, 6),
    widths,
    heights,
    st.none() | st.tuples(st.integers(-2, 50), st.integers(-2, 50)),
    modes,
)
def test_any_map_fills_any_box(
    frame: HeatMap, plane: int, width: int, height: int, cursor: tuple[int, int] | None, mode: Mode
) -> None:
    drawn = render(frame, plane, width, height, cursor=cursor, mode=mode)
    assert_box(drawn.rows, width, height)
    for y in range(height):
        for x in range(width):
            found = drawn.hit(x, y)
            if found:
                assert 0 <= found[0] < frame.values.shape[1]
                assert 0 <= found[1] < frame.values.shape[2]


def ground(drawn: HeatMapPicture, x: int, y: int) -> tuple[str, str]:
    """Text and looks of one column of a picture."""
    for run in drawn.rows[y]:
        if x < run.width:
            return run.text[x : x + 1], f"{run.fg}/{run.bg}"
        x -= run.width
    raise AssertionError


@pytest.mark.parametrize(("size", "width", "height"), [(8, 80, 40), (12, 60, 20), (24, 70, 36)])
def test_a_hit_is_the_cell_that_is_drawn_there(size: int, width: int, height: int) -> None:
    frame = causal(size)
    drawn = render(frame, 0, width, height)
    picked = levels(frame.values[0], 1.0)
    seen = set()
    for y in range(height):
        for x in range(width):
            found = drawn.hit(x, y)
            if found is None:
                continue
            seen.add(found)
            level = int(picked[found])
            text, look = ground(drawn, x, y)
            if level == HOLE:
                assert look == "heat-hole/"
                assert text in (" ", HOLE_GLYPH)
            else:
                assert look == f"/heat-{level}"
    assert seen == {(row, col) for row in range(size) for col in range(size)}


def test_half_blocks_hold_two_rows() -> None:
    frame = HeatMap(np.ones((1, 30, 30), dtype=np.float16), ("p",), ("a",) * 30, ("b",) * 30)
    frame.values[0, 1::2] = 0
    drawn = render(frame, 0, 40, 20)
    assert (drawn.layout.cell, drawn.layout.cell_rows) == (1, 0.5)
    text, look = ground(drawn, drawn.layout.left, drawn.layout.top)
    assert (text, look) == ("▀", "heat-15/heat-0")
    assert drawn.hit(drawn.layout.left, drawn.layout.top + 1) == (2, 0)
    assert drawn.hit(drawn.layout.left, drawn.layout.top + 15) is None


def test_the_window_follows_the_cursor_and_says_that_there_is_more() -> None:
    frame = causal(64)
    for cursor in ((0, 0), (31, 40), (63, 63)):
        drawn = render(frame, 0, 40, 20, cursor=cursor)
        places = {drawn.hit(x, y) for x in range(40) for y in range(20)}
        assert cursor in places
        text = picture(drawn.rows)
        assert ("▴" in text) == (cursor[0] > 20)
        assert ("▾" in text) == (cursor[0] < 40)
        assert ("◂" in text) == (cursor[1] > 20)
        assert ("▸\n" in text) == (cursor[1] < 60)


@pytest.mark.parametrize("mode", ["solid", "dots"])
def test_the_cursor_marks_its_cell_and_both_labels(mode: Mode) -> None:
    drawn = render(causal(6), 0, 60, 12, cursor=(4, 2), mode=mode)
    marked = "".join(run.text for row in drawn.rows for run in row if run.fg == "cursor")
    # The row's label, the column's letters from top to bottom, and the value.
    assert "t4" in marked
    assert marked.count("2") >= 1
    assert "[" in picture(drawn.rows)
    value = float(causal(6).values[0, 4, 2])
    assert f"t4 ▸ t2 {value:.3f}" in row_text(drawn.rows[-1]) + picture(drawn.rows)


def test_the_readout_can_be_left_to_others() -> None:
    rows = render(causal(6), 0, 60, 20, cursor=(4, 2), readout=False).rows
    assert "t4 ▸ t2" not in picture(rows)
    assert "0.25" in picture(rows)


def test_labels_show_what_cannot_be_seen() -> None:
    frame = HeatMap(
        np.zeros((1, 3, 3), dtype=np.float16), ("p",), (" the", "\n", "\x1b[31m真"), ("a", "\t", " x")
    )
    text = picture(render(frame, 0, 40, 12).rows)
    assert "␣the" in text
    assert "↵" in text
    assert "⇥" in text
    assert "真" in text
    assert "\x1b" not in text


def test_the_scale_says_that_it_is_a_square_root() -> None:
    text = picture(render(causal(8), 0, 60, 20).rows)
    assert "0.25" in text.splitlines()[-1] + text
    diffuse = HeatMap(np.full((1, 8, 8), 0.04, dtype=np.float16), ("p",), ("a",) * 8, ("b",) * 8)
    assert "0.025" in picture(render(diffuse, 0, 60, 20).rows)


def test_golden_dots() -> None:
    values = np.array([[[1, np.nan, np.nan], [0.25, 0.5, np.nan], [0, 0.1, 1]]], dtype=np.float16)
    frame = HeatMap(values, ("1.1",), ("今", "天", " b"), ("今", " the", "\n"))
    assert picture(render(frame, 0, 34, 9, cursor=(1, 1), mode="dots").rows) == GOLDEN
