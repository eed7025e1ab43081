"""``llm-tutor progress``: how far the learner is, in lines or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from tutor.content.index import CourseIndex, SectionIndex, UnitIndex
from tutor.paths import database
from tutor.progress.store import Store
from tutor.progress.summary import ProgressSummary, SectionProgress, Standing
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
class _Listed:
    """A section with what was done in it; of one that only the log knows the unit is None."""

    unit: UnitIndex | None
    section: SectionIndex
    done: SectionProgress

    @property
    def standing(self) -> dict[str, Standing]:
        return self.done.standing(self.section.digests if self.unit is not None else None)


def run_progress(*, home: Path, course: CourseIndex, as_json: bool, lang: Lang, out: TextIO) -> int:
    """Print how far the learner is in the sections of a course, and return 0.

    Reads only: where nothing has been stored yet in the learner's folder `home`, nothing is made.

    Raises:
        ProgressError: The log can't be read.
    """
    path = database(home)
    summary = ProgressSummary()
    if path.exists() or (home.exists() and not home.is_dir()):  # opening says what is wrong with such a home
        with Store(path, moved=course.moved) as store:
            summary = store.summary()
    listed = _all_sections(course, summary)
    if as_json:
        last = summary.last_section
        told = {
            "log": str(path),
            "last_section": last and dict(zip(("unit", "section"), last, strict=True)),
            "sections": [_section_as_json(one) for one in listed],
        }
        out.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    elif not summary.sections:
        out.write(_NOTHING_YET[lang] + "\n")
    else:
        _print_sections(path, listed, lang, out)
    return 0


def _all_sections(course: CourseIndex, summary: ProgressSummary) -> list[_Listed]:
    """Return the sections of the course, then those that only the log knows: nothing that was learned is hidden."""
    known = [(unit, section) for unit in course.units for section in unit.sections]
    ids = {(unit.id, section.id) for unit, section in known}
    return [
        *(_Listed(unit, section, summary.section(unit.id, section.id)) for unit, section in known),
        *(
            _Listed(None, SectionIndex(d.section, title, Text("", ""), "coming"), d)
            for d in summary.sections
            if (d.unit, d.section) not in ids
            for title in (Text(d.section, d.section) if d.section else _LABS_ALONE,)
        ),
    ]


def _section_as_json(entry: _Listed) -> dict[str, Any]:
    section, done, standing = entry.section, entry.done, entry.standing
    return {
        "unit": done.unit,
        "section": section.id,
        "title": asdict(section.title),
        "steps": len(section.required),
        "steps_done": list(done.steps),
        "position": done.position,
        "questions": len(section.questions),
        "answered": len(standing),
        "right": sum(one.latest.right for one in standing.values()),
        "attempts": len(done.answers),
        "results": {
            question: {
                "attempts": one.attempts,
                "latest": {"score": one.latest.score, "at": one.latest.at.isoformat()},
                "best": {"score": one.best.score, "at": one.best.at.isoformat()},
            }
            for question, one in standing.items()
        },
        "labs_predicted": list(done.labs_predicted),
        "labs_run": list(done.labs_run),
        "last_activity": done.last_activity and done.last_activity.isoformat(),
    }


def _print_sections(path: Path, listed: Sequence[_Listed], lang: Lang, out: TextIO) -> None:
    """Print line by line, so that nothing is cut off in a narrow terminal or in a pipe."""
    lines = [_TITLE[lang]]
    for entry in listed:
        lines += ["", entry.section.title[lang]]
        if entry.done.last_activity:
            facts = zip(_HEADINGS, _facts(entry, lang), strict=True)
            lines += [f"  {heading[lang]}{fact}" for heading, fact in facts if fact]
    lines += ["", _STORED_IN[lang].format(path=path)]
    # Titles and ids may hold anything.
    out.write("".join(UNSEEN.sub("", line) + "\n" for line in lines))


def _facts(entry: _Listed, lang: Lang) -> tuple[str, ...]:
    section, done, standing = entry.section, entry.done, entry.standing
    asked = f" / {len(section.questions)}" if section.questions else ""
    when, stopped = done.last_activity, done.position or ""
    steps = len(set(done.steps) - {step.id for step in section.steps if step.optional})
    titles = {step.id: step.title for step in section.steps}
    labs = {lab.id: lab.title for lab in entry.unit.labs} if entry.unit is not None else {}
    right = sum(one.latest.right for one in standing.values())
    return (
        f"{steps} / {len(section.required)}" if section.steps else str(steps or ""),
        f"{right} / {len(standing)}{asked}" if asked or standing else "",
        Text("、", ", ")[lang].join(labs.get(lab, Text(lab, lab))[lang] for lab in done.labs_run),
        # In the learner's own time zone: "yesterday evening" is what is remembered.
        f"{when.astimezone():%Y-%m-%d %H:%M}" if when else "",
        titles.get(stopped, Text(stopped, stopped))[lang],
    )
