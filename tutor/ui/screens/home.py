"""Home: the map of each unit with the learner's progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tutor.content.index import SectionIndex, UnitIndex
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import shortened
from tutor.plot.wrap import wrap
from tutor.text import Text
from tutor.ui.actions import EXAMINATION, SEARCH, Action, table
from tutor.ui.pieces import share_bar
from tutor.ui.screens.page import Page
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.rows import Drawn, MarkedRows

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

_SELF_TEST = Text("t 先测一测，看该从哪里开始", "t: a self-test shows where to begin")
_DONE = Text(" {done}/{total} 步", " {done}/{total} {total:step|steps}")
_SECTIONS = Text("　{n} 节", "  {n} {n:section|sections}")
_EXAMINATION = Text("E 单元考试（{n} 题）", "E: final examination ({n} {n:question|questions})")
_YOU_WERE_AT = Text("上次学到：", "You were at: ")
_NO_COURSE = Text(
    "这里没有课程。用 llm-tutor check 检查课程文件夹。",
    "There is no course here. Check the course folder with llm-tutor check.",
)


class CourseMap(MarkedRows):
    """All units, that of the marked section with its sections; the marked section opens with Enter or a click."""

    GROUND = ""
    DEFAULT_CSS = "CourseMap { width: 1fr; height: 1fr; padding: 0 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        # A map longer than the window would scroll at these keys and mark nothing.
        Binding("down", "screen.next", show=False),
        Binding("up", "screen.previous", show=False),
    ]

    @property
    def ids(self) -> list[tuple[str, str]]:
        """Ids of unit and section of all that can be marked."""
        return [
            (unit.id, section) for unit in self.app.library.index().unit_heads for section in unit.sections
        ]

    @property
    def here(self) -> tuple[UnitIndex, SectionIndex] | None:
        """The marked section and its unit; None in a course without any."""
        return self.app.library.index().at(self.marked)

    def build(self, width: int, height: int) -> Sequence[Row]:
        rows, here, place = self._greeting(width), self.here, 0
        for head in self.app.library.index().unit_heads:
            title = Run(self.say(head.title), "heading", bold=True)
            if here is None or here[0].id != head.id:
                count = Run(self.say(_SECTIONS.format(n=len(head.sections))), "dim")
                rows += [(), (Run("  "), *(replace(run, link=f"unit:{place}") for run in (title, count)))]
            else:
                rows += [(), (Run("  "), title)]
                rows += [(Run("  "), *line) for line in wrap([Run(self.say(head.summary), "dim")], width - 4)]
                rows.append(())
                for number, section in enumerate(here[0].sections):
                    rows += self._section(here[0], section, number + 1, place + number, width)
                rows += self._examination(here[0], width)
            place += len(head.sections)
        return rows if place else [*rows, *wrap([Run(self.say(_NO_COURSE), "warn")], width)]

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
        summary = self.app.store.summary()
        found = self.app.section_entry(*summary.last_section) if summary.last_section else None
        if found is not None and summary.last_section is not None:
            position = summary.section(*summary.last_section).position
            step = next((step for step in found.steps if step.id == position), None)
            if step is not None:
                keys = Run(self.say(Text("   c 继续", "   c: continue")), "key", bold=True, link="continue:")
                room = max(8, width - keys.width - 4)
                where = self.say(_YOU_WERE_AT)
                long = f"{where}{self.say(found.title)} › {self.say(step.title)}"
                shown = long if cell_len(long) <= room else f"{where}{self.say(step.title)}"
                rows += [(), (Run("  "), Run(shortened(shown, room), "text", link="continue:"), keys)]
        return rows if len(rows) > 1 else []

    def _section(
        self, unit: UnitIndex, section: SectionIndex, number: int, place: int, width: int
    ) -> list[Row]:
        marked, link = place == self.marked, f"entry:{place}"
        ready = section.state == "ready"
        ground = "select" if marked else ""
        head = [
            Run(" > " if marked else "   ", "key", ground, bold=True, link=link),
            Run(f"{number} ", "key" if ready else "faint", ground, bold=True, link=link),
            Run(
                self.say(section.title),
                "strong" if marked else "text" if ready else "dim",
                ground,
                bold=marked or ready,
                link=link,
            ),
        ]
        tail = [
            replace(run, bg=ground, link=link)
            for run in self._status(unit, section, width - row_width(head) - 3)
        ]
        gap = Run(" " * max(1, width - row_width(head) - row_width(tail) - 2), "", ground, link=link)
        rows: list[Row] = [(*head, gap, *tail, Run("  ", "", ground, link=link))]
        lines = wrap([Run(self.say(section.summary), "dim", link=link)], max(8, width - 7))
        rows += [(Run("     ", link=link), *line) for line in lines]
        test = section.self_test if marked else None
        done = self.app.store.summary().section(unit.id, section.id).steps
        if test is not None and test.id not in done and not set(section.required).issubset(done):
            offer = Run(self.say(_SELF_TEST), "key", link="self_test:")
            rows += [(Run("     "), *line) for line in wrap([offer], max(8, width - 7))]
        return [*rows, ()]

    def _examination(self, unit: UnitIndex, width: int) -> list[Row]:
        """Return the offer of the unit's examination, and how the last one went."""
        if not unit.examined:
            return []
        done = self.app.store.summary().section(unit.id, unit.examined_after).examinations
        told = (
            Text("   最近 {last}", "   latest {last}").format(last=f"{done[-1].score:.0%}")
            if done
            else Text("", "")
        )
        offer = Run(self.say(_EXAMINATION.format(n=unit.examination)), "key", link=f"examination:{unit.id}")
        return [*wrap([Run("   "), offer, Run(self.say(told), "text")], max(8, width - 2), indent=5), ()]

    def _status(self, unit: UnitIndex, section: SectionIndex, room: int) -> list[Run]:
        """Return how far a section is done; where there is little room, without the bar."""
        if section.state == "coming":
            return [Run(self.say(Text("即将推出", "coming")), "faint")]
        if section.state == "broken":
            return [Run(self.say(Text("文件有问题", "has problems")), "bad")]
        progress = self.app.store.summary().section(unit.id, section.id)
        total = max(1, len(section.required))
        done = len(set(section.required).intersection(progress.steps))
        bar = share_bar(done / total, _BAR)
        steps = [Run(self.say(_DONE.format(done=done, total=total)), "text")]
        quiz: list[Run] = []
        if section.questions:
            answered = progress.standing(section.digests).values()
            score = f"{sum(one.latest.right for one in answered)}/{len(section.questions)}"
            said = Text(f"  测验答对 {score}", f"  quiz {score} right")
            quiz = [Run(self.say(said), "text" if answered else "dim")]
        ways = ([*bar, *steps, *quiz], [*steps, *quiz], [*bar, *steps])
        return next((way for way in ways if row_width(way) <= room), steps)


class HomeScreen(Page[None]):
    """Where every session begins."""

    ACTIONS = table(
        "map",
        Action("open", "enter", "enter", Text("打开", "open"), Text("打开选中的一节，从上次的位置继续", "Open the marked section where you left it")),
        Action("next", "down,j", "↓", Text("下移", "down"), Text("选中下一节", "Mark the next section"), bar=False),
        Action("previous", "up,k", "↑", Text("上移", "up"), Text("选中上一节", "Mark the section before"), bar=False),
        Action("continue", "c", "c", Text("继续学习", "continue"), Text("回到上次学到的地方", "Go back to where you last learned")),
        Action("self_test", "t", "t", Text("自测", "self-test"), Text("做选中这一节的自测，看该从哪里开始", "Take the self-test of the marked section, which shows where to begin"), bar=False),
        replace(EXAMINATION, bar=False),
        SEARCH,
        Action("glossary", "G", "G", Text("术语", "terms"), Text("翻看术语表", "Look through the glossary")),
        Action("progress", "p", "p", Text("进度", "progress"), Text("看学了多少、答对多少、心里有没有数", "What you have done, and how well you know what you know")),
    )  # fmt: skip
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"open_number({n})", show=False) for n in range(1, 10)),
    ]

    def compose(self) -> ComposeResult:
        yield TitleBar()
        yield CourseMap()
        yield KeyBar(self.ACTIONS)

    @property
    def course(self) -> CourseMap:
        return self.query_one(CourseMap)

    def on_mount(self) -> None:
        self._mark_last()
        self.course.focus()

    def on_screen_resume(self) -> None:
        self.course.redraw()

    def _mark_last(self) -> None:
        """Mark the section last learned, or the first that is ready."""
        ids, index = self.course.ids, self.app.library.index()
        last = self.app.store.summary().last_section
        found = ((place, index.at(place)) for place in range(len(ids)))
        ready = (place for place, one in found if one is not None and one[1].state == "ready")
        self.course.marked = ids.index(last) if last in ids else next(ready, 0)

    def action_next(self) -> None:
        self.course.move(1, len(self.course.ids))

    def action_previous(self) -> None:
        self.course.move(-1, len(self.course.ids))

    def action_open_number(self, number: int) -> None:
        """Open a section of the unit that is shown, by its number."""
        if (here := self.course.here) is not None and number <= len(here[0].sections):
            self.course.mark(self.course.marked - here[0].sections.index(here[1]) + number - 1)
            self.action_open()

    def action_continue(self) -> None:
        self._mark_last()
        self.action_open()

    def action_glossary(self) -> None:
        from tutor.ui.screens.glossary import GlossaryScreen

        self.app.push_screen(GlossaryScreen((), self.app.terms()))

    def action_progress(self) -> None:
        from tutor.ui.screens.progress import ProgressScreen

        self.app.push_screen(ProgressScreen())

    def works(self) -> dict[str, bool]:
        return {"self_test": bool(self._self_test), "examination": self._examined is not None}

    @property
    def _examined(self) -> UnitIndex | None:
        """The unit of the marked section, if it has an examination."""
        here = self.course.here
        return here[0] if here is not None and here[0].examined else None

    def action_examination(self) -> None:
        if self._examined is not None:
            self.app.open_examination(self._examined.id)

    @property
    def _self_test(self) -> str:
        """Id of the step that tests the learner before the marked section, if it has one."""
        here = self.course.here
        step = here[1].self_test if here is not None else None
        return step.id if step is not None else ""

    def action_self_test(self) -> None:
        if self._self_test:
            self.app.open_step(self._self_test)

    def action_open(self) -> None:
        """Open the marked section; one that is coming says so."""
        here = self.course.here
        if here is None:
            return
        unit, section = here
        if section.state == "coming":
            coming = Text("这一节还在编写中。", "This section is still being written.")
            self.app.notify(self.app.say(coming), timeout=4)
        else:
            self.app.open_section(unit.id, section.id)

    @on(Drawn.LinkPicked)
    def _picked(self, event: Drawn.LinkPicked) -> None:
        event.stop()
        kind, _, place = event.link.partition(":")
        if kind == "continue":
            self.action_continue()
        elif kind == "self_test":
            self.action_self_test()
        elif kind == "examination":
            self.app.open_examination(place)
        elif kind in ("entry", "unit"):
            self.course.mark(int(place))
            if kind == "entry":
                self.action_open()
