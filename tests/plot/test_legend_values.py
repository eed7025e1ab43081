"""A value in the legend of a chart is kept apart from a name that ends in a number."""

from __future__ import annotations

import numpy as np
import pytest

from tutor.frames import Curves, Series
from tutor.plot import curves
from tutor.plot.cells import row_text


@pytest.mark.parametrize(
    ("name", "said"), [("learning rate 0.5", "0.5: 6.25"), ("损失", "损失 6.25"), ("fork", "fork 6.25")]
)
@pytest.mark.parametrize("height", [20, 5])
def test_no_two_numbers_run_together(name: str, said: str, height: int) -> None:
    x = np.arange(3.0)
    frame = Curves((Series("a", "loss", x, x * 0 + 6.25), Series("b", "loss", x, x * 0 + 1)))
    rows = curves.render(frame, 60, height, names={("a", "loss"): name, ("b", "loss"): "other"})
    assert said in "\n".join(row_text(row) for row in rows)


@pytest.mark.parametrize(("width", "height"), [(120, 20), (76, 10), (60, 16), (40, 12)])
def test_forks_of_five_arms_keep_the_names_that_matter(width: int, height: int) -> None:
    x = np.arange(1, 301.0)
    arms = ["AdamW 学习率 0.001", "SGD with momentum", "Muon (orthogonal)", "Adafactor", "Lion 优化器"]
    change = "学习率 0.003, 权重衰减 0.1"
    series = [
        Series(arm, "loss", x[100 * branch :], 5 + at + branch / 2 + 0 * x[100 * branch :], branch)
        for branch in (0, 1)
        for at, arm in enumerate(arms)
    ]
    rows = curves.render(
        Curves(tuple(series)),
        width,
        height,
        names={(arm, "loss"): arm for arm in arms} | {(arm, "loss", 1): change for arm in arms},
        single=lambda arm, branch: branch == 1 and arm in (arms[0], arms[2]),
    )
    legend = "\n".join(map(row_text, rows[: (height - 1) // 3]))
    for text in (arms[0], arms[2], change, "5.5", "7.5"):
        assert text in legend
    if width >= 60:
        assert all(arm in legend for arm in arms)


def test_five_arms_in_a_low_chart_keep_their_names_rather_than_their_values() -> None:
    x = np.arange(3.0)
    arms = [
        f"{net}, {labels} labels"
        for net in ("pre-trained", "from scratch", "ReLU")
        for labels in (100, "all")
    ]
    frame = Curves(tuple(Series(arm, "right", x, x, final=1.0) for arm in arms[:5]))
    rows = curves.render(
        frame, 78, 8, y_label="new pictures right", names={(arm, "right"): arm for arm in arms}
    )
    legend = "\n".join(map(row_text, rows[:2]))
    assert all(arm in legend for arm in arms[:5]), legend
