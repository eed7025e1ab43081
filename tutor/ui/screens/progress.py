"""What the learner has done: by section, by how sure they were, by concept."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.app import ComposeResult

from tutor.content.index import CourseIndex
from tutor.plot.cells import Row, Run
from tutor.plot.fit import shortened
from tutor.plot.gate import clean
from tutor.plot.wrap import wrap
from tutor.progress.certainty import HOW_SURE, PAYS, Level, all_results, levels
from tutor.progress.report import (
    MARKED,
    ConceptReport,
    QuestionReport,
    concept_reports,
    day,
    number,
    section_reports,
)
from tutor.progress.summary import ProgressSummary
from tutor.text import Lang, Text
from tutor.ui.actions import Action, table
from tutor.ui.pieces import share_bar
from tutor.ui.screens.page import Page
from tutor.ui.widgets.bars import KeyBar, TitleBar
from tutor.ui.widgets.rows import BuiltRows


class ProgressScreen(Page[None]):
    """Over the map."""

    DEFAULT_CSS = "ProgressScreen BuiltRows { width: 1fr; height: 1fr; padding: 0 1; }"
    ACTIONS = table(
        "progress",
        Action("back", "escape,p,b", "esc", Text("返回", "back"), Text("回到课程图", "Back to the map")),
    )

    def compose(self) -> ComposeResult:
        yield TitleBar(Text("学习进度", "Progress"))
        yield BuiltRows(partial(progress_rows, self.app.library.index(), self.app.store.summary()))
        yield KeyBar(self.ACTIONS)

    def on_mount(self) -> None:
        self.query_one(BuiltRows).focus()


def progress_rows(course: CourseIndex, summary: ProgressSummary, lang: Lang, width: int) -> list[Row]:
    """Return the whole page; what was never begun takes no room."""
    width = max(1, width - 1)  # a column stays free before the scrollbar
    rows: list[Row] = [()]
    reports = section_reports(course, summary)
    for report in reports:
        if report.done.last_activity is None:
            continue
        rows += wrap([Run(report.section.title[lang], "heading", bold=True)], width)
        for heading, fact in report.facts(lang):
            rows += wrap([Run(f"  {heading}", "dim"), Run(fact, "text")], width, indent=4)
        rows += [(Run(f"  {MARKED[lang]}", "dim"),)] if report.marked else []
        for title, note in report.marked:
            rows += wrap([Run(f"    {title[lang]}", "text")], width, indent=6)
            for line in clean(note).splitlines():
                rows += wrap([Run(f"      {line}", "dim")], width, indent=6)
        rows.append(())
    if len(rows) == 1:
        return [(), *wrap([Run(_NOTHING_YET[lang], "text")], width)]
    found = levels(all_results(summary))
    if found:
        rows += [(Run(HOW_SURE[lang], "heading", bold=True),)]
        rows += [row for level in found for row in level_rows(level, lang, width)]
        rows += [*wrap([Run(_CERTAINTY[lang], "dim")], width), ()]
    for report in reports:
        if report.questions:
            heading = _QUESTIONS.format(section=report.section.title)[lang]
            rows += wrap([Run(heading, "heading", bold=True)], width)
            rows += [*question_rows(report.questions, lang, width), ()]
    for unit in course.units:
        for section in unit.sections:
            concepts = concept_reports(unit, section, summary)
            if any(concept.begun for concept in concepts):
                heading = _CONCEPTS.format(section=section.title)[lang]
                rows += wrap([Run(heading, "heading", bold=True)], width)
                rows += [*concept_rows(concepts, lang, width), ()]
    return rows


def level_rows(level: Level, lang: Lang, width: int) -> list[Row]:
    """Return a bar of the share that was right, with the range in which it pays to be that sure below it, and what it means."""
    bar = min(50, width - 4)
    low, high = (round(bar * at) for at in PAYS[level.certainty])
    scale = Run(" " * (2 + low) + "└" + "─" * max(0, high - low - 2) + "┘", "faint")
    return [
        *wrap([Run(f"  {level.told[lang]} ", "text"), Run(level.verdict[lang], "warn")], width, indent=2),
        (Run("  "), *share_bar(level.right, bar)),
        (scale,),
    ]


def _line(
    first: Run, cells: Sequence[str], columns: Sequence[tuple[Text, int]], width: int, ink: str = "text"
) -> Row:
    """Return a row of a table: a name, shortened to what the cells leave, each right-aligned in its column."""
    name = max(8, width - sum(column for _, column in columns))
    shown = Run(shortened(first.text, name), first.fg)
    gaps = [column - Run(cell).width for cell, (_, column) in zip(cells, columns, strict=True)]
    filled = (Run(" " * gap + c, ink if c != _NONE else "faint") for gap, c in zip(gaps, cells, strict=True))
    return (shown, Run(" " * (name - shown.width)), *filled)


def question_rows(questions: Sequence[QuestionReport], lang: Lang, width: int) -> list[Row]:
    """Return a table: of each question the latest and the best answer with their dates, and the hints that were asked for."""
    columns = _OF_QUESTIONS
    rows = [_line(Run("  ", "dim"), [text[lang] for text, _ in columns], columns, width, "dim")]
    for one in questions:
        cells = [_NONE] * 4
        if one.standing is not None:
            latest, best = one.standing.latest, one.standing.best
            cells = [f"{latest.score:.0%}", day(latest.at), f"{best.score:.0%}", day(best.at)]
        name = Run(f"  {one.asks[lang]}", "text")
        rows.append(_line(name, [*cells, str(one.hints or _NONE)], columns, width))
    return rows


def concept_rows(concepts: Sequence[ConceptReport], lang: Lang, width: int) -> list[Row]:
    """Return a table: of each concept the steps that were read, the labs that were run, and the scores of its questions."""
    rows = [_line(Run("  ", "dim"), [text[lang] for text, _ in _COLUMNS], _COLUMNS, width, "dim")]
    for one in concepts:
        tally = one.tally
        scores = (number(tally.latest), number(tally.best)) if tally.answered else (_NONE, _NONE)
        cells = (_of(one.steps), _of(one.labs), _of((tally.answered, tally.questions)), *scores)
        name = Run(f"  {one.concept.name[lang]}", "text" if one.begun else "faint")
        rows.append(_line(name, cells, _COLUMNS, width))
    return rows


def _of(done: tuple[int, int]) -> str:
    return f"{done[0]}/{done[1]}" if done[1] else _NONE


_NONE = "–"
_NOTHING_YET = Text("还没有学习记录。选一节开始吧。", "Nothing yet. Open a section to begin.")
_CERTAINTY = Text(
    "横线标出这样标最划算的正确率。把握计分：没把握 +1 / 0，有几分把握 +2 / −2，有把握 +3 / −6（对 / 错）；它不影响得分。",
    "The line marks the share at which being that sure pays most. Marks by certainty: unsure +1 / 0, fairly sure +2 / −2, "
    "sure +3 / −6 (right / wrong); they leave the score as it is.",
)
_CONCEPTS = Text("概念：{section}", "Concepts: {section}")
_QUESTIONS = Text("题目：{section}", "Questions: {section}")
_LATEST, _BEST = Text("最近", "latest"), Text("最好", "best")
_COLUMNS = (
    (Text("步骤", "steps"), 9),
    (Text("实验", "labs"), 9),
    (Text("题", "quiz"), 9),
    (_LATEST, 9),
    (_BEST, 9),
)
_ON = Text("日期", "on")
_OF_QUESTIONS = ((_LATEST, 7), (_ON, 11), (_BEST, 7), (_ON, 11), (Text("提示", "hints"), 6))
