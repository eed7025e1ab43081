"""The text of a lesson step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.geometry import Region

from tutor.content.glossary import Finder, Place, term_finder
from tutor.content.index import TermEntry
from tutor.content.models import Section, Step
from tutor.fences import ANSWER
from tutor.plot.cells import Row, Run
from tutor.plot.gate import clean
from tutor.plot.prose import inline, render
from tutor.plot.wrap import wrap
from tutor.progress.summary import Marks
from tutor.text import Lang, Text
from tutor.ui.asked_rows import opening_rows
from tutor.ui.pieces import WIDEST, page_width
from tutor.ui.widgets.rows import RowsScroll

STEP_KINDS: dict[str, Text] = {
    "read": Text("阅读", "Read"),
    "lab": Text("实验", "Lab"),
    "check": Text("小测", "Check"),
    "try": Text("动手", "Try"),
}
"""What each kind of step is called."""
_OPTIONAL = Text("选读", "optional")
_SELF_TEST = Text("自测，可以跳过", "Self-test, which you may skip")


BOOKMARK, NOTE = "⚑", "✎"
"""Signs of a step that the learner has marked."""


def kind_of(step: Step) -> Text | None:
    """Return what kind of step it is called, and whether it is optional; None where the title says so already, as in "Lab: ..."."""
    if step.self_test:
        return _SELF_TEST
    kind = STEP_KINDS[step.kind]
    said = step.title.zh.startswith(kind.zh) and step.title.en.startswith(kind.en)
    if step.optional:
        return _OPTIONAL if said else Text(f"{kind.zh} · {_OPTIONAL.zh}", f"{kind.en} · {_OPTIONAL.en}")
    return None if said else kind


SIDE_BY_SIDE = 110
"""From this width on a text and what belongs to it stand side by side; below they are tabs."""

_OBJECTIVES = Text("学完这一节，你能够", "After this section you can")
_LENGTH = Text(
    "约 {minutes} 分钟 · {count} 步{more}",
    "about {minutes} {minutes:minute|minutes} · {count} {count:step|steps}{more}",
)
_BEGIN = Text("按 n 开始。", "Press n to begin.")
_BEGIN_BESIDE = Text(
    "先在旁边想两个问题（不计分），再按 n 开始。",
    "First think about the questions beside this page (not scored); then press n to begin.",
)
_BEGIN_TABBED = Text(
    "先按 v 想两个问题（不计分），再按 n 开始。",
    "First press v for a few questions to think about (not scored); then n to begin.",
)
_ANSWER_ROWS = 4
"""Rows of an answer that are brought into sight when it is opened."""
_COVER = Text("▸ 答案（按 A 或点击）", "▸ Answer (press A or click)")


class LessonProse(RowsScroll):
    """Draws one step, or the section's opening page before the first."""

    TELLS_MORE = True
    DEFAULT_CSS = "LessonProse { width: 1fr; height: 1fr; padding: 0 1 0 2; }"

    def __init__(
        self, unit: str, section: Section, title: Text, summary: Text, terms: Sequence[TermEntry] = ()
    ) -> None:
        super().__init__()
        self.terms = {term.id: term for term in terms}
        self._find: dict[Lang, Finder] = {}
        self.unit, self.section, self.section_title, self.summary = unit, section, title, summary
        self.step: Step | None = None
        self.note: Text | None = None
        self.marks: Marks | None = None
        self._read = False
        self._opened: frozenset[int] | None = frozenset()
        """Answers on the page that were asked for, by their number; None: all are shown."""

    @property
    def read(self) -> bool:
        """Whether the end of the step has been on the screen."""
        return self._read or (self.size.height > 0 and not self.below)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._read = self.read

    def show(self, step: Step | None, note: Text | None = None) -> None:
        """Draw another step; None is the opening page. A note of the tutor stands above the title of a step."""
        self.step, self.note = step, note
        self.marks = self._marks()
        self._opened = None if self.app.shows_answers else frozenset()
        self.redraw()
        self.scroll_home(animate=False, immediate=True)
        self._read = False

    def _marks(self) -> Marks | None:
        marks = self.app.store.marks(self.unit, self.section.id)
        return marks.get(self.step.id) if self.step is not None else None

    def show_marks(self) -> None:
        """Draw the learner's bookmark and note as they are now."""
        self.marks = self._marks()
        self.redraw()

    @property
    def has_answers(self) -> bool:
        return self.step is not None and f"```{ANSWER}" in self.say(self.step.body)

    def open_answer(self, number: int | None = None) -> None:
        """Show one of the hidden answers, or the next; cover all again where none is hidden."""
        hidden = [
            (int(run.link.partition(":")[2]), y)
            for y, row in enumerate(self.rows())
            for run in row
            if run.link.startswith(f"{ANSWER}:")
        ]
        if self._opened is None or not hidden:
            self._opened = frozenset()
            self.redraw()
            return
        number, y = next((found for found in hidden if found[0] == number), hidden[0])
        self._opened |= {number}
        self.redraw()
        self.scroll_to_region(Region(0, y, 1, _ANSWER_ROWS), animate=False)

    def _places(self, text: str) -> list[Place]:
        """Return where terms stand in a text of the step."""
        if self.lang not in self._find:
            written = {id: term.written[self.lang] for id, term in self.terms.items()}
            self._find[self.lang] = term_finder(written)
        step = self.step.id if self.step is not None else ""
        return [place for place in self._find[self.lang](text) if step not in self.terms[place.term].not_in]

    def terms_here(self) -> list[TermEntry]:
        """Return the terms that are linked on the page, from above."""
        links = [run.link for row in self.build(WIDEST, 0) for run in row if run.link.startswith("term:")]
        return [self.terms[link.partition(":")[2]] for link in dict.fromkeys(links)]

    def build(self, width: int, height: int) -> Sequence[Row]:
        width = page_width(width)
        if self.step is None:
            return self._opening(width)
        kind = kind_of(self.step)
        title = [Run(r.text, "heading", bold=True) for r in inline(self.say(self.step.title))]
        note = [*self.wrapped(self.note, "warn", width), ()] if self.note is not None else []
        if self.marks is not None and self.marks.bookmark:
            title.append(Run(f" {BOOKMARK}", "accent", link="bookmark:"))
        rows: list[Row] = [(), *note, *wrap(title, width)]
        if kind is not None:
            rows.append((Run(self.say(kind), "dim"),))
        lines = clean(self.marks.note).splitlines() if self.marks is not None else []
        look = Run("", "accent", link="note:")
        noted = [row for line in lines for row in wrap([replace(look, text=line or " ")], width - 2)]
        rows += [(replace(look, text="│ " if i else f"{NOTE} "), *row) for i, row in enumerate(noted)]
        cover = "" if self._opened is None else self.say(_COVER)
        rows += [(), *render(self.say(self.step.body), width, cover, self._opened or (), self._places)]
        if self.step.opening and self.section.opening:
            answers = self.app.store.answers(self.unit, self.section.id, "opening")
            rows += [(), *opening_rows(self.section.opening, answers, self.lang, width)]
        return rows

    def _opening(self, width: int) -> list[Row]:
        section = self.section
        extra = sum(step.optional for step in section.steps)
        count, more = len(section.steps) - extra, Text("", "")
        if extra:
            more = Text(f"，另有 {extra} 步可做可不做", f", {extra} more if you like")
        length = _LENGTH.format(minutes=section.minutes, count=count, more=more)
        rows: list[Row] = [(), *wrap([Run(self.say(self.section_title), "heading", bold=True)], width), ()]
        rows += [*render(self.say(self.summary), width), (), (Run(self.say(length), "dim"),), ()]
        rows += [(Run(self.say(_OBJECTIVES), "strong", bold=True),), ()]
        for objective in section.objectives:
            rows += wrap([Run(" - ", "accent"), *inline(self.say(objective))], width, indent=3)
        begin = _BEGIN
        if section.opening:
            begin = _BEGIN_BESIDE if self.app.size.width >= SIDE_BY_SIDE else _BEGIN_TABBED
        return [*rows, (), *self.wrapped(begin, "key", width), ()]
