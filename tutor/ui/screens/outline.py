"""The list of a section's steps, to jump to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from tutor.content.models import Step
from tutor.content.search import chapters, find_steps
from tutor.plot.cells import Row, Run
from tutor.plot.wrap import wrap
from tutor.progress.summary import Marks
from tutor.text import Text
from tutor.ui.pieces import pointer
from tutor.ui.screens.page import leave
from tutor.ui.screens.window import FindRows, FindWindow
from tutor.ui.widgets.lesson_prose import BOOKMARK, NOTE, kind_of


class OutlineRows(FindRows[int]):
    """Numbered titles below their chapters; an entry is the place of a step."""

    def __init__(
        self, steps: Sequence[Step], current: int, done: frozenset[str], marks: Mapping[str, Marks]
    ) -> None:
        super().__init__(partial(find_steps, steps))
        self.steps, self.marked, self.done, self.marks = steps, max(0, current), done, marks
        self.chapters = chapters(steps)

    def build(self, width: int, height: int) -> Sequence[Row]:
        return self.listed(self._entry, width)

    def _entry(self, place: int, width: int) -> Sequence[Row]:
        index = self.entries[place]
        step, chapter = self.steps[index], self.chapters[index]
        here, link = place == self.marked, f"entry:{place}"
        rows: list[Row] = []
        if chapter is not None and (place == 0 or chapter is not self.chapters[self.entries[place - 1]]):
            rows += [()] if place else []
            rows += wrap([Run(self.say(chapter), "heading", bold=True)], width)
        head = [
            pointer(here, link),
            Run("✓ " if step.id in self.done else "  ", "good", link=link),
            Run(f"{index + 1:2d} ", "dim", link=link),
        ]
        kind = kind_of(step)
        title = [Run(self.say(step.title), "strong" if here else "text", link=link)]
        if kind is not None:
            ink = "faint" if step.kind == "read" else "accent"
            title.append(Run(f"  {self.say(kind)}", ink, link=link))
        if (put := self.marks.get(step.id)) is not None:
            signs = (BOOKMARK if put.bookmark else "") + (NOTE if put.note else "")
            title.append(Run(f"  {signs}", "accent", bold=True, link=link))
        return [*rows, *wrap([*head, *title], width, indent=7)]


class OutlineScreen(FindWindow[str | None]):
    """Returns the id of the step to go to; ``tick`` is told the id of a step that the learner calls done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o,q", "dismiss(None)", show=False),
        Binding("x", "tick", show=False),
        *(Binding(str(digit), f"digit({digit})", show=False) for digit in range(10)),
    ]

    def __init__(
        self,
        steps: Sequence[Step],
        current: int,
        done: frozenset[str],
        tick: Callable[[str], None],
        marks: Mapping[str, Marks],
    ) -> None:
        self.rows = OutlineRows(steps, current, done, marks)
        super().__init__(_HEAD, self.rows, _KEYS)
        self.tick = tick
        self._number = 0

    def action_digit(self, digit: int) -> None:
        """Mark the step whose number is typed digit by digit; one that would be too large begins anew."""
        count = len(self.rows.steps)
        self._number = next((n for n in (self._number * 10 + digit, digit) if 1 <= n <= count), 0)
        if self._number:
            self.rows.mark(self._number - 1)

    def action_move(self, by: int, around: bool = True) -> None:
        self._number = 0
        super().action_move(by, around)

    def action_tick(self) -> None:
        if self.rows.entry is not None:
            step = self.rows.steps[self.rows.entry].id
            if step not in self.rows.done:
                self.rows.done |= {step}
                self.rows.redraw()
                self.tick(step)

    def action_pick(self) -> None:
        if self.rows.entry is not None:
            leave(self, self.rows.steps[self.rows.entry].id)


_HEAD = Text(
    f"本节各步（✓ 完成　{BOOKMARK} 书签　{NOTE} 笔记）",
    f"Steps of this section (✓ done, {BOOKMARK} bookmark, {NOTE} note)",
)
_KEYS = Text(
    "↑↓ 或数字 选　回车 跳转　/ 筛选　x 标为完成　Esc 关闭",
    "↑↓ or a number · Enter goes there · / filters · x calls it done · Esc",
)
