from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.plot import any_frames
from tests.plot.pictures import assert_box, heights, picture, widths
from tutor.frames import Images
from tutor.plot import heat, images
from tutor.plot.cells import row_text
from tutor.plot.heat import Mode
from tutor.text import Text


@given(any_frames.images, widths, heights, st.sampled_from(["solid", "dots"]))
def test_any_pictures_fit_any_box(frame: Images, width: int, height: int, mode: Mode) -> None:
    assert_box(images.render(frame, width, height, mode=mode), width, height)


def crosses(count: int, size: int = 4) -> NDArray[np.float16]:
    one = np.maximum(np.eye(size), np.eye(size)[::-1])
    return np.stack([one * (at + 1) / count for at in range(count)]).astype(np.float16)


def test_golden_pictures_without_colour() -> None:
    frame = Images(crosses(2), ("一", Text("二", "two")))
    assert picture(images.render(frame, 24, 6, mode="dots")) == (
        "⡮⡬    ⡮⡬  ⣿⣿    ⣿⣿\n  ⡮⡬⡮⡬      ⣿⣿⣿⣿\n  ⡮⡬⡮⡬      ⣿⣿⣿⣿\n⡮⡬    ⡮⡬  ⣿⣿    ⣿⣿\n一        two\n"
    )
    assert picture(images.render(frame, 12, 4, mode="dots")) == "⠑⢄⢄⠑  ⠛⣤⣤⠛\n⢄⠑⠑⢄  ⣤⠛⠛⣤\n一    two\n"


def test_pixels_are_as_large_as_all_pictures_fit() -> None:
    def cells(width: int, height: int) -> int:
        rows = images.render(Images(crosses(2)), width, height)
        return sum(run.width for row in rows for run in row if run.bg == heat.ROLES[15])

    assert [cells(60, 20), cells(40, 10), cells(18, 5)] == [8 * 6 * 3, 8 * 4 * 2, 8 * 2]


def test_pictures_that_find_no_place_are_counted() -> None:
    rows = images.render(Images(crosses(40)), 30, 6)
    [missing] = [row_text(row).strip() for row in rows if "⋯" in row_text(row)]
    assert 0 < int(missing.strip("⋯ +")) < 40


def test_large_pictures_are_drawn_smaller() -> None:
    flat = np.full((1, 64, 64), 0.5, dtype=np.float16)
    rows = images.render(Images(flat), 30, 6)
    assert {run.fg or run.bg for row in rows for run in row if run.fg or run.bg} <= {"heat-7", "heat-8"}


@pytest.mark.parametrize(
    ("size", "width", "height", "below", "above"),
    [(2, 30, 6, "#", "⣿"), (8, 10, 10, "#", "⣿"), (24, 16, 9, "⣒", "⣿"), (24, 26, 13, "⣒", "⣿")],
)
def test_signs_differ_without_colour(size: int, width: int, height: int, below: str, above: str) -> None:
    sides = np.hstack([np.full((size, size // 2), -1), np.ones((size, size // 2))]).astype(np.float16)
    shown = "".join(
        map(row_text, images.render(Images(sides[None], signed=True), width, height, mode="dots"))
    )
    assert set(shown) - {" "} == {below, above}


def test_a_cell_below_zero_has_a_sign_where_there_is_room() -> None:
    signed = np.array([[[-1, 1], [-0.5, 0.5]]], dtype=np.float16)
    for size in ((30, 6), (2, 3)):
        rows = images.render(Images(signed, signed=True), *size)
        grounds = {run.bg: set(run.text) for row in rows for run in row if run.bg}
        assert "-" in grounds[heat.ROLES[heat.ZERO - heat.SIDE]]
        assert grounds[heat.ROLES[heat.ZERO + heat.SIDE]] == {" "}


def test_captions_are_called_by_their_names() -> None:
    shown = picture(images.render(Images(crosses(1), ("ring",)), 30, 6, lambda id: {"ring": "圆环"}[str(id)]))
    assert "圆环" in shown


def test_one_column_puts_them_one_below_the_other() -> None:
    frame = Images(crosses(3), ("a", "b", "c"), columns=1)
    assert [row_text(row).strip() for row in images.render(frame, 4, 9)][2::3] == ["a", "b", "c"]


@pytest.mark.parametrize("width", range(10, 60, 7))
def test_a_picture_and_what_became_of_it_stand_in_one_row(width: int) -> None:
    frame = Images(crosses(8), ("was", "is") * 4, together=2)
    rows = [row_text(row).split() for row in images.render(frame, width, 40)]
    told = [row for row in rows if row and row[0] in ("was", "is")]
    assert told
    assert all(row == ["was", "is"] * (len(row) // 2) for row in told), told
