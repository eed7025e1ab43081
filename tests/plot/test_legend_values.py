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
