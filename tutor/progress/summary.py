"""How far the learner is: counted from the log, never stored."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """What the learner has done in one section.

    Attributes:
        section: Its id; empty for labs that were opened on their own.
        steps: Ids of the steps that were done, in the order in which they were.
        answered: Questions answered at least once.
        right: Questions whose latest answer was right.
        attempts: Answers given, repeats included.
        labs_predicted: Ids of labs predicted or knowingly skipped.
        labs_run: Ids of labs run to the end.
        last_activity: When something was last written, UTC.
        position: Id of the step where the learner was last.
    """

    unit: str
    section: str
    steps: tuple[str, ...] = ()
    answered: int = 0
    right: int = 0
    attempts: int = 0
    labs_predicted: tuple[str, ...] = ()
    labs_run: tuple[str, ...] = ()
    last_activity: datetime | None = None
    position: str | None = None


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
        """Return unit and section in which the learner was last active."""
        active = [
            (s.last_activity, s.unit, s.section) for s in self.sections if s.last_activity and s.section
        ]
        return max(active)[1:] if active else None


@dataclass
class _Counted:
    """One section while it is being counted."""

    steps: list[str] = field(default_factory=list)
    results: dict[str, bool] = field(default_factory=dict)
    attempts: int = 0
    predicted: set[str] = field(default_factory=set)
    run: set[str] = field(default_factory=set)
    last: str = ""
    position: str | None = None


def count(connection: sqlite3.Connection) -> ProgressSummary:
    found: dict[tuple[str, str], _Counted] = {}

    def at(unit: str, section: str, when: str) -> _Counted:
        counted = found.setdefault((unit, section), _Counted())
        # ISO 8601 in UTC with a fixed number of digits: the order of the strings is the order in time.
        counted.last = max(counted.last, when)
        return counted

    rows = connection.execute("SELECT unit, section, at, kind, item, correct FROM attempts ORDER BY id")
    for unit, section, when, kind, item, correct in rows:
        counted = at(unit, section, when)
        if kind == "answer":
            counted.attempts += 1
            counted.results[item] = bool(correct)
        elif kind == "prediction":
            counted.predicted.add(item)
        elif kind == "reveal":
            counted.run.add(item)
    for unit, section, when, step in connection.execute(
        "SELECT unit, section, at, step FROM steps ORDER BY rowid"
    ):
        at(unit, section, when).steps.append(step)
    for unit, section, when, step in connection.execute("SELECT unit, section, at, step FROM positions"):
        at(unit, section, when).position = step
    return ProgressSummary(tuple(_finished(key, found[key]) for key in sorted(found)))


def _finished(key: tuple[str, str], counted: _Counted) -> SectionProgress:
    return SectionProgress(
        *key,
        steps=tuple(counted.steps),
        answered=len(counted.results),
        right=sum(counted.results.values()),
        attempts=counted.attempts,
        labs_predicted=tuple(sorted(counted.predicted)),
        labs_run=tuple(sorted(counted.run)),
        last_activity=datetime.fromisoformat(counted.last),
        position=counted.position,
    )
