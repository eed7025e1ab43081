"""The list of a section's steps, to jump to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.message import Message

from tutor.content.models import Step
from tutor.plot.cells import Row, Run
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.screens.window import ListWindow, leave
from tutor.ui.widgets.lesson_prose import kind_of
from tutor.ui.widgets.rows import Drawn, RowsScroll, Words


class OutlineRows(RowsScroll):
    """Numbered titles, the current one marked."""

    GROUND = "panel"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "move(-10, False)", show=False),
        Binding("pagedown", "move(10, False)", show=False),
        Binding("home", "move(-1000, False)", show=False),
        Binding("end", "move(1000, False)", show=False),
        Binding("enter", "pick", show=False),
        Binding("x", "tick", show=False),
    ]

    @dataclass
    class Ticked(Message):
        """The learner called a step done."""

        step: str

    def __init__(self, steps: Sequence[Step], current: int, done: frozenset[str]) -> None:
        super().__init__()
        self.steps, self.marked, self.done = tuple(steps), max(0, current), done
        self._tops: list[tuple[int, int]] = []

    def action_move(self, by: int, around: bool = True) -> None:
        """Mark another step; at either end on to the other, or stop there."""
        last = len(self.steps) - 1
        to = self.marked + by
        self.marked = to % (last + 1) if around else min(max(to, 0), last)
        self.redraw()
        self.show_marked()

    def action_pick(self) -> None:
        self.post_message(self.LinkPicked(str(self.marked)))

    def action_tick(self) -> None:
        step = self.steps[self.marked].id
        if step not in self.done:
            self.done |= {step}
            self.redraw()
            self.post_message(self.Ticked(step))

    def show_marked(self) -> None:
        """Scroll so that the marked step is in the middle."""
        self.rows()
        if self.marked < len(self._tops):
            top, bottom = self._tops[self.marked]
            self.scroll_to(y=max(0, (top + bottom - self.size.height) // 2), animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Titles wrap anew; the marked one stays in sight."""
        self.call_after_refresh(self.show_marked)

    def relang(self) -> None:
        """The same with titles of the other language."""
        self.redraw()
        self.call_after_refresh(self.show_marked)

    def build(self, width: int, height: int) -> Sequence[Row]:
        rows: list[Row] = []
        self._tops = []
        for index, step in enumerate(self.steps):
            here = index == self.marked
            link = str(index)
            if step.chapter is not None:
                rows += [()] if rows else []
                rows += wrap([Run(self.say(step.chapter), "heading", bold=True)], width)
            done = step.id in self.done
            head = [
                Run("> " if here else "  ", "key", bold=True, link=link),
                Run("✓ " if done else "  ", "good", link=link),
                Run(f"{index + 1:2d} ", "dim", link=link),
            ]
            kind = kind_of(step)
            title = [Run(self.say(step.title), "strong" if here else "text", link=link)]
            if kind is not None:
                ink = "faint" if step.kind == "read" else "accent"
                title.append(Run(f"  {self.say(kind)}", ink, link=link))
            lines = wrap(title, max(8, width - 7))
            top = len(rows)
            rows += [(*head, *line) if i == 0 else (Run(" " * 7), *line) for i, line in enumerate(lines)]
            self._tops.append((top, len(rows)))
        return rows


class OutlineScreen(ListWindow[int | None]):
    """Returns the index of the step to go to; ``mark`` is told the id of a step that the learner calls done."""

    WIDTH, WIDE, TALL = 64, 0.96, 0.9
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,o,q", "dismiss(None)", show=False)]

    def __init__(
        self, steps: Sequence[Step], current: int, done: frozenset[str], mark: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._rows = (steps, current, done)
        self._mark = mark

    def compose(self) -> ComposeResult:
        with Container(id="outline"):
            yield Words(_HEAD, "heading")
            yield OutlineRows(*self._rows)
            yield Words(_KEYS, "dim", id="outline-keys")

    @on(OutlineRows.Ticked)
    def _ticked(self, event: OutlineRows.Ticked) -> None:
        event.stop()
        self._mark(event.step)

    @on(Drawn.LinkPicked)
    def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        leave(self, int(event.link))


_HEAD = Text("本节各步（✓ 完成）", "Steps of this section (✓ done)")
_KEYS = Text("↑↓ 选　回车 跳转　x 标为完成　Esc 关闭", "↑↓ choose · Enter goes there · x calls it done · Esc")
