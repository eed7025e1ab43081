"""The list of a section's steps, to jump to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import ModalScreen

from tutor.content.models import Step
from tutor.plot.cells import Row, Run
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.widgets.lesson_prose import STEP_KINDS
from tutor.ui.widgets.rows import Drawn, RowsScroll


class OutlineRows(RowsScroll):
    """Numbered titles, the current one marked."""

    GROUND = "panel"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("enter", "pick", show=False),
    ]

    def __init__(self, steps: Sequence[Step], current: int, done: frozenset[str]) -> None:
        super().__init__()
        self.steps, self.marked, self.done = tuple(steps), max(0, current), done

    def action_move(self, by: int) -> None:
        """Mark another step."""
        self.marked = (self.marked + by) % len(self.steps)
        self.redraw()
        self.scroll_to(y=max(0, self.marked - self.size.height // 2), animate=False)

    def action_pick(self) -> None:
        """Go to the marked step."""
        self.post_message(self.LinkPicked(self, str(self.marked)))

    def build(self, width: int, height: int) -> Sequence[Row]:
        """A row or two for each step."""
        rows: list[Row] = [
            (
                Run(
                    self.say(
                        Text(
                            "本节各步（✓ 完成　▸ 实验　? 小测）",
                            "Steps of this section (✓ done, ▸ lab, ? check)",
                        )
                    ),
                    "heading",
                    bold=True,
                ),
            ),
            (),
        ]
        for index, step in enumerate(self.steps):
            here = index == self.marked
            link = str(index)
            done = step.id in self.done
            head = [
                Run("> " if here else "  ", "key", bold=True, link=link),
                Run("✓ " if done else "  ", "good", link=link),
                Run(f"{index + 1:2d} ", "dim", link=link),
            ]
            kind = Run(
                f"  {self.say(STEP_KINDS[step.kind])}",
                "faint" if step.kind == "read" else "accent",
                link=link,
            )
            lines = wrap(
                [Run(self.say(step.title), "strong" if here else "text", link=link), kind], max(8, width - 7)
            )
            rows += [(*head, *line) if i == 0 else (Run(" " * 7), *line) for i, line in enumerate(lines)]
        return rows


class OutlineScreen(ModalScreen[int | None]):
    """Returns the index of the step to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,o,q", "dismiss(None)", show=False)]

    def __init__(self, steps: Sequence[Step], current: int, done: frozenset[str]) -> None:
        super().__init__()
        self._rows = (steps, current, done)

    def compose(self) -> ComposeResult:
        """A framed list."""
        with Container(id="outline"):
            yield OutlineRows(*self._rows)

    def on_mount(self) -> None:
        """Keys move in the list."""
        self.query_one(OutlineRows).focus()

    @on(Drawn.LinkPicked)
    def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        self.dismiss(int(event.link))
