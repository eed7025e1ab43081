"""One row that shows all steps of a section: where one is, what is done, each a mouse target."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.content.models import Step
from tutor.plot.cells import Row, Run, row_width
from tutor.text import Text
from tutor.ui.widgets.rows import RowsWidget

_SIGNS = {"read": "", "lab": "▸", "check": "?", "try": "▸"}
_DONE = "✓"


class StepStrip(RowsWidget):
    """Numbers of steps: ``✓`` done, ``▸`` something to run, ``?`` questions."""

    DEFAULT_CSS = "StepStrip { height: 1; width: 1fr; }"

    def __init__(self, steps: Sequence[Step]) -> None:
        super().__init__()
        self.steps = tuple(steps)
        self._current = -1
        self._done: frozenset[str] = frozenset()
        self._tail: tuple[tuple[str, Text, bool], ...] = ()

    def show(self, current: int, done: frozenset[str], tail: tuple[tuple[str, Text, bool], ...] = ()) -> None:
        """Set the current step (-1 the opening page), the done ones, and tabs for a narrow window.

        Args:
            current: Index of the step shown.
            done: Ids of steps that are done.
            tail: ``(link, label, chosen)`` of each tab at the right.
        """
        if (current, done, tail) != (self._current, self._done, self._tail):
            self._current, self._done, self._tail = current, done, tail
            self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """Numbers if they fit, else "3/16"."""
        tail: list[Run] = []
        for link, label, chosen in self._tail:
            shown = f"[{self.say(label)}]" if chosen else f" {self.say(label)} "
            tail.append(Run(shown, "key" if chosen else "dim", bold=chosen, link=link))
        room = width - row_width(tail)
        row: list[Run] = [Run("  ")]
        for index, step in enumerate(self.steps):
            here = index == self._current
            look = "key" if here else ("good" if step.id in self._done else "dim")
            sign = _DONE if step.id in self._done else _SIGNS[step.kind]
            number = f"[{index + 1}{sign}]" if here else f" {index + 1}{sign} "
            row.append(Run(number, look, bold=here, link=f"step:{index}"))
        if row_width(row) > room:
            done = sum(1 for step in self.steps if step.id in self._done)
            at = self._current + 1
            text = Text(
                f"  第 {at}/{len(self.steps)} 步 · 完成 {done}",
                f"  step {at}/{len(self.steps)} · {done} done",
            )
            row = [Run(self.say(text), "dim", link="outline:")]
        pad = width - row_width(row) - row_width(tail)
        return [(*row, Run(" " * max(0, pad)), *tail)]
