"""``llm-tutor progress``: how far the learner is, as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from tutor.paths import database
from tutor.progress.store import Store
from tutor.progress.summary import ProgressSummary, SectionProgress
from tutor.text import Lang, Text

_NOTHING_YET = Text(
    "还没有学习记录。运行 llm-tutor，选一节开始吧。",
    "Nothing yet. Run llm-tutor and open a section to begin.",
)
_TITLE = Text("学习进度", "Progress")
_HEADINGS = (
    Text("章节", "Section"),
    Text("步骤", "Steps"),
    Text("答对 / 答过 / 题数", "Right / answered / asked"),
    Text("做完的实验", "Labs run"),
    Text("上次学习", "Last active"),
    Text("停在", "At"),
)
_LABS_ALONE = Text("（单独打开的实验）", "(labs opened on their own)")
_STORED_IN = Text("记录保存在 {path}", "Stored in {path}")


@dataclass(frozen=True, slots=True)
class ListedSection:
    """A section of the course as the table of progress names it.

    Attributes:
        unit: Id of the unit.
        section: Id of the section.
        title: Its title.
        steps: How many steps it has; 0 while it is coming.
        questions: How many questions its quiz has.
    """

    unit: str
    section: str
    title: Text
    steps: int = 0
    questions: int = 0


def run_progress(
    *, home: Path, course_index: Sequence[ListedSection], as_json: bool, lang: Lang, out: TextIO
) -> int:
    """Print how far the learner is.

    Reads only: where nothing has been stored yet, nothing is made.

    Args:
        home: The learner's folder.
        course_index: The sections of the course, in order.
        as_json: Print JSON instead of a table.
        lang: The learner's language.
        out: Where to print.

    Returns:
        The exit code, 0.

    Raises:
        ProgressError: The log can't be read.
    """
    path = database(home)
    summary = ProgressSummary()
    if path.exists() or (home.exists() and not home.is_dir()):  # opening says what is wrong with such a home
        with Store.open(path) as store:
            summary = store.summary()
    listed = _all_sections(course_index, summary)
    if as_json:
        out.write(json.dumps(_as_json(path, listed, summary), ensure_ascii=False, indent=2) + "\n")
    elif not summary.sections:
        out.write(_NOTHING_YET[lang] + "\n")
    else:
        _print_table(path, listed, summary, lang, out)
    return 0


def _all_sections(course: Sequence[ListedSection], summary: ProgressSummary) -> list[ListedSection]:
    """The sections of the course, then those that only the log knows: nothing that was learned is hidden."""
    known = {(section.unit, section.section) for section in course}
    others = [done for done in summary.sections if (done.unit, done.section) not in known]
    return [*course, *(ListedSection(done.unit, done.section, _title_of(done)) for done in others)]


def _title_of(done: SectionProgress) -> Text:
    return Text(done.section, done.section) if done.section else _LABS_ALONE


def _as_json(path: Path, listed: Sequence[ListedSection], summary: ProgressSummary) -> dict[str, Any]:
    return {
        "log": str(path),
        "last_section": summary.last_section
        and dict(zip(("unit", "section"), summary.last_section, strict=True)),
        "sections": [_section_as_json(entry, summary.section(entry.unit, entry.section)) for entry in listed],
    }


def _section_as_json(entry: ListedSection, done: SectionProgress) -> dict[str, Any]:
    return {
        "unit": entry.unit,
        "section": entry.section,
        "title": {"zh": entry.title.zh, "en": entry.title.en},
        "steps": entry.steps,
        "steps_done": list(done.steps),
        "position": done.position,
        "questions": entry.questions,
        "answered": done.answered,
        "right": done.right,
        "attempts": done.attempts,
        "labs_predicted": list(done.labs_predicted),
        "labs_run": list(done.labs_run),
        "last_activity": done.last_activity and done.last_activity.isoformat(),
    }


def _print_table(
    path: Path, listed: Sequence[ListedSection], summary: ProgressSummary, lang: Lang, out: TextIO
) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as RichText

    table = Table(title=_TITLE[lang], title_justify="left")
    for heading in _HEADINGS:
        table.add_column(heading[lang])
    for entry in listed:
        cells = _cells(entry, summary.section(entry.unit, entry.section), lang)
        # As plain text: a title or an id may hold square brackets, which rich would take for markup.
        table.add_row(*(RichText(cell) for cell in cells))
    console = Console(file=out, highlight=False)
    console.print(table)
    console.print(_STORED_IN[lang].format(path=path), markup=False, soft_wrap=True)


def _cells(entry: ListedSection, done: SectionProgress, lang: Lang) -> tuple[str, ...]:
    asked = f" / {entry.questions}" if entry.questions else ""
    when = done.last_activity
    return (
        entry.title[lang],
        f"{done.steps_done} / {entry.steps}" if entry.steps else str(done.steps_done or ""),
        f"{done.right} / {done.answered}{asked}" if asked or done.answered else "",
        ", ".join(done.labs_run),
        # In the learner's own time zone: "yesterday evening" is what is remembered.
        f"{when.astimezone():%Y-%m-%d %H:%M}" if when else "",
        done.position or "",
    )
