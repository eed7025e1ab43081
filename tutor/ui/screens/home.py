"""Home: the map of each unit with the learner's progress."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tutor.content.index import SectionIndex, UnitIndex
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import shortened
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.actions import Action, bindings
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.rows import Drawn, RowsScroll

if TYPE_CHECKING:
    from tutor.ui.base import TutorBase

_BAR = 12
_ROOMY = 30
"""From this height on there is room to say how one learns here."""

_LOOP = (
    Text("读一小步", "read a step"),
    Text("预测", "predict"),
    Text("运行", "run"),
    Text("揭晓", "reveal"),
    Text("测验", "quiz"),
)
_NOTE = Text("真实的小模型，就在这台机器上训练", "a real tiny model trains on this machine")

_YOU_WERE_AT = Text("上次学到：", "You were at: ")


class CourseMap(RowsScroll):
    """All units and sections as one list; the marked section opens with Enter or a click."""

    DEFAULT_CSS = "CourseMap { width: 1fr; height: 1fr; padding: 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        # A map longer than the window would scroll at these keys and mark nothing.
        Binding("down", "screen.next", show=False),
        Binding("up", "screen.previous", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.marked = 0
        self._tops: list[tuple[int, int]] = []

    def sections(self) -> list[tuple[UnitIndex, SectionIndex]]:
        return [(unit, section) for unit in self.tutor.library.index().units for section in unit.sections]

    def move(self, by: int) -> None:
        """Mark another section and keep it in sight."""
        count = len(self.sections())
        if count:
            self.marked = (self.marked + by) % count
            self.redraw()
            self.show_marked()

    def show_marked(self) -> None:
        self.rows()
        if self.marked < len(self._tops):
            top, bottom = self._tops[self.marked]
            height = self.size.height
            if top < self.scroll_offset.y:
                self.scroll_to(y=max(0, top - 1), animate=False)
            elif bottom > self.scroll_offset.y + height:
                self.scroll_to(y=bottom - height, animate=False)

    def build(self, width: int, height: int) -> Sequence[Row]:
        rows: list[Row] = []
        self._tops = []
        place = 0
        rows += self._greeting(width)
        for unit in self.tutor.library.index().units:
            rows += [(), (Run("  "), Run(self.say(unit.title), "heading", bold=True))]
            rows += [(Run("  "), *line) for line in wrap([Run(self.say(unit.summary), "dim")], width - 4)]
            rows.append(())
            for number, section in enumerate(unit.sections, start=1):
                top = len(rows)
                rows += self._section(unit, section, number, place, width)
                self._tops.append((top, len(rows)))
                place += 1
        if not place:
            text = Text(
                "这里没有课程。用 llm-tutor check 检查课程文件夹。",
                "There is no course here. Check the course folder with llm-tutor check.",
            )
            rows += wrap([Run(self.say(text), "warn")], width)
        return rows

    def _greeting(self, width: int) -> list[Row]:
        """Return how one learns here; and, for a learner who was here before, where to go on."""
        rows: list[Row] = [()]
        if self.container_size.height >= _ROOMY:
            chips: list[Run] = [Run("  ")]
            for index, text in enumerate(_LOOP):
                if index:
                    chips.append(Run(" ▸ ", "arrow", bold=True))
                chips.append(Run(f" {self.say(text)} ", "chip-ink", "chip", bold=True))
            note = Run("   " + self.say(_NOTE), "dim")
            rows.append((*chips, note) if row_width(chips) + note.width <= width else tuple(chips))
        last = self.tutor.last_section()
        found = self.tutor.section_entry(*last) if last else None
        if found is not None and last is not None:
            position = self.tutor.section_progress(*last).position
            step = next((step for step in found.steps if step.id == position), None)
            if step is not None:
                keys = Run(self.say(Text("   c 继续", "   c: continue")), "key", bold=True, link="continue:")
                room = max(8, width - keys.width - 4)
                where = self.say(_YOU_WERE_AT)
                long = f"{where}{self.say(found.title)} › {self.say(step.title)}"
                shown = long if cell_len(long) <= room else f"{where}{self.say(step.title)}"
                shown = shortened(shown, room)
                rows += [(), (Run("  "), Run(shown, "text", link="continue:"), keys)]
        return rows if len(rows) > 1 else []

    def _section(
        self, unit: UnitIndex, section: SectionIndex, number: int, place: int, width: int
    ) -> list[Row]:
        marked = place == self.marked
        link = f"section:{place}"
        ready = section.state == "ready"
        progress = cast("TutorBase", self.app).section_progress(unit.id, section.id)
        status: list[Run] = []
        if section.state == "coming":
            status = [Run(self.say(Text("即将推出", "coming")), "faint")]
        elif section.state == "broken":
            status = [Run(self.say(Text("文件有问题", "has problems")), "bad")]
        else:
            total = max(1, len(section.required))
            done = len(set(section.required).intersection(progress.steps))
            full = round(_BAR * done / total)
            status = [
                Run("⣿" * full, "accent"),
                Run("⣀" * (_BAR - full), "faint"),
                Run(self.say(Text(f" {done}/{total} 步", f" {done}/{total} steps")), "text"),
            ]
            if len(section.questions) and width >= 72:
                status.append(
                    Run(
                        self.say(
                            Text(
                                f"  测验答对 {progress.right}/{len(section.questions)}",
                                f"  quiz {progress.right}/{len(section.questions)} right",
                            )
                        ),
                        "text" if progress.answered else "dim",
                    )
                )
        ground = "select" if marked else ""
        ink = "strong" if marked else ("text" if ready else "dim")
        head = [
            Run(" > " if marked else "   ", "key", ground, bold=True, link=link),
            Run(f"{number} ", "key" if ready else "faint", ground, bold=True, link=link),
            Run(self.say(section.title), ink, ground, bold=marked or ready, link=link),
        ]
        room = width - row_width(head) - row_width(status) - 2
        room = max(room, 1)
        gap = Run(" " * room, "", ground, link=link)
        tail = [Run(run.text, run.fg, ground, run.bold, run.italic, link) for run in status]
        rows: list[Row] = [(*head, gap, *tail, Run("  ", "", ground, link=link))]
        lines = wrap([Run(self.say(section.summary), "dim", link=link)], max(8, width - 7))
        rows += [(Run("     ", link=link), *line) for line in lines]
        rows.append(())
        return rows

    def on_drawn_link_picked(self, event: Drawn.LinkPicked) -> None:
        kind, _, rest = event.link.partition(":")
        event.stop()
        if kind == "continue":
            cast("HomeScreen", self.screen).action_continue()
        elif kind == "section":
            self.marked = int(rest)
            self.redraw()
            cast("HomeScreen", self.screen).action_open()


class HomeScreen(Screen[None]):
    """Where every session begins."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("open", "enter", "enter", Text("打开", "open"), Text("打开选中的一节，从上次的位置继续", "Open the marked section where you left it")),
        Action("next", "down,j", "↓", Text("下移", "down"), Text("选中下一节", "Mark the next section"), bar=False),
        Action("previous", "up,k", "↑", Text("上移", "up"), Text("选中上一节", "Mark the section before"), bar=False),
        Action("continue", "c", "c", Text("继续学习", "continue"), Text("回到上次学到的地方", "Go back to where you last learned")),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(ACTIONS),
        *(Binding(str(n), f"open_number({n})", show=False) for n in range(1, 10)),
    ]

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield CourseMap()
        yield KeyBar(self.ACTIONS)

    def on_mount(self) -> None:
        """Mark the section last learned, or the first that is ready."""
        course = self.query_one(CourseMap)
        sections = course.sections()
        last = cast("TutorBase", self.app).last_section()
        ready = [i for i, (_, s) in enumerate(sections) if s.state == "ready"]
        course.marked = next(
            (i for i, (u, s) in enumerate(sections) if (u.id, s.id) == last), ready[0] if ready else 0
        )
        course.focus()

    def on_screen_resume(self) -> None:
        self.query_one(CourseMap).redraw()

    def action_next(self) -> None:
        self.query_one(CourseMap).move(1)

    def action_previous(self) -> None:
        self.query_one(CourseMap).move(-1)

    def action_open_number(self, number: int) -> None:
        course = self.query_one(CourseMap)
        if number <= len(course.sections()):
            course.marked = number - 1
            course.redraw()
            self.action_open()

    def action_continue(self) -> None:
        """Open the section last learned, or the first ready one."""
        course = self.query_one(CourseMap)
        sections = course.sections()
        last = cast("TutorBase", self.app).last_section()
        for i, (unit, section) in enumerate(sections):
            if (unit.id, section.id) == last or (last is None and section.state == "ready"):
                course.marked = i
                break
        self.action_open()

    def action_open(self) -> None:
        """Open the marked section; one that is coming says so."""
        app = cast("TutorBase", self.app)
        sections = self.query_one(CourseMap).sections()
        if not sections:
            return
        unit, section = sections[self.query_one(CourseMap).marked]
        if section.state == "coming":
            app.notify(app.say(Text("这一节还在编写中。", "This section is still being written.")), timeout=4)
            return
        app.open_section(unit.id, section.id)

    @on(Drawn.LinkPicked)
    def _ignored(self, event: Drawn.LinkPicked) -> None:
        event.stop()
