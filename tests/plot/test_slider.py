from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.plot.pictures import assert_box, picture, texts
from tutor.plot.canvas import FORK
from tutor.plot.cells import row_text
from tutor.plot.slider import KNOB, Slider

steps = st.integers(-50, 30_000)
widths = st.integers(1, 120)


@st.composite
def sliders(draw: st.DrawFn) -> Slider:
    first, last, budget = sorted(draw(st.tuples(*[st.integers(0, 5_000)] * 3)))
    return Slider(
        first=first, last=last, at=draw(steps), budget=budget, marks=draw(st.lists(steps, max_size=200)),
        forks=draw(st.lists(steps, max_size=9)), playing=draw(st.booleans()), label=draw(texts),
    )  # fmt: skip


def knob(slider: Slider, width: int) -> int:
    """The column at which the knob of a slider stands."""
    return row_text(slider.render(width)).index(KNOB)


@given(sliders(), widths)
def test_any_slider_fills_its_row(slider: Slider, width: int) -> None:
    assert_box([slider.render(width)], width, None)
    assert row_text(slider.render(width)).count(KNOB) == (width > 3)


@given(steps, steps, steps, steps, widths)
def test_odd_numbers_do_no_harm(first: int, last: int, at: int, budget: int, width: int) -> None:
    slider = Slider(first, last, at, budget, marks=[at], forks=[last])
    assert_box([slider.render(width)], width, None)
    slider.step_at(at, width)


@given(sliders(), widths, st.lists(st.integers(-5, 130), min_size=2, max_size=9))
def test_further_right_is_later_and_never_beyond_the_run(
    slider: Slider, width: int, columns: list[int]
) -> None:
    found = [slider.step_at(x, width) for x in sorted(columns)]
    assert found == sorted(found)
    assert all(slider.first <= step <= slider.last for step in found)


@given(st.integers(0, 50), st.integers(1, 3_000), st.integers(6, 120), st.integers(3, 119))
def test_the_knob_goes_where_one_clicks(first: int, size: int, width: int, x: int) -> None:
    slider = Slider(first, first + size, first, first + size)
    x = min(x, width - 1)
    step = slider.step_at(x, width)
    # A step apart moves the knob by so many columns; a click is at most half of that off.
    a_step = (width - 4) / size
    moved = Slider(first, first + size, step, first + size)
    assert abs(knob(moved, width) - x) <= a_step / 2 + 0.5


def test_ends_of_the_track_are_ends_of_the_run() -> None:
    slider = Slider(0, 300, 300, 300, label="step 300 / 300")
    left, right = knob(replace(slider, at=0), 60), knob(slider, 60)
    assert (slider.step_at(left, 60), slider.step_at(right, 60)) == (0, 300)
    assert left == 3
    assert row_text(slider.render(60))[right + 1 :] == "  step 300 / 300"


def test_golden() -> None:
    slider = Slider(0, 150, 60, 300, marks=[0, 40, 80, 120, 121, 122], forks=[100], label="第 60 步 / 300")
    playing = Slider(0, 0, 0, 300, playing=True, label="step 0 / 300")
    assert picture([slider.render(50), playing.render(50)]) == GOLDEN


GOLDEN = """\
⡇⡇ ⢾⠶⠶⠶⢾⠶▮⠶⢾⠶◉⠶⢾⠶⠶⠶⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒  第 60 步 / 300
▸  ▮⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒  step 0 / 300"""


def test_ticks_too_close_are_thinned_and_only_what_was_passed_has_some() -> None:
    row = row_text(Slider(0, 100, 0, 200, marks=range(300)).render(43))
    track = row[3:]
    ticks = [at for at, character in enumerate(track) if character not in f"⠶⠒{KNOB}"]
    assert 8 <= len(ticks) <= 15
    assert max(ticks) <= 20


def test_forks_are_marked_and_looking_back_shows_without_colour() -> None:
    row = Slider(0, 200, 50, 400, forks=[100, 500]).render(60)
    assert row_text(row).count(FORK) == 1
    assert row_text(row).index(KNOB) < row_text(row).index(FORK)


def test_a_label_without_room_is_left_out() -> None:
    slider = Slider(0, 10, 5, 10, label="step 5 / 10")
    assert "step" not in row_text(slider.render(22))
    assert "step" in row_text(slider.render(30))
