"""``llm-tutor progress``: how far the learner is, in lines or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from tutor.paths import database
from tutor.progress.store import Store
from tutor.progress.summary import ProgressSummary, SectionProgress
from tutor.text import UNSEEN, Lang, Text

_NOTHING_YET = Text(
    "还没有学习记录。运行 llm-tutor，选一节开始吧。",
    "Nothing yet. Run llm-tutor and open a section to begin.",
)
_TITLE = Text("学习进度", "Progress")
_HEADINGS = (
    Text("学完的步骤：", "steps done: "),
    Text("答对 / 答过 / 题数：", "right / answered / questions: "),
    Text("做完的实验：", "labs run: "),
    Text("上次学习：", "last active: "),
    Text("停在：", "stopped at: "),
)
_LABS_ALONE = Text("（单独打开的实验）", "(labs opened on their own)")
_STORED_IN = Text("记录保存在 {path}", "Stored in {path}")


@dataclass(frozen=True, slots=True)
class ListedSection:
    """A section of the course as the list of progress names it.

    Attributes:
        steps: How many steps it has, but for optional ones; 0 while it is coming.
        questions: How many questions its quiz has.
        optional: Ids of its optional steps.
    """

    unit: str
    section: str
    title: Text
    steps: int = 0
    questions: int = 0
    step_titles: Mapping[str, Text] = field(default_factory=dict)
    lab_titles: Mapping[str, Text] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()


def run_progress(
    *, home: Path, course_index: Sequence[ListedSection], as_json: bool, lang: Lang, out: TextIO
) -> int:
    """Print how far the learner is in the sections of the course, and return 0.

    Reads only: where nothing has been stored yet in the learner's folder `home`, nothing is made.

    Raises:
        ProgressError: The log can't be read.
    """
    path = database(home)
    summary = ProgressSummary()
    if path.exists() or (home.exists() and not home.is_dir()):  # opening says what is wrong with such a home
        with Store(path) as store:
            summary = store.summary()
    listed = _all_sections(course_index, summary)
    if as_json:
        last = summary.last_section
        told = {
            "log": str(path),
            "last_section": last and dict(zip(("unit", "section"), last, strict=True)),
            "sections": [_section_as_json(one, summary.section(one.unit, one.section)) for one in listed],
        }
        out.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    elif not summary.sections:
        out.write(_NOTHING_YET[lang] + "\n")
    else:
        _print_sections(path, listed, summary, lang, out)
    return 0


def _all_sections(course: Sequence[ListedSection], summary: ProgressSummary) -> list[ListedSection]:
    """Return the sections of the course, then those that only the log knows: nothing that was learned is hidden."""
    known = {(section.unit, section.section) for section in course}
    others = [done for done in summary.sections if (done.unit, done.section) not in known]
    return [
        *course,
        *(
            ListedSection(d.unit, d.section, Text(d.section, d.section) if d.section else _LABS_ALONE)
            for d in others
        ),
    ]


def _section_as_json(entry: ListedSection, done: SectionProgress) -> dict[str, Any]:
    return {
        "unit": entry.unit,
        "section": entry.section,
        "title": asdict(entry.title),
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


def _print_sections(
    path: Path, listed: Sequence[ListedSection], summary: ProgressSummary, lang: Lang, out: TextIO
) -> None:
    """Print line by line, so that nothing is cut off in a narrow terminal or in a pipe."""
    lines = [_TITLE[lang]]
    for entry in listed:
        done = summary.section(entry.unit, entry.section)
        lines += ["", entry.title[lang]]
        if done.last_activity:
            facts = zip(_HEADINGS, _facts(entry, done, lang), strict=True)
            lines += [f"  {heading[lang]}{fact}" for heading, fact in facts if fact]
    lines += ["", _STORED_IN[lang].format(path=path)]
    # Titles and ids may hold anything.
    out.write("".join(UNSEEN.sub("", line) + "\n" for line in lines))


def _facts(entry: ListedSection, done: SectionProgress, lang: Lang) -> tuple[str, ...]:
    asked = f" / {entry.questions}" if entry.questions else ""
    when, stopped = done.last_activity, done.position or ""
    steps = len(set(done.steps) - entry.optional)
    return (
        f"{steps} / {entry.steps}" if entry.steps else str(steps or ""),
        f"{done.right} / {done.answered}{asked}" if asked or done.answered else "",
        Text("、", ", ")[lang].join(entry.lab_titles.get(lab, Text(lab, lab))[lang] for lab in done.labs_run),
        # In the learner's own time zone: "yesterday evening" is what is remembered.
        f"{when.astimezone():%Y-%m-%d %H:%M}" if when else "",
        entry.step_titles.get(stopped, Text(stopped, stopped))[lang],
    )
