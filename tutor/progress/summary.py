"""How far the learner is: counted from the log, never stored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeAlias

from tutor.quiz.marking import fully_right

Place: TypeAlias = Callable[[str, Literal["step", "question"], str, str], tuple[str, str]]
"""Where what the log names stands in the course now: its section and id, by the unit, what it is, and those it was written under."""


@dataclass(frozen=True, slots=True)
class Result:
    """A marked answer to a question, a bet on a lab that a run settled, or an examination.

    Attributes:
        item: Id of the question, of the lab or of the unit.
        score: In [0, 1].
        at: UTC.
        digest: Of the wording; None where it isn't known.
        confidence: 1 to 3; None where it wasn't asked.
    """

    item: str
    score: float
    at: datetime
    digest: str | None
    confidence: int | None

    @property
    def right(self) -> bool:
        """Return whether nothing was wrong."""
        return fully_right(self.score)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the learner stands with a question: the latest and the best answer, of the best ones the latest, and how many there were."""

    latest: Result
    best: Result
    attempts: int


def stands(item: str, digest: str | None, digests: Mapping[str, str] | None) -> bool:
    """Return whether a question is still the one that was answered, given the digests of all that stand; none given: it is.

    Of an answer whose wording isn't known, the id decides: a question whose meaning changes gets a new one.
    """
    return digests is None or (item in digests and digest in (None, digests[item]))


@dataclass(frozen=True, slots=True)
class Marks:
    """What the learner put to a step: a bookmark, a note, and when the last of them (UTC)."""

    at: datetime
    bookmark: bool = False
    note: str = ""


@dataclass(slots=True)
class SectionProgress:
    """What the learner has done in one section.

    Attributes:
        section: Its id; empty for labs that were opened on their own.
        steps: Ids of those that were done, in the order in which they were.
        answers: All that were given, repeats included.
        hints: Question and digest of its wording for each hint that was asked for.
        bets: Those that were settled, each by the first run after it.
        examinations: Those that were handed in at its end; the item is the unit.
        labs_predicted: Ids of labs predicted or knowingly skipped.
        labs_run: Ids of labs run to the end.
        last_activity: UTC.
        position: Id of the step where the learner was last; None also where that step has gone to another section.
        marks: Bookmarks and notes by id of the step.
    """

    unit: str
    section: str
    steps: tuple[str, ...] = ()
    answers: list[Result] = field(default_factory=list)
    hints: list[tuple[str, str | None]] = field(default_factory=list)
    bets: list[Result] = field(default_factory=list)
    examinations: list[Result] = field(default_factory=list)
    labs_predicted: tuple[str, ...] = ()
    labs_run: tuple[str, ...] = ()
    last_activity: datetime | None = None
    position: str | None = None
    marks: dict[str, Marks] = field(default_factory=dict)

    def hint_counts(self, digests: Mapping[str, str] | None = None) -> dict[str, int]:
        """Return how many hints were asked for, by id of the question; `digests` as for `standing`."""
        items = [item for item, digest in self.hints if stands(item, digest, digests)]
        return {item: items.count(item) for item in items}

    def standing(self, digests: Mapping[str, str] | None = None) -> dict[str, Standing]:
        """Return how the learner stands with each question that was answered, by id.

        `digests`: Of the questions that stand, by id; then others, and answers to another wording, are left out.
        """
        found: dict[str, Standing] = {}
        for answer in self.answers:
            if stands(answer.item, answer.digest, digests):
                before = found.get(answer.item, Standing(answer, answer, 0))
                best = answer if answer.score >= before.best.score else before.best
                found[answer.item] = Standing(answer, best, before.attempts + 1)
        return found


@dataclass(frozen=True, slots=True)
class ProgressSummary:
    """The whole log by id of unit and section; sections without any entry are not listed."""

    sections: tuple[SectionProgress, ...] = ()

    def section(self, unit: str, section: str) -> SectionProgress:
        for found in self.sections:
            if (found.unit, found.section) == (unit, section):
                return found
        return SectionProgress(unit, section)

    @property
    def last_section(self) -> tuple[str, str] | None:
        active = [
            (s.last_activity, s.unit, s.section) for s in self.sections if s.last_activity and s.section
        ]
        return max(active)[1:] if active else None


def step_marks(connection: sqlite3.Connection, place: Place) -> dict[tuple[str, str], dict[str, Marks]]:
    """Return the bookmarks and notes in a log, by unit and section, then by step; of steps that became one, the notes one after another."""
    rows = connection.execute(
        "SELECT unit, item, kind, section, at, answer FROM attempts WHERE kind IN ('bookmark', 'note') ORDER BY id"
    )
    newest = {
        (unit, item, kind): (section, at, json.loads(answer))
        for unit, item, kind, section, at, answer in rows
    }
    found: dict[tuple[str, str], dict[str, Marks]] = {}
    for (unit, item, kind), (written_in, when, value) in newest.items():
        if not value:
            continue
        section, step = place(unit, "step", written_in, item)
        marks, at = found.setdefault((unit, section), {}), datetime.fromisoformat(when)
        known = marks.get(step, Marks(at))
        known = replace(known, at=max(known.at, at))
        note = "\n".join(filter(None, (known.note, value if kind == "note" else "")))
        marks[step] = replace(known, note=note, bookmark=known.bookmark or kind == "bookmark")
    return found


def count(connection: sqlite3.Connection, place: Place) -> ProgressSummary:
    """Return how far the learner is, by a log."""
    found: dict[tuple[str, str], SectionProgress] = {}
    open_bets: dict[tuple[str, str], int | None] = {}

    def at(unit: str, section: str, when: str) -> SectionProgress:
        done = found.setdefault((unit, section), SectionProgress(unit, section))
        written = datetime.fromisoformat(when)
        done.last_activity = max(done.last_activity or written, written)
        return done

    rows = connection.execute(
        "SELECT unit, section, at, kind, item, coalesce(score, correct), digest, confidence FROM attempts ORDER BY id"
    )
    for unit, written_in, when, kind, item, score, digest, confidence in rows:
        section = written_in
        if kind in ("answer", "hint"):
            section, _ = place(unit, "question", written_in, item)
        elif kind in ("bookmark", "note"):
            section, _ = place(unit, "step", written_in, item)
        done, time = at(unit, section, when), datetime.fromisoformat(when)
        if kind == "answer":
            done.answers.append(Result(item, float(score or 0), time, digest, confidence))
        elif kind == "examination":
            done.examinations.append(Result(item, float(score or 0), time, None, None))
        elif kind == "hint":
            done.hints.append((item, digest))
        elif kind == "prediction":
            done.labs_predicted = tuple(sorted({*done.labs_predicted, item}))
            open_bets[unit, item] = confidence
        elif kind == "reveal":
            done.labs_run = tuple(sorted({*done.labs_run, item}))
            if score is not None and (unit, item) in open_bets:
                sure = open_bets.pop((unit, item))
                done.bets.append(Result(item, float(score), time, digest, confidence or sure))
    rows = connection.execute("SELECT unit, section, at, step FROM steps ORDER BY rowid")
    for unit, written_in, when, was in rows:
        section, step = place(unit, "step", written_in, was)
        done = at(unit, section, when)
        done.steps = tuple(dict.fromkeys((*done.steps, step)))
    for unit, section, when, was in connection.execute("SELECT unit, section, at, step FROM positions"):
        now_in, step = place(unit, "step", section, was)
        at(unit, section, when).position = step if now_in == section else None
    for (unit, section), marks in step_marks(connection, place).items():
        found[unit, section].marks = marks
    return ProgressSummary(tuple(found[key] for key in sorted(found)))
