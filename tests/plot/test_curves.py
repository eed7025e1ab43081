from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.plot.pictures import assert_box, heights, picture, texts, widths
from tutor.frames import Curves, Series
from tutor.plot.axis import short
from tutor.plot.cells import Row, row_text
from tutor.plot.curves import panels, render
from tutor.plot.lines import Key
from tutor.plot.trace import PATTERNS, Window, dots, trace

Array = NDArray[np.float64]

GOLDEN = """\
nats   a ⠤⠤⠤⠤ 训练 1.000
b ⠤⠤ ⠤ b loss 4.000
4 ⠳⣄⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠉⠉⠉⠁⠉⠉⠉⠁⠁b⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁
   ⠈⠳⣄
3 ⠂⠂⠂⠈⢧⡀⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂
       ⠙⢦⡀
2 ⠄⠄⠄⢀⡄⠄⠄⠙⠦⠤⠤⠤⣄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄
   ⢀⡴⠋        ⠈⠳⣄
1 ⡴⠋⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⠈⠳⣄⣀⣀⣀⡀a⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀
  0                   5                  10"""


def series(y: Array | list[float], x: Array | None = None, arm: str = "a", metric: str = "loss") -> Series:
    values = np.asarray(y, dtype=np.float64)
    return Series(arm, metric, np.arange(values.size, dtype=np.float64) if x is None else x, values)


def falling(size: int, end: float) -> Array:
    """A loss curve: most of the way in the first twentieth of the run."""
    x = np.arange(size)
    return np.asarray(
        end + (4.2 - end) * (0.8 * np.exp(-x / (size * 0.02)) + 0.2 * np.exp(-x / (size * 0.3)))
    )


def inked(rows: list[Row], role: str) -> list[tuple[int, str]]:
    return [(at, run.text) for at, row in enumerate(rows) for run in row if run.fg == role]


@st.composite
def frames(draw: st.DrawFn) -> Curves:
    floats = st.one_of(st.floats(), st.floats(0, 5))
    drawn = []
    for _ in range(draw(st.integers(0, 10))):
        y = np.array(draw(st.lists(floats, max_size=30)), dtype=np.float64)
        x = np.array(draw(st.lists(floats, min_size=y.size, max_size=y.size)), dtype=np.float64)
        if draw(st.booleans()):
            x = np.arange(y.size, dtype=np.float64)
        drawn.append(Series(draw(texts), draw(texts), x, y))
    return Curves(tuple(drawn))


@settings(max_examples=100, deadline=None)
@given(
    frames(), widths, heights, st.none() | st.floats(-1e9, 1e9), texts, texts, st.none() | st.integers(-3, 40)
)
def test_any_frame_fills_any_box(
    frame: Curves, width: int, height: int, x_max: float | None, x_label: str, y_label: str, style: int | None
) -> None:
    styles: dict[Key, int] | None = (
        None if style is None else {(one.arm, one.metric): style for one in frame.series}
    )
    rows = render(frame, width, height, x_label=x_label, y_label=y_label, x_max=x_max, styles=styles)
    assert_box(rows, width, height)


def test_golden() -> None:
    frame = Curves((series([4, 3, 2, 2, 1, 1]), series([1, 2, math.nan, 4, 4, 4], arm="b")))
    rows = render(frame, 44, 10, names={("a", "loss"): "训练"}, y_label="nats", x_label="step", x_max=10)
    assert picture(rows) == GOLDEN


def test_a_spike_survives_a_narrow_chart() -> None:
    y = np.ones(10_000)
    y[7_000] = 2.0
    for pattern in range(PATTERNS):
        window = Window(0, 9_999, 1, 2, 80, 40)
        column = round(7_000 * 79 / 9_999)
        lit = dots(trace(np.arange(10_000.0), y, window), window, pattern)
        assert lit[0, column // 2], pattern
        assert (lit[0] > 0).sum() == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 999), st.integers(1, 3_000), st.integers(2, 60), st.integers(2, 12))
def test_every_column_shows_its_lowest_and_highest_value(seed: int, size: int, cells: int, rows: int) -> None:
    generator = np.random.default_rng(seed)
    x, y = np.sort(generator.random(size)), generator.random(size)
    window = Window(0, 1, 0, 1, cells * 2, rows * 4)
    line = trace(x, y, window)
    column = np.rint(window.column(x)).astype(int)
    row = np.rint(window.row(y)).astype(int)
    for at in np.unique(column):
        assert line.top[at] <= row[column == at].min()
        assert line.bottom[at] >= row[column == at].max()
    # Between the first and the last point there is no hole, and neighbouring columns touch.
    first, last = column[0], column[-1]
    top, bottom = line.top[first : last + 1], line.bottom[first : last + 1]
    assert (top <= bottom).all()
    assert (top[1:] <= bottom[:-1] + 1).all()
    assert (bottom[1:] >= top[:-1] - 1).all()


def test_a_missing_value_is_a_gap() -> None:
    y = np.ones(80)
    y[30:50] = math.nan
    window = Window(0, 79, 0, 2, 80, 8)
    lit = np.any(dots(trace(np.arange(80.0), y, window), window, 0) > 0, axis=0)
    assert lit.shape == (40,)
    assert lit[:15].all()
    assert not lit[15:25].any()
    assert lit[25:].all()


def test_infinity_leaves_over_the_top_and_is_marked() -> None:
    y = np.ones(40)
    y[20] = math.inf
    rows = render(Curves((series(y),)), 60, 10)
    assert any("▴" in text for _, text in inked(rows, "series-0"))


def test_the_late_part_of_a_loss_curve_is_readable() -> None:
    rows = render(Curves((series(falling(400, 1.5)),)), 80, 20)
    assert any("▴4.2" in text for _, text in inked(rows, "cut"))
    ends = [at for at, row in enumerate(rows) if row_text(row)[-10:].strip(" ⠁⠂⠄⡀")]
    middles = [at for at, text in inked(rows, "series-0") if text.strip("▴")]
    # The slow rest of the descent takes most of the height.
    assert max(ends) - min(middles) >= 12


def test_a_diverging_line_does_not_flatten_the_others() -> None:
    x = np.arange(200.0)
    away = np.where(x < 130, 2.0, 2 * np.exp((x - 130) / 8))
    away[160:] = math.nan
    frame = Curves((series(falling(200, 1.8), arm="calm"), series(away, arm="away")))
    rows = render(frame, 80, 20)
    assert len({at for at, _ in inked(rows[1:], "series-0")}) >= 10
    assert any("▴" in text for _, text in inked(rows, "series-1"))
    assert picture(rows[:1]).endswith(short(float(away[159])))


def test_a_share_that_jumps_does_not_run_away() -> None:
    x = np.arange(100.0)
    frame = Curves((series(np.full(100, 0.1), arm="flat"), series(np.where(x < 60, 0.1, 0.9), arm="jumps")))
    assert "▴" not in picture(render(frame, 80, 20))


def test_few_points_and_even_curves_are_not_cut() -> None:
    for y in ([4.0, 3.0, 2.0], list(np.linspace(4, 1, 200)), list(1 - falling(200, 0.0))):
        rows = render(Curves((series(y),)), 80, 20)
        assert not inked(rows, "cut")
        assert "▴" not in picture(rows)


def test_the_line_grows_towards_the_end_of_the_budget() -> None:
    half = render(Curves((series(np.ones(51)),)), 80, 10, x_max=100)
    columns = [at for row in half[2:-1] for at, run_at in enumerate(_roles(row)) if run_at == "series-0"]
    assert 38 <= max(columns) <= 46


def _roles(row: Row) -> list[str]:
    return [run.fg for run in row for _ in run.text]


def test_lines_are_told_apart_without_colour() -> None:
    frame = Curves(tuple(series(np.full(50, float(level)), arm=f"arm{level}") for level in range(5)))
    rows = render(frame, 100, 20)
    body = [row_text(row)[6:90] for row in rows[2:-1]]
    shapes = {text for text in body if any(character > "⠀" for character in text)}
    assert len({"".join(sorted(set(text))) for text in shapes}) >= 5
    for letter, name in zip("abcde", ("arm0", "arm1", "arm2", "arm3", "arm4"), strict=True):
        assert f"{letter} " in picture(rows[:2])
        assert name in picture(rows[:2])
        assert any(text.endswith(letter) for _, text in inked(rows, f"series-{ord(letter) - 97}"))


def test_where_two_lines_meet_dots_unite_and_the_later_gives_the_ink() -> None:
    x = np.arange(50.0)
    frame = Curves((series(x, arm="up"), series(49 - x, arm="down")))
    rows = render(frame, 60, 12, styles={("up", "loss"): 0, ("down", "loss"): 8})
    alone = render(Curves((series(x, arm="up"),)), 60, 12)
    assert rows != alone
    same = render(Curves((series(x, arm="up"), series(x, arm="up2"))), 60, 12)
    assert not inked(same[1:-1], "series-0") or all(
        len(text) == 1 for _, text in inked(same[1:-1], "series-0")
    )


def test_styles_share_an_ink_with_another_pattern() -> None:
    frame = Curves((series([1, 2], arm="a", metric="loss"), series([2, 1], arm="a", metric="val_loss")))
    rows = render(frame, 60, 12, styles={("a", "loss"): 3, ("a", "val_loss"): 11})
    roles = {run.fg for row in rows for run in row if run.fg.startswith("series")}
    assert roles == {"series-3"}
    samples = [run.text for run in rows[0] if run.fg == "series-3" and not run.bold]
    assert len(set(samples)) == 2


def test_legend_wraps_between_series_with_wide_names() -> None:
    frame = Curves(tuple(series([1.0, 2.0], arm=str(n)) for n in range(3)))
    names: dict[Key, str] = {(str(n), "loss"): "验证集损失" for n in range(3)}
    rows = render(frame, 40, 14, names=names)
    assert [row_text(row).count("验证集损失") for row in rows[:3]] == [1, 1, 1]
    assert all("2.000" in row_text(row) for row in rows[:3])


def test_a_legend_without_room_says_the_name_of_an_arm_once() -> None:
    arms, metrics = ("random split", "document split", "de-duplicated"), ("own validation", "unseen text")
    frame = Curves(
        tuple(series([9, 1 + n + m / 10], arm=arm, metric=metric) for n, arm in enumerate(arms) for m, metric in enumerate(metrics))
    )  # fmt: skip
    names: dict[Key, str] = {(arm, metric): f"{arm} · {metric}" for arm in arms for metric in metrics}
    rows = render(frame, 68, 13, names=names)
    assert_box(rows, 68, 13)
    assert [row_text(row).rstrip() for row in rows[:3]] == [
        "random split:    a own validation 1.000  b unseen text 1.100",
        "document split:  c own validation 2.000  d unseen text 2.100",
        "de-duplicated:   e own validation 3.000  f unseen text 3.100",
    ]
    roomy = [row_text(row) for row in render(frame, 140, 20, names=names)[:6]]
    assert sum(row.count("random split · ") for row in roomy) == 2, "with room enough each is named in full"


def test_nothing_to_draw_is_an_empty_chart() -> None:
    for frame in (Curves(()), Curves((series([]),)), Curves((series([math.nan, math.nan]),))):
        rows = render(frame, 40, 8, x_max=100)
        assert_box(rows, 40, 8)
        assert "100" in row_text(rows[-1])


def test_points_out_of_order_are_put_in_order() -> None:
    x, y = np.arange(30.0), falling(30, 1.0)
    shuffled = np.random.default_rng(1).permutation(30)
    assert render(Curves((series(y[shuffled], x[shuffled]),)), 50, 10) == render(
        Curves((series(y, x),)), 50, 10
    )


def test_each_of_several_small_charts_says_what_it_shows() -> None:
    arms = {"two": "two layers", "one": "one layer", "mixed": "one layer, letter before mixed in"}
    metrics = {
        "copied": "right",
        "previous": "attention to the letter before",
        "induction": "attention to what came next",
    }
    lines = [series([0.0, 0.5, 1.0], arm=arm, metric=metric) for arm in arms for metric in metrics]
    names: dict[Key, str] = {(arm, metric): arms[arm] for arm in arms for metric in metrics}
    groups = [((metric,), title) for metric, title in metrics.items()]
    for width, height in ((44, 12), (58, 12), (58, 24), (100, 30)):
        drawn = [row_text(row) for row in panels(Curves(tuple(lines)), width, height, groups, names=names)]
        for title in list(metrics.values())[1:]:
            assert any(row.startswith(title) for row in drawn), (width, height, title)


def test_what_is_never_negative_has_no_room_below_nothing() -> None:
    for values in ([0.0, 0.0, 0.0], [0.02, 0.5, 1.0], [0.0, 3.0, 1.0]):
        drawn = [row_text(row) for row in render(Curves((series(values),)), 40, 10)]
        assert not any(row.startswith(("-", "\u2212")) for row in drawn), drawn
    assert any("-" in row_text(row)[:6] for row in render(Curves((series([-1.0, 0.0, 1.0]),)), 40, 10))
