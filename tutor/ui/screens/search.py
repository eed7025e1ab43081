"""Search over the lessons and the glossary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from tutor.content.index import CourseIndex
from tutor.content.library import Library
from tutor.content.models import Section
from tutor.content.problems import ContentError
from tutor.content.search import Found, Page, pages, search
from tutor.plot.cells import Row, Run, row_width
from tutor.plot.fit import around, shortened
from tutor.plot.gate import clean
from tutor.text import Lang, Text
from tutor.ui.pieces import pointer
from tutor.ui.screens.glossary import step_place
from tutor.ui.screens.window import FindRows, FindWindow


class SearchRows(FindRows[Found]):
    """What was found: its title, where it is, and a line of it."""

    def __init__(self, library: Library) -> None:
        self.library, self.course = library, library.index()
        self._pages: tuple[Lang, list[Page]] | None = None
        super().__init__(lambda typed: search(self.pages(), typed) if typed.strip() else [])

    def pages(self) -> list[Page]:
        """Return what is looked through, in the learner's language."""
        if self._pages is None or self._pages[0] != self.lang:
            terms = [term for unit in self.course.units for term in unit.terms]
            self._pages = self.lang, pages(terms, _sections(self.library, self.course), self.lang)
        return self._pages[1]

    def relang(self) -> None:
        """What is found in the other language."""
        self.narrow(self.typed)

    def build(self, width: int, height: int) -> Sequence[Row]:
        return self.listed(self._entry, width) if self.typed.strip() else self.wrapped(_HINT, "dim", width)

    def _entry(self, place: int, width: int) -> Sequence[Row]:
        found, here, link = self.entries[place], place == self.marked, f"entry:{place}"
        lead = pointer(here, link)
        title = shortened(clean(found.page.title), width - lead.width)
        name = Run(title, "strong" if here else "text", bold=here, link=link)
        kind = Run(f"  {self.say(_TERM)}" if found.page.term else "", "accent", link=link)
        where = f"  {step_place(self.course, found.page.step, self.lang)}"
        rest = Run(shortened(where, width - row_width((lead, name, kind))), "dim", link=link)
        pieces = around(clean(found.line), found.start, found.end, width - 4)
        inks = ("dim", "key", "dim")
        around_it = (Run(piece, ink, link=link) for piece, ink in zip(pieces, inks, strict=True))
        return [(lead, name, kind, rest), (Run("    "), *around_it)]


def _sections(library: Library, index: CourseIndex) -> Iterator[Section]:
    for unit in index.units:
        for entry in unit.sections:
            if entry.state == "ready":
                try:
                    yield library.section(unit.id, entry.id)
                except ContentError:  # it was broken just now; the map says so
                    continue


class SearchScreen(FindWindow[None]):
    """Enter opens the step over this window, so that Escape comes back to what was found."""

    DEFAULT_CSS = """
    SearchScreen Frame { height: 90%; }
    SearchScreen FindRows { height: 1fr; }
    """
    ASK = Text("在课文和术语里找…", "look in lessons and glossary…")
    TYPING = True

    def __init__(self, library: Library) -> None:
        super().__init__(_HEAD, SearchRows(library), _KEYS)

    def action_pick(self) -> None:
        found = cast(SearchRows, self.list).entry
        if found is not None and self.is_current:
            self.app.open_step(found.page.step)


_HEAD = Text("搜索", "Search")
_TERM = Text("术语", "term")
_HINT = Text(
    "输入一个或几个词。中文不必分词，英文不分大小写；术语用哪种语言都行。",
    "Type a word or more. Capitals and hyphens don’t matter; terms are found in either language.",
)
_KEYS = Text("↑↓ 选　回车 打开　Esc 返回", "↑↓ choose · Enter opens it · Esc back")
