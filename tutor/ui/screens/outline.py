"""The list of a section's steps, to jump to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container

from tutor.content.models import Step
from tutor.plot.cells import Row, Run
from tutor.plot.wrap import wrap
from tutor.progress.summary import Marks
from tutor.text import Text
from tutor.ui.screens.window import ListWindow, leave
from tutor.ui.widgets.lesson_prose import BOOKMARK, NOTE, kind_of
from tutor.ui.widgets.rows import Drawn, MarkedRows, Words


class OutlineRows(MarkedRows):
    """Numbered titles, the current one marked; ``tick`` is told the id of a step that the learner calls done."""

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

    def __init__(
        self,
        steps: Sequence[Step],
        current: int,
        done: frozenset[str],
        tick: Callable[[str], None],
        marks: Mapping[str, Marks],
    ) -> None:
        super().__init__()
        self.steps, self.marked, self.done, self.tick = steps, max(0, current), done, tick
        self.marks = marks

    def action_move(self, by: int, around: bool = True) -> None:
        """Mark another step; at either end on to the other, or stop there."""
        count, to = len(self.steps), self.marked + by
        self.mark(to % count if around else min(max(to, 0), count - 1))

    def action_pick(self) -> None:
        self.post_message(self.LinkPicked(f"entry:{self.marked}"))

    def action_tick(self) -> None:
        step = self.steps[self.marked].id
        if step not in self.done:
            self.done |= {step}
            self.redraw()
            self.tick(step)

    def build(self, width: int, height: int) -> Sequence[Row]:
        rows: list[Row] = []
        for index, step in enumerate(self.steps):
            here = index == self.marked
            link = f"entry:{index}"
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
            if (put := self.marks.get(step.id)) is not None:
                signs = (BOOKMARK if put.bookmark else "") + (NOTE if put.note else "")
                title.append(Run(f"  {signs}", "accent", bold=True, link=link))
            rows += wrap([*head, *title], width, indent=7)
        return rows


class OutlineScreen(ListWindow[str | None]):
    """Returns the id of the step to go to; the arguments are those of `OutlineRows`."""

    WIDTH, WIDE, TALL = 64, 0.96, 0.9
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,o,q", "dismiss(None)", show=False)]

    def __init__(
        self,
        steps: Sequence[Step],
        current: int,
        done: frozenset[str],
        tick: Callable[[str], None],
        marks: Mapping[str, Marks],
    ) -> None:
        super().__init__()
        self._rows = OutlineRows(steps, current, done, tick, marks)

    def compose(self) -> ComposeResult:
        with Container(id="outline"):
            yield Words(_HEAD, "heading")
            yield self._rows
            yield Words(_KEYS, "dim", id="outline-keys")

    @on(Drawn.LinkPicked)
    def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        leave(self, self._rows.steps[int(event.link.partition(":")[2])].id)


_HEAD = Text(
    f"本节各步（✓ 完成　{BOOKMARK} 书签　{NOTE} 笔记）",
    f"Steps of this section (✓ done, {BOOKMARK} bookmark, {NOTE} note)",
)
_KEYS = Text("↑↓ 选　回车 跳转　x 标为完成　Esc 关闭", "↑↓ choose · Enter goes there · x calls it done · Esc")
