"""The view of all arms side by side: each metric of the lab's chart, as it stands at the moment that is shown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tutor.frames import Bars
from tutor.plot.bars import render_dots
from tutor.plot.cells import Row, Run
from tutor.text import Text
from tutor.ui.lab_session import LabSession
from tutor.ui.run_frames import compared
from tutor.ui.widgets.rows import RowsScroll


class CompareView(RowsScroll):
    """Draws a scale for each metric, with a dot for every arm on it."""

    TELLS_MORE = True
    DEFAULT_CSS = "CompareView { width: 1fr; height: 1fr; padding: 0 1; }"

    def __init__(self, session: LabSession, view: str = "compare") -> None:
        super().__init__()
        self.session = session
        self._shown: dict[str, Bars] = {}
        self._drawn: object = None

    def show(self, arm: str) -> None:
        """Draw anew when a number changed; all arms are seen at once."""
        frames = compared(self.session.lab, self.session.snapshot)
        state = {metric: (bars.labels, bars.values) for metric, bars in frames.items()}
        if state != self._drawn:
            self._drawn, self._shown = state, frames
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        labels = self.session.lab.labels
        cards = {metric.id: metric for metric in self.session.spec.metrics}
        rows: list[Row] = []
        for metric, bars in self._shown.items():
            if not any(map(math.isfinite, bars.values)):
                continue
            card = cards[metric]
            unit = self.say(card.unit)
            title = [Run(self.say(card.label), "heading", bold=True)]
            if unit and unit != self.say(card.label):
                title.append(Run(self.say(Text(f"（{unit}）", f" ({unit})")), "dim"))
            named = Bars(tuple(self.say(labels[arm]) for arm in bars.labels), bars.values)
            lowest = self.say(_LOWEST) if card.better == "low" else ""
            highest = self.say(_HIGHEST) if card.better == "high" else ""
            rows += [tuple(title), *render_dots(named, width, lowest=lowest, highest=highest), ()]
        return rows or [(Run(self.say(_WAITING), "dim"),)]


_LOWEST, _HIGHEST = Text("最低", "lowest"), Text("最高", "highest")
_WAITING = Text("运行后，这里把各组并排比较。", "Once it runs, the arms are compared here.")
