"""One row that shows all steps of a section: where one is, what is done, each a mouse target."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.content.models import Step
from tutor.plot.cells import Row, Run, row_width
from tutor.text import Text
from tutor.ui.pieces import tab
from tutor.ui.widgets.lesson_prose import BOOKMARK
from tutor.ui.widgets.rows import Drawn

_SIGNS = {"read": "", "lab": "▸", "check": "?", "try": "▸"}
_DONE = "✓"
_OPTIONAL = "◦"
_CHAPTER = "⡇"
"""Before the first step of a chapter, for a blank."""
_ROOMY = 100
"""Columns from which on the chapter is named."""
_MORE = Run("⋯", "faint", link="outline:")


class StepStrip(Drawn):
    """Numbers of steps, those around the current one where all are too many: ``✓`` done, ``▸`` something to run, ``?`` questions, ``◦``
    optional, ``⚑`` bookmarked; chapters are parted by ``⡇``.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = "StepStrip { height: 1; width: 1fr; }"

    def __init__(self, steps: Sequence[Step]) -> None:
        super().__init__()
        self.steps = tuple(steps)
        self._current = -1
        self._done: frozenset[str] = frozenset()
        self._bookmarks: frozenset[str] = frozenset()
        self._tail: tuple[tuple[str, Text, bool], ...] = ()

    def show(
        self,
        current: int,
        done: frozenset[str],
        tail: tuple[tuple[str, Text, bool], ...] = (),
        bookmarks: frozenset[str] = frozenset(),
    ) -> None:
        """Set the current step (-1 the opening page), the ids of those done, ``(link, label, chosen)`` of each tab at the right, and
        the ids of steps with a bookmark.
        """
        self._current, self._done, self._tail, self._bookmarks = current, done, tail, bookmarks
        self.redraw()

    def build(self, width: int, height: int) -> Sequence[Row]:
        """All numbers if they fit, else those around the current one, and how many there are."""
        tail = [tab(self.say(label), link, chosen=chosen) for link, label, chosen in self._tail]
        room = width - row_width(tail) - bool(tail)  # a tab never touches a number
        numbers = [self._number(index) for index in range(len(self.steps))]
        row: list[Run] = [Run("  "), *numbers]
        if row_width(row) > room:
            row = self._around(numbers, room)
        pad = width - row_width(row) - row_width(tail)
        return [(*row, Run(" " * max(0, pad)), *tail)]

    def _number(self, index: int) -> Run:
        step = self.steps[index]
        here, done = index == self._current, step.id in self._done
        sign = _DONE if done else _OPTIONAL if step.optional else _SIGNS[step.kind]
        sign += BOOKMARK if step.id in self._bookmarks else ""
        lead = _CHAPTER if index and step.chapter is not None else " "
        text = f"[{index + 1}{sign}]" if here else f"{lead}{index + 1}{sign} "
        return Run(text, "key" if here else "good" if done else "dim", bold=here, link=f"step:{index}")

    def _around(self, numbers: Sequence[Run], room: int) -> list[Run]:
        """Return how far one is, and as many numbers to either side of the current one as there is room for."""
        done = sum(1 for step in self.steps if step.id in self._done)
        chapters = [step.chapter for step in self.steps[: self._current + 1] if step.chapter is not None]
        chapter = chapters[-1] if chapters and room >= _ROOMY else None
        at, count = self._current + 1, len(numbers)
        where = Text("共 {count} 步", "{count} {count:step|steps}").format(count=count)
        if at:
            where = Text(f"第 {at}/{count} 步", f"step {at}/{count}")
        if chapter is not None:
            where = Text(f"{where.zh} · {chapter.zh}", f"{where.en} · {chapter.en}")
        text = Text(f"  {where.zh} · 完成 {done}  ", f"  {where.en} · {done} done  ")
        head = Run(self.say(text), "dim", link="outline:")
        here = max(0, self._current)
        left = room - head.width - 2 * _MORE.width
        shown: list[int] = []
        for index in sorted(range(count), key=lambda index: (abs(index - here), -index)):
            left -= numbers[index].width
            if left < 0:
                break
            shown.append(index)
        if not shown:
            return [head]
        first, end = min(shown), max(shown) + 1
        before = _MORE if first else Run(" " * _MORE.width)
        return [head, before, *numbers[first:end], *([_MORE] if end < count else [])]
