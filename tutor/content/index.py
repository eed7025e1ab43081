"""The table of contents of a course, light enough for the first screen: standard library only.

It is built once from all files (`tutor.content.indexing`), kept as JSON in a cache folder, and used again
for as long as no course file changes.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tutor import __version__
from tutor.content.files import course_files
from tutor.content.problems import Problem
from tutor.files import write_whole
from tutor.text import Text

_FORMAT = f"2 {__version__}"

State = Literal["ready", "coming", "broken"]
"""ready: can be opened; coming: announced, no file yet; broken: its file has problems."""

Stamp: TypeAlias = list[list[str | int]]
"""For each course file its path, size in bytes and CRC-32: an index made on another day or machine stays good."""


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step as a list shows it."""

    id: str
    kind: Literal["read", "lab", "check", "try"]
    title: Text
    lab: str | None
    concepts: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class SectionIndex:
    """A section as a list shows it.

    Attributes:
        state: Whether its lesson can be opened.
        minutes: How long it takes; 0 unless ready.
        steps: Its steps; empty unless ready.
        questions: Ids of the questions of its quiz; empty when it has none, or a broken one.
        concepts: Ids of the concepts that its steps teach, each once.
        problem: The first problem of a broken lesson.
        quiz_problem: The first problem of a broken quiz.
    """

    id: str
    title: Text
    summary: Text
    state: State
    minutes: int = 0
    steps: tuple[StepEntry, ...] = ()
    questions: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    problem: Problem | None = None
    quiz_problem: Problem | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """Ids of the steps that are not optional."""
        return tuple(step.id for step in self.steps if not step.optional)


@dataclass(frozen=True, slots=True)
class LabEntry:
    """A lab as a list shows it; of a broken one only the id and the first problem are known."""

    id: str
    title: Text
    experiment: str
    state: State
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ConceptEntry:
    """A concept as a list shows it."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """A unit as a list shows it.

    Attributes:
        id: Its id; the name of its folder when the unit file is broken.
        problem: The first problem of a broken unit file.
    """

    id: str
    folder: str
    title: Text
    summary: Text
    sections: tuple[SectionIndex, ...]
    labs: tuple[LabEntry, ...]
    concepts: tuple[ConceptEntry, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class CourseIndex:
    """The table of contents of a course."""

    units: tuple[UnitIndex, ...]

    def section(self, section_id: str) -> tuple[UnitIndex, SectionIndex] | None:
        """The section of an id and its unit."""
        return next(((u, s) for u in self.units for s in u.sections if s.id == section_id), None)


def course_stamp(root: Path) -> Stamp:
    """What tells whether a course has changed since its index was built."""
    stamp: Stamp = []
    for at in course_files(root):
        try:
            content = at.path.read_bytes()
        except OSError:
            continue
        stamp.append([at.file, len(content), zlib.crc32(content)])
    return stamp


def course_times(root: Path) -> Stamp:
    """A cheaper stamp for within one process: path, modification time in nanoseconds and size of each file."""
    times: Stamp = []
    for at in course_files(root):
        try:
            stat = at.path.stat()
        except OSError:
            continue
        times.append([at.file, stat.st_mtime_ns, stat.st_size])
    return times


def read_cached(cache: Path, root: Path, stamp: Stamp) -> CourseIndex | None:
    """The cached index; None when there is none, it is of other files, or it is damaged in any way."""
    try:
        checksum, body = _cache_file(cache, root).read_bytes().split(b"\n", 1)
        if int(checksum, 16) != zlib.crc32(body):
            return None
        stored = json.loads(body)
        if stored["format"] != _FORMAT or stored["root"] != str(root) or stored["stamp"] != stamp:
            return None
        return CourseIndex(tuple(map(_unit, stored["units"])))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def write_cached(cache: Path, root: Path, stamp: Stamp, index: CourseIndex) -> None:
    """Keep an index; a cache that can't be written is no cache, not an error.

    `stamp`: State of its files, taken before they were read.
    """
    stored = {"format": _FORMAT, "root": str(root), "stamp": stamp, **asdict(index)}
    body = json.dumps(stored)
    with suppress(OSError):
        write_whole(_cache_file(cache, root), f"{zlib.crc32(body.encode()):08x}\n{body}")


def _cache_file(cache: Path, root: Path) -> Path:
    return cache / f"course-{zlib.crc32(os.fsencode(root)):08x}.json"


def _problem(stored: Mapping[str, Any] | None) -> Problem | None:
    return None if stored is None else Problem.from_dict(stored)


def _step(stored: dict[str, Any]) -> StepEntry:
    return StepEntry(
        **{**stored, "title": Text(**stored["title"]), "concepts": tuple(stored["concepts"])},
    )


def _section(stored: dict[str, Any]) -> SectionIndex:
    return SectionIndex(
        **{
            **stored,
            "title": Text(**stored["title"]),
            "summary": Text(**stored["summary"]),
            "steps": tuple(map(_step, stored["steps"])),
            "questions": tuple(stored["questions"]),
            "concepts": tuple(stored["concepts"]),
            "problem": _problem(stored["problem"]),
            "quiz_problem": _problem(stored["quiz_problem"]),
        }
    )


def _lab(stored: dict[str, Any]) -> LabEntry:
    return LabEntry(**{**stored, "title": Text(**stored["title"]), "problem": _problem(stored["problem"])})


def _unit(stored: dict[str, Any]) -> UnitIndex:
    return UnitIndex(
        **{
            **stored,
            "title": Text(**stored["title"]),
            "summary": Text(**stored["summary"]),
            "sections": tuple(map(_section, stored["sections"])),
            "labs": tuple(map(_lab, stored["labs"])),
            "concepts": tuple(ConceptEntry(c["id"], Text(**c["name"])) for c in stored["concepts"]),
            "problem": _problem(stored["problem"]),
        }
    )
