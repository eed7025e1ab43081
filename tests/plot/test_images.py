from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.plot.pictures import assert_box, heights, picture, texts, widths
from tutor.frames import Images
from tutor.plot import drawn, images
from tutor.plot.cells import row_text
from tutor.text import Text

captions = st.lists(st.one_of(texts, st.builds(Text, texts, texts)), max_size=9).map(tuple)


@st.composite
def frames(draw: st.DrawFn) -> Images:
    shape = (draw(st.integers(0, 9)), draw(st.integers(0, 40)), draw(st.integers(0, 40)))
    values = np.random.default_rng(draw(st.integers(0, 9))).normal(0, 1, shape)
    values[values > draw(st.sampled_from([1.0, 9.0]))] = draw(st.sampled_from([np.nan, np.inf, 0.0]))
    return Images(values.astype(np.float16), draw(captions), draw(st.booleans()), draw(st.integers(0, 5)))


@given(frames(), widths, heights, st.booleans())
def test_any_pictures_fit_any_box(frame: Images, width: int, height: int, dots: bool) -> None:
    assert_box(images.render(frame, width, height, dots=dots), width, height, images.ROLES)


SLOPE = np.tile(np.linspace(-1, 1, 4), (4, 1)).astype(np.float16)


def test_signs_show_without_colour_and_captions_stand_below() -> None:
    frame = Images(np.stack((SLOPE, -SLOPE)), ("1: 3/4", Text("解出", "solved")), signed=True)
    assert picture(images.render(frame, 14, 3, say=lambda text: text.zh, dots=True)) == (
        "#-⡈⣿    ⣿⡈-#\n#-⡈⣿    ⣿⡈-#\n1: 3/4  解出"
    )
    solid = images.render(frame, 14, 3, say=lambda text: text.en)
    assert row_text(solid[0]).rstrip() == "--        --"
    assert "solved" in row_text(solid[2])


def test_grey_pixels_are_halves_of_cells() -> None:
    frame = Images(np.array([[[0, 1], [1, 0]]], dtype=np.float16))
    [row] = images.render(frame, 2, 1)
    assert [(run.text, run.fg, run.bg) for run in row] == [
        ("▀", "heat-0", "heat-15"),
        ("▀", "heat-15", "heat-0"),
    ]


def test_they_are_as_large_as_lets_all_in_and_the_rest_is_counted() -> None:
    frame = Images(np.ones((3, 4, 4), dtype=np.float16), ("a", "b", "c"))
    assert picture(images.render(frame, 28, 5)).split() == ["a", "b", "c"]
    assert row_text(images.render(frame, 28, 5)[4]).index("b") == 10, "twice as large, two columns apart"
    assert row_text(images.render(frame, 10, 4)[-1]).endswith("+1")
    one_below_the_other = Images(frame.values, frame.captions, columns=1)
    assert [row_text(row).strip() for row in images.render(one_below_the_other, 4, 9)][2::3] == [
        "a",
        "b",
        "c",
    ]


def test_a_picture_that_is_larger_than_the_box_is_halved() -> None:
    rows = images.render(Images(np.ones((1, 64, 64), dtype=np.float16)), 20, 9)
    assert sum(run.width for run in rows[0] if run.bg == "heat-15") == 16
    assert drawn.render(Images(np.ones((1, 4, 4), dtype=np.float16)), 8, height=2)
