"""``llm-tutor progress``: how far the learner is, in lines or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from tutor.content.index import CourseIndex
from tutor.paths import database
from tutor.progress.certainty import HOW_SURE, all_results, levels
from tutor.progress.report import MARKED, SectionReport, concept_reports, section_reports
from tutor.progress.store import RIGHT, Store
from tutor.progress.summary import ProgressSummary
from tutor.text import UNSEEN, Lang, Text

_NOTHING_YET = Text(
    "还没有学习记录。运行 llm-tutor，选一节开始吧。",
    "Nothing yet. Run llm-tutor and open a section to begin.",
)
_TITLE = Text("学习进度", "Progress")
_CONCEPTS = Text("概念：", "concepts:")
_QUESTIONS = Text("题目：", "questions:")
_STORED_IN = Text("记录保存在 {path}", "Stored in {path}")


def run_progress(*, home: Path, course: CourseIndex, as_json: bool, lang: Lang, out: TextIO) -> int:
    """Print how far the learner is in the sections of a course, and return 0.

    Reads only: where nothing has been stored yet in the learner's folder `home`, nothing is made.

    Raises:
        ProgressError: The log can't be read.
    """
    path = database(home)
    summary = ProgressSummary()
    if path.exists() or (home.exists() and not home.is_dir()):  # opening says what is wrong with such a home
        with Store(path, place=course.place) as store:
            summary = store.summary()
    if as_json:
        last = summary.last_section
        told = {
            "log": str(path),
            "last_section": last and dict(zip(("unit", "section"), last, strict=True)),
            "sections": [_section_as_json(one) for one in section_reports(course, summary)],
            "concepts": [
                {
                    "concept": one.concept.id,
                    "steps": list(one.steps),
                    "labs": list(one.labs),
                    **one.tally.as_json(),
                }
                for unit in course.units
                for section in unit.sections
                for one in concept_reports(unit, section, summary)
            ],
            "certainty": [asdict(level) for level in levels(all_results(summary))],
        }
        out.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    elif not summary.sections:
        out.write(_NOTHING_YET[lang] + "\n")
    else:
        _print(path, course, summary, lang, out)
    return 0


def _section_as_json(entry: SectionReport) -> dict[str, Any]:
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
        "latest": sum(one.latest.score for one in standing.values()),
        "best": sum(one.best.score for one in standing.values()),
        "results": {
            question: {
                "attempts": one.attempts,
                "latest": {"score": one.latest.score, "at": one.latest.at.isoformat()},
                "best": {"score": one.best.score, "at": one.best.at.isoformat()},
            }
            for question, one in standing.items()
        },
        "hints": entry.hints,
        "labs_predicted": list(done.labs_predicted),
        "labs_run": list(done.labs_run),
        "bets_settled": len(done.bets),
        "bets_won": sum(bet.score >= RIGHT for bet in done.bets),
        "examinations": [{"score": one.score, "at": one.at.isoformat()} for one in done.examinations],
        "bookmarks": [step for step, marks in done.marks.items() if marks.bookmark],
        "notes": {
            step: {"text": marks.note, "at": marks.at.isoformat()}
            for step, marks in done.marks.items()
            if marks.note
        },
        "last_activity": done.last_activity and done.last_activity.isoformat(),
    }


def _print(path: Path, course: CourseIndex, summary: ProgressSummary, lang: Lang, out: TextIO) -> None:
    """Print line by line, so that nothing is cut off in a narrow terminal or in a pipe."""
    lines = [_TITLE[lang]]
    for entry in section_reports(course, summary):
        lines += ["", entry.section.title[lang]]
        lines += [f"  {heading}{fact}" for heading, fact in entry.facts(lang)]
        if entry.marked:
            lines.append(f"  {MARKED[lang]}")
            for title, note in entry.marked:
                lines += [f"    {title[lang]}", *(f"      {line}" for line in note.splitlines())]
        if entry.questions:
            lines += [
                f"  {_QUESTIONS[lang]}",
                *(f"    {question.told[lang]}" for question in entry.questions),
            ]
        if entry.unit is not None:
            concepts = [c for c in concept_reports(entry.unit, entry.section, summary) if c.begun]
            lines += [f"  {_CONCEPTS[lang]}"] if concepts else []
            lines += [f"    {concept.told[lang]}" for concept in concepts]
    found = levels(all_results(summary))
    lines += ["", HOW_SURE[lang]] if found else []
    lines += [f"  {Text.joined((level.told, level.verdict))[lang]}".rstrip() for level in found]
    lines += ["", _STORED_IN[lang].format(path=path)]
    # Titles and ids may hold anything.
    out.write("".join(UNSEEN.sub("", line) + "\n" for line in lines))
