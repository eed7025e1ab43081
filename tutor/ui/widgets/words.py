"""A sentence or two, wrapped as Chinese needs it."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.plot.cells import Row, Run
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.widgets.rows import FitRows


class Words(FitRows):
    """Shows a text in the learner's language."""

    GROUND = "panel"

    def __init__(self, text: Text, role: str = "text", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = text
        self.role = role

    def say_this(self, text: Text) -> None:
        self.text = text
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        return wrap([Run(clean(self.say(self.text)), self.role)], width)
