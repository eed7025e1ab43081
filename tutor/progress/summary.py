"""How far the learner is: counted from the log, never stored."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class SectionProgress:
    """What the learner has done in one section.

    Attributes:
        section: Its id; empty for labs that were opened on their own.
        steps: Ids of those that were done, in the order in which they were.
        results: Whether the latest answer was right, by id of the question.
        attempts: Answers given, repeats included.
        labs_predicted: Ids of labs predicted or knowingly skipped.
        labs_run: Ids of labs run to the end.
        last_activity: UTC.
        position: Id of the step where the learner was last.
    """

    unit: str
    section: str
    steps: tuple[str, ...] = ()
    results: dict[str, bool] = field(default_factory=dict)
    attempts: int = 0
    labs_predicted: tuple[str, ...] = ()
    labs_run: tuple[str, ...] = ()
    last_activity: datetime | None = None
    position: str | None = None

    @property
    def answered(self) -> int:
        return len(self.results)

    @property
    def right(self) -> int:
        return sum(self.results.values())


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


def count(connection: sqlite3.Connection) -> ProgressSummary:
    found: dict[tuple[str, str], SectionProgress] = {}

    def at(unit: str, section: str, when: str) -> SectionProgress:
        done = found.setdefault((unit, section), SectionProgress(unit, section))
        written = datetime.fromisoformat(when)
        done.last_activity = max(done.last_activity or written, written)
        return done

    rows = connection.execute("SELECT unit, section, at, kind, item, correct FROM attempts ORDER BY id")
    for unit, section, when, kind, item, correct in rows:
        done = at(unit, section, when)
        if kind == "answer":
            done.attempts += 1
            done.results[item] = bool(correct)
        elif kind == "prediction":
            done.labs_predicted = tuple(sorted({*done.labs_predicted, item}))
        elif kind == "reveal":
            done.labs_run = tuple(sorted({*done.labs_run, item}))
    rows = connection.execute("SELECT unit, section, at, step FROM steps ORDER BY rowid")
    for unit, section, when, step in rows:
        at(unit, section, when).steps += (step,)
    for unit, section, when, step in connection.execute("SELECT unit, section, at, step FROM positions"):
        at(unit, section, when).position = step
    return ProgressSummary(tuple(found[key] for key in sorted(found)))
