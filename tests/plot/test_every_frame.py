"""Whatever frame comes, in whatever box of use, its picture stays within the box, in both languages."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plot.any_frames import frames
from tests.plot.pictures import assert_box, picture
from tutor.frames import Axis, Band, Curves, Frame, HeatMap, Samples, Series, Table
from tutor.plot import curves, drawn, heatmap, samples
from tutor.plot.cells import Row, row_text
from tutor.text import LANGS, Lang, Text


def draw(frame: Frame, width: int, height: int, lang: Lang, *, dots: bool) -> tuple[list[Row], bool]:
    """The picture as a view draws it, and whether it fills the box."""
    name = {"zh": "名称：{}", "en": "name {}"}[lang]

    def called(written: str | Text) -> str:
        return name.format(written) if isinstance(written, str) else written[lang]

    match frame:
        case Curves():
            metrics = list(dict.fromkeys(series.metric for series in frame.series))[
                : height // curves.LEAST_PANEL
            ]
            groups = [((metric,), name.format(metric)) for metric in metrics] or [(("none",), "")]
            return curves.panels(frame, width, height, groups, tints=not dots, x_label="步"), True
        case HeatMap():
            picture = heatmap.render(frame, 0, width, height, cursor=(1, 1), mode="dots" if dots else "solid")
            return list(picture.rows), True
        case Samples():
            return samples.render(frame, width), False
    return drawn.render(frame, width, called, height, dots=dots), drawn.fills(frame)


@settings(max_examples=200, deadline=None)
@given(
    frames,
    st.integers(30, 170),
    st.integers(6, 60),
    st.sampled_from(LANGS),
    st.booleans(),
)
def test_any_frame_fits_any_box_of_use(frame: Frame, width: int, height: int, lang: Lang, dots: bool) -> None:
    rows, fills = draw(frame, width, height, lang, dots=dots)
    assert_box(rows, width, height if fills else None)
    if not isinstance(frame, Curves | HeatMap | Samples) and drawn.drawable(frame):
        columns, least_rows = drawn.least(frame)
        assert columns > 0
        assert least_rows > 0


def unit_curves(**more: object) -> Curves:
    x = np.array([1.0, 10, 100, 1000])
    loss, share = (Series("a", metric, x, y) for metric, y in (("loss", 1000 / x), ("share", x / 1000)))
    return Curves((loss, share), **more)  # type: ignore[arg-type]


def test_quantities_of_two_units_never_share_an_axis() -> None:
    rows = curves.panels(
        unit_curves(x_axis=Axis("length")),
        60,
        16,
        [(("loss",), "nats"), (("share",), "of all")],
        x_label="length",
    )
    text = picture(rows)
    assert text.index("nats") < text.index("of all")
    assert len(rows) == 16
    assert "1000" in row_text(rows[1]) or "1000" in row_text(rows[2])
    assert "0.5" in text
    assert sum("length" in row_text(row) for row in rows) == 1, "one x axis for all"


def test_a_legend_has_last_values_over_steps_only() -> None:
    legends = [
        picture(
            curves.render(unit_curves(x_axis=axis), 70, 20, only=("share",), names={("a", "share"): "made"})[
                :1
            ]
        )
        for axis in (Axis(), Axis("length"))
    ]
    assert [("made" in legend, "1.000" in legend) for legend in legends] == [(True, True), (True, False)]


def test_a_logarithmic_axis_makes_a_power_law_a_straight_line() -> None:
    frame = unit_curves(x_axis=Axis("length", log=True), y_log=True)
    rows = curves.render(frame, 70, 20, only=("loss",), x_label="length")
    ticks = row_text(rows[-1])
    assert all(tick in ticks for tick in ("1 ", "10 ", "100 ", "length"))
    assert ticks.index("100 ") - ticks.index("10 ") > 10
    columns = [
        min(at for at in range(70) if drawn_at(row, at) == "series-0")
        for row in rows[1:-1]
        if any(run.fg == "series-0" for run in row)
    ]
    steps = np.diff(columns)
    assert steps.min() >= 2
    assert steps.max() <= 6, "as far in every row"
    with_zero = Curves((Series("a", "loss", np.array([0.0, 1, 10]), np.array([-1.0, 0, 5])),), y_log=True)
    assert_box(curves.render(with_zero, 40, 10), 40, 10)


def drawn_at(row: Row, column: int) -> str:
    """The role of a column."""
    for run in row:
        if column < run.width:
            return run.fg
        column -= run.width
    return ""


def test_what_changed_stands_out_among_many_lines() -> None:
    x = np.arange(40.0)
    run = [Series(f"arm{at}", "loss", x, x + at * 9) for at in range(4)]
    forks = [Series(f"arm{at}", "loss", x[20:], x[20:] + at * 9 - 4, 1) for at in range(4)]
    frame = Curves((*run, *forks))
    rows = curves.render(frame, 80, 24, single=lambda arm, branch: branch == 1)
    roles = {run.fg for row in rows for run in row if run.fg.startswith(("series", "pinned"))}
    assert roles == {f"{kind}-{ink}" for kind in ("series", "pinned") for ink in range(4)}
    text = picture(rows)
    assert all(f"{letter}{branch} " in text for letter in "abcd" for branch in ("", "1")), (
        "each has a letter and a legend"
    )
    few = curves.render(Curves(frame.series[:4]), 80, 24, single=lambda arm, branch: branch == 1)
    assert not any(run.fg.startswith("pinned") for row in few for run in row)


def test_an_arm_has_one_letter_in_all_charts() -> None:
    x = np.arange(9.0)
    frame = Curves(
        (
            Series("a", "loss", x, x),
            Series("b", "loss", x, x + 1),
            Series("b", "old", x, x),
            Series("c", "old", x, x + 2),
        )
    )
    rows = curves.panels(
        frame, 60, 20, [(("loss",), "new"), (("old",), "old text")], names={("b", "loss"): "second"}
    )
    head, rest = picture(rows[:2]), picture(rows[9:12])
    assert "b ⠤⠤ ⠤ second" in head
    assert "b " in rest
    assert "c " in rest
    assert "a " not in rest


def test_bands_have_dotted_edges_where_there_are_no_tints() -> None:
    x = np.arange(100.0)
    y = np.where(x < 50, 1.0, 3.0)
    frame = Curves((Series("a", "loss", x, y),), (Band("a", "loss", x, y - 0.8, y + 0.8),))
    rows = curves.render(frame, 60, 30, tints=False)
    left = [y for y, row in enumerate(rows) if drawn_at(row, 20) == "spread" or drawn_at(row, 21) == "spread"]
    assert len(left) == 2, "nothing between them"


@pytest.mark.parametrize("width", [40, 80, 160])
def test_a_table_is_given_the_room_in_which_nothing_is_cut(width: int) -> None:
    table = Table(("name", "value of it"), (("一个长名字", "12.5"), ("b", "3")))
    columns, _ = drawn.least(table)
    assert "⋯" not in picture(drawn.render(table, max(columns, width)))
