"""The glossary: the terms of a page, or all, each with what it means and where it is taught."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, cast

from textual.binding import Binding, BindingType

from tutor.content.index import CourseIndex, TermEntry
from tutor.content.search import find_terms
from tutor.plot.cells import Row, Run
from tutor.plot.prose import inline
from tutor.plot.wrap import wrap
from tutor.text import Lang, Text
from tutor.ui.pieces import pointer
from tutor.ui.screens.page import leave
from tutor.ui.screens.window import FindRows, FindWindow

_INDENT = 2


def step_place(course: CourseIndex, step_id: str, lang: Lang, *, titled: bool = False) -> str:
    """Return the section of a step and its number there, and its title if asked for; nothing of a step whose section is broken."""
    found = course.step(step_id)
    if found is None:
        return ""
    _, section, place = found
    title = f" {section.steps[place].title[lang]}" if titled else ""
    return f"{section.title[lang]} › {place + 1}{title}"


class GlossaryRows(FindRows[TermEntry]):
    """Terms; below the marked one stand its definition, its name in the other language, and the step that teaches it."""

    def __init__(self, here: Sequence[TermEntry], terms: Sequence[TermEntry], reading: str) -> None:
        super().__init__(lambda typed: find_terms(terms if typed.strip() or not here else here, typed))
        self.reading = reading

    def build(self, width: int, height: int) -> Sequence[Row]:
        return self.listed(self._entry, width)

    def _entry(self, place: int, width: int) -> Sequence[Row]:
        term, here, link = self.entries[place], place == self.marked, f"entry:{place}"
        name = Run(self.say(term.term), "strong" if here else "text", bold=here, link=link)
        rows = wrap([pointer(here, link), name], width, indent=_INDENT)
        if not here:
            return rows
        other = Run(self.say(_OTHER.format(name=Text(term.term.en, term.term.zh))), "dim", link=link)
        below = [[other], inline(self.say(term.definition))]
        if term.step == self.reading:
            below.append([Run(self.say(_HERE), "dim", link=link)])
        else:
            where = step_place(self.app.library.index(), term.step, self.lang, titled=True)
            below.append([Run(f"↵ {where}", "key", link=f"go:{place}")])
        body = [row for runs in below for row in wrap(runs, width - 2 * _INDENT)]
        moved = [(Run(" " * 2 * _INDENT, link=link), *row) for row in body]
        last = place == len(self.entries) - 1
        return [*([()] if place else []), *rows, *moved, *([] if last else [()])]


class GlossaryScreen(FindWindow[None]):
    """The terms ``here`` of what is being read, or of all ``terms`` those that are looked for.

    Enter opens the step that teaches the marked term over this window, unless the learner is ``reading`` it. A click shows a term; one on
    where it is taught goes there.
    """

    ASK = Text("在全部术语里找…", "look among all terms…")
    PICKS = "go"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("G,q", "dismiss(None)", show=False)]

    def __init__(
        self, here: Sequence[TermEntry], terms: Sequence[TermEntry], *, marked: str = "", reading: str = ""
    ) -> None:
        rows = GlossaryRows(here, terms, reading)
        super().__init__(_HERE_HEAD if here else _HEAD, rows, _KEYS)
        rows.marked = next((place for place, term in enumerate(rows.entries) if term.id == marked), 0)

    def action_pick(self) -> None:
        rows = cast(GlossaryRows, self.list)
        if rows.entry is not None and rows.entry.step == rows.reading:
            leave(self)
        elif rows.entry is not None and self.is_current:
            self.app.open_step(rows.entry.step)


_HEAD = Text("术语表", "Glossary")
_HERE_HEAD = Text("这一页的术语", "Terms on this page")
_OTHER = Text("英文：{name}", "Chinese: {name}")
_HERE = Text("就在这一步讲", "Taught in this step")
_KEYS = Text(
    "↑↓ 选　回车 去看讲它的那一步　/ 找别的术语　Esc 返回",
    "↑↓ choose · Enter goes where it is taught · / all terms · Esc back",
)
