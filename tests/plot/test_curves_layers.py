"""What lies beside and under the lines of a run: forks, earlier runs, bands, a moment."""

from __future__ import annotations

import math
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plot.pictures import assert_box, heights, picture, texts, widths
from tests.plot.test_curves import Array, falling, inked
from tutor.frames import PINNED, Band, Curves, Series
from tutor.plot.canvas import FORK, apart
from tutor.plot.cells import Row, row_text
from tutor.plot.curves import render
from tutor.plot.lines import FINAL, Key

KEYS = (("a", "loss"), ("b", "loss"), ("b", "lr"))


def line(
    y: Array | list[float], start: int = 0, *, arm: str = "a", metric: str = "loss", branch: int = 0
) -> Series:
    values = np.asarray(y, dtype=np.float64)
    return Series(arm, metric, np.arange(start, start + values.size, dtype=np.float64), values, branch)


def band(low: Array, high: Array, arm: str = "a", metric: str = "loss") -> Band:
    return Band(arm, metric, np.arange(low.size, dtype=np.float64), low, high)


def grounds(rows: list[Row]) -> set[str]:
    return {run.bg for row in rows for run in row} - {""}


@st.composite
def layered(draw: st.DrawFn) -> Curves:
    floats = st.one_of(st.floats(), st.floats(0, 5))
    keys = st.sampled_from([*KEYS, ("", "\x1b[31m")])

    def array(size: int) -> Array:
        return np.array(draw(st.lists(floats, min_size=size, max_size=size)), dtype=np.float64)

    sizes = st.sampled_from([0, 1, 2, 20])
    series, bands = [], []
    for _ in range(draw(st.integers(0, 6))):
        size = draw(sizes)
        x = np.arange(size, dtype=np.float64) if draw(st.booleans()) else array(size)
        series.append(Series(*draw(keys), x, array(size), draw(st.integers(-2, 12))))
    for _ in range(draw(st.integers(0, 3))):
        size = draw(sizes)
        x = np.arange(size, dtype=np.float64) if draw(st.booleans()) else array(size)
        bands.append(Band(*draw(keys), x, array(size), array(draw(sizes))))
    return Curves(tuple(series), tuple(bands))


@settings(max_examples=100, deadline=None)
@given(
    layered(), widths, heights, st.none() | st.floats(), st.none() | st.floats(-10, 30),
    st.none() | st.tuples(texts), st.booleans(),
)  # fmt: skip
def test_any_layers_fill_any_box(
    frame: Curves,
    width: int,
    height: int,
    moment: float | None,
    x_max: float | None,
    only: tuple[str] | None,
    tints: bool,
) -> None:
    rows = render(frame, width, height, x_max=x_max, moment=moment, only=only, tints=tints, x_label="步")
    assert_box(rows, width, height)
    if not tints:
        assert not grounds(rows)


def test_a_fork_keeps_the_ink_and_takes_another_pattern_and_begins_with_a_mark() -> None:
    frame = Curves(
        (line(np.full(101, 2.0)), line(np.full(41, 3.0), 40, branch=1), line(np.full(101, 1.0), arm="b"))
    )
    names: dict[Key, str] = {("a", "loss"): "计划", ("a", "loss", 1): "lr 0.02"}
    rows = render(frame, 80, 14, names=names)
    legend = picture(rows[:2])
    assert "a ⠤⠤⠤⠤ 计划" in legend
    assert "a1 " in legend
    assert "lr 0.02: 3.000" in legend
    roles = {run.fg for row in rows for run in row if run.fg.startswith("series")}
    assert roles == {"series-0", "series-1"}
    marks = [(at, row_text(row).index(FORK)) for at, row in enumerate(rows) if FORK in row_text(row)]
    left, right = (row_text(rows[-1]).index(tick) for tick in ("0", "100"))
    assert len(marks) == 1
    assert abs(marks[0][1] - (left + 0.4 * (right + 1 - left))) <= 1.5
    samples = {run.text for run in rows[0] if run.fg.startswith("series") and not run.bold}
    assert len(samples) == 3


def test_a_fork_without_a_name_is_called_like_its_run() -> None:
    frame = Curves((line([1, 2, 3]), line([2, 1], 1, branch=2)))
    assert "计划 2: 1.000" in picture(render(frame, 60, 10, names={("a", "loss"): "计划"})[:1])


def test_a_fork_shifts_no_look() -> None:
    run = (line(falling(50, 1.0)), line(falling(50, 2.0), arm="b"))
    alone = render(Curves(run), 80, 14, x_max=100)
    joined = render(Curves((run[0], line([1.5] * 5, 30, branch=1), run[1])), 80, 14, x_max=100)
    assert inked(alone[1:], "series-1") == inked(joined[1:], "series-1")


def test_an_earlier_run_lies_under_the_present_one() -> None:
    same = falling(200, 1.5)
    frame = Curves((line(same), line(same, branch=PINNED), line(np.full(200, 3.0), arm="b", branch=PINNED)))
    rows = render(frame, 80, 16)
    assert inked(rows[1:-1], "pinned-1")
    # Where both run along the same dots, the present one is drawn, solid.
    alone = render(Curves((line(same), line(np.full(200, 3.0), arm="b", branch=PINNED))), 80, 16)
    assert inked(rows[1:-1], "series-0") == inked(alone[1:-1], "series-0")
    legend = picture(rows[:2])
    assert legend.index("a ") < legend.index("a*") < legend.index("b*")
    dots = sum(
        (ord(c) & 0xFF).bit_count() for _, text in inked(rows[1:-1], "pinned-1") for c in text if c > "⠀"
    )
    assert dots <= 30  # of some 140 columns


def test_a_band_tints_the_ground_and_no_tint_means_dots() -> None:
    y = np.full(100, 2.0)
    frame = Curves((line(y), line(y - 1, arm="b")), (band(y - 0.4, y + 0.4), band(y - 1.2, y - 0.5, arm="b")))
    rows = render(frame, 80, 20)
    assert grounds(rows) == {"band-0", "band-1"}
    assert not inked(rows, "spread")
    plain = render(frame, 80, 20, tints=False)
    assert not grounds(plain)
    strokes = inked(plain, "spread")
    assert strokes
    assert all(len(text.strip("⠀")) == 1 for _, text in strokes)


def test_where_bands_overlap_the_ground_is_nobodys() -> None:
    y = np.full(100, 2.0)
    frame = Curves((line(y), line(y - 0.1, arm="b")), (band(y - 1, y + 1), band(y - 1.1, y + 0.9, arm="b")))
    assert "band" in grounds(render(frame, 80, 20))


def test_a_band_thinner_than_a_row_is_seen() -> None:
    y = np.linspace(4, 1, 100)
    rows = render(Curves((line(y),), (band(y - 1e-4, y + 1e-4),)), 80, 12)
    tinted = sum(len(run.text) for row in rows for run in row if run.bg == "band-0")
    assert 70 <= tinted <= 100


def test_the_first_steps_of_a_band_do_not_stretch_the_chart() -> None:
    y = falling(400, 1.5)
    wide = np.full(400, 0.05)
    wide[:10] = 50.0
    rows = render(Curves((line(y),), (band(y - wide, y + wide),)), 80, 20)
    alone = render(Curves((line(y),)), 80, 20)
    assert picture(rows[-1:]) == picture(alone[-1:])
    assert any("▴4.2" in text for _, text in inked(rows, "cut"))


@pytest.mark.parametrize("size", [5.0, 1e6, math.inf])
def test_a_wide_band_does_not_squash_the_line(size: float) -> None:
    y = np.linspace(2.0, 1.0, 100)
    rows = render(Curves((line(y),), (band(y - size, y + size),)), 80, 20)
    assert len({at for at, _ in inked(rows[1:], "series-0")}) >= 7


def test_a_band_alone_has_an_axis() -> None:
    y = falling(100, 1.5)
    rows = render(Curves((), (band(y - 0.1, y + 0.1),)), 60, 14, x_max=200)
    assert grounds(rows) == {"band-0"}
    assert "200" in row_text(rows[-1])


def test_a_moment_tells_the_values_of_its_step() -> None:
    sparse = Series("b", "loss", np.array([0.0, 40, 80]), np.array([7.0, 8.0, 9.0]))
    late = line([5.0, 6.0], 90, branch=1)
    frame = Curves((line(np.arange(101.0)), sparse, late))
    rows = render(frame, 80, 14, moment=45, x_label="step")
    legend = picture(rows[:2])
    assert "a loss 45.0" in legend
    assert "b loss 8.000" in legend
    assert not any(value in legend for value in ("5.000", "6.000", "9.000", "100.0"))
    assert "[45]" in row_text(rows[-1])
    upright = [at for at, text in inked(rows, "moment") if set(text) <= set("⠅⠨")]
    assert len(upright) >= 8
    assert not inked(render(frame, 80, 14), "moment")


def test_a_moment_beyond_the_chart_has_no_mark() -> None:
    for moment in (-5.0, 300.0, math.nan, math.inf):
        rows = render(Curves((line([1, 2, 3]),)), 60, 10, moment=moment, x_max=100)
        assert "[" not in row_text(rows[-1])


def test_one_metric_alone_looks_as_among_the_others() -> None:
    frame = Curves(
        (line(falling(50, 1.0)), line(np.full(50, 900.0), metric="norm"), line(falling(50, 2.0), arm="b")),
        (band(np.full(50, 800.0), np.full(50, 990.0), metric="norm"),),
    )
    styles: dict[Key, int] = {("a", "loss"): 0, ("a", "norm"): 8, ("b", "loss"): 1}
    rows = render(frame, 80, 16, only=("loss",), styles=styles)
    assert {run.fg for row in rows for run in row if run.fg.startswith("series")} == {"series-0", "series-1"}
    assert not grounds(rows)
    whole = render(Curves((frame.series[0], frame.series[2])), 80, 16, styles=styles)
    assert picture(rows) == picture(whole)
    assert_box(render(frame, 80, 16, only=("absent",)), 80, 16)


def test_many_curves_of_a_long_run_are_drawn_in_a_few_milliseconds() -> None:
    x = np.linspace(1, 20_000, 4096)
    noise = np.random.default_rng(0).normal(0, 0.1, x.size)
    lines = [
        Series(f"arm{a}", metric, x, 1.5 + 3 * np.exp(-x / 800) + noise + a / 5)
        for a in range(3)
        for metric in ("train", "val", "old")
    ]
    forks = [
        Series("arm0", "val", x[2000:], lines[1].y[2000:] - 0.2, 1),
        Series("arm1", "val", x, noise + 2, PINNED),
    ]
    bands = tuple(Band(f"arm{a}", "val", x, lines[3 * a].y - 0.1, lines[3 * a].y + 0.1) for a in range(3))
    frame = Curves((*lines, *forks), bands)
    spent = []
    for _ in range(15):
        start = time.process_time()
        render(frame, 100, 20, x_max=20_000, moment=9_000)
        spent.append(time.process_time() - start)
    # Some 9 ms; the bound leaves room for a slower machine, and still fails for a loop over points.
    assert min(spent) < 0.04


@pytest.mark.parametrize("width", [52, 54])
def test_the_legend_of_a_fork_of_two_metrics_fits_beside_a_lesson(width: int) -> None:
    both = [line(np.full(60, 3.0), metric=metric) for metric in ("loss", "val")]
    forks = [line(np.full(30, 2.0), 30, metric=metric, branch=1) for metric in ("loss", "val")]
    for loss, val in (("训练损失", "验证损失"), ("training loss", "validation loss")):
        names: dict[Key, str] = {("a", "loss"): loss, ("a", "val"): val}
        names |= {("a", "loss", 1): "lr 0.075", ("a", "val", 1): "lr 0.075"}
        legend = [row_text(row) for row in render(Curves((*both, *forks)), width, 9, names=names)][:2]
        for shown in (f"{loss} 3.000", f"{val} 3.000", "a1 ", "b1 "):
            assert shown in "\n".join(legend)
        assert "\n".join(legend).count("lr 0.075: 2.000") == 2
        assert "⋯" not in "".join(legend)


@given(
    st.integers(1, 20).flatmap(
        lambda rows: st.tuples(st.just(rows), st.lists(st.integers(0, rows - 1), max_size=rows))
    )
)
def test_letters_stand_apart_in_the_order_of_their_lines(drawn: tuple[int, list[int]]) -> None:
    rows, wanted = drawn
    wanted = sorted(wanted)
    found = apart(wanted, rows)
    assert len(found) == len(wanted)
    assert all(0 <= row < rows for row in found)
    assert all(upper < lower for upper, lower in pairwise(found))
    if len(set(wanted)) == len(wanted):
        assert found == wanted, "none moves where none must"


def test_the_letters_at_the_ends_are_in_the_order_of_the_values() -> None:
    ends = {"a": 2.05, "b": 1.77, "c": 1.41, "d": 1.26, "e": 1.34, "f": 1.12}
    frame = Curves(tuple(line(np.linspace(6, value, 60), arm=arm) for arm, value in ends.items()))
    rows = [row_text(row) for row in render(frame, 54, 14, x_max=59)]
    plot = [row for row in rows if row not in rows[:4]]
    read = [row.rstrip()[-1] for row in plot if row.rstrip()[-1:] in ends]
    assert read == sorted(read, key=lambda letter: -ends[letter])
    assert len(read) >= 4


@pytest.mark.parametrize("height", range(10, 17))
def test_the_letter_of_an_earlier_run_stands_beside_no_other_line(height: int) -> None:
    ends = {"a": 3.82, "b": 3.88, "c": 4.2, "d": 5.1, "e": 8.4}
    now = [line(np.linspace(6, value, 60), arm=arm) for arm, value in ends.items()]
    before = [line(np.linspace(6, value, 60), arm=arm, branch=PINNED) for arm, value in ends.items()]
    rows = [row_text(row).rstrip() for row in render(Curves((*now, *before)), 66, height, x_max=59)]
    own = {row[-1]: y for y, row in enumerate(rows) if row[-1:] in ends}
    earlier = {row[-2]: y for y, row in enumerate(rows) if row[-1:] == "*" and row[-2] in ends}
    assert "e" in earlier
    assert all(abs(y - own[arm]) <= 2 for arm, y in earlier.items()), (own, earlier)


def test_a_final_value_measured_on_more_is_marked_apart_and_explained() -> None:
    curve = Series("a", "loss", np.arange(20.0), np.linspace(4, 1, 20), final=2.0)
    drawn = picture(render(Curves((curve,)), 60, 14, final_note="on all the data"))
    assert drawn.count(FINAL) == 3, "at its end, by its value, and in the note"
    assert f"1.000 {FINAL} 2.000" in drawn
    assert f"{FINAL} on all the data" in drawn
    past = picture(render(Curves((curve,)), 60, 14, moment=5, final_note="on all the data"))
    assert past.count(FINAL) == 1, "only where it is"
    below = Series("a", "loss", np.arange(20.0), np.linspace(4, 1, 20), final=-9.0)
    assert picture(render(Curves((below,)), 60, 14)).count(FINAL) == 2, "the axis holds it"
