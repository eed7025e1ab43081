"""The table of contents of a course, light enough for the first screen: standard library only.

It is built once from all files (`tutor.content.load.build_index`), kept as JSON in a cache folder, and used again
for as long as no course file changes.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeAlias

from tutor import __version__
from tutor.content.files import course_files
from tutor.content.problems import Problem
from tutor.files import write_whole
from tutor.text import Lang, Text

_FORMAT = f"8 {__version__}"

State = Literal["ready", "coming", "broken"]
"""ready: can be opened; coming: announced, no file yet; broken: its file has problems."""

Stamp: TypeAlias = list[list[str | int]]
"""For each course file its path, size in bytes and CRC-32: an index made on another day or machine stays good."""


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step as a list shows it, as all below."""

    id: str
    kind: Literal["read", "lab", "check", "try"]
    title: Text
    lab: str | None
    concepts: tuple[str, ...]
    optional: bool = False
    self_test: bool = False


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """A question, with the digest of its wording and the beginning of its prompt."""

    id: str
    digest: str
    concepts: tuple[str, ...]
    asks: Text


@dataclass(frozen=True, slots=True)
class SectionIndex:
    """A section. Unless it is ready it has no minutes and no steps. Of what is broken the first problem is known."""

    id: str
    title: Text
    summary: Text
    state: State
    minutes: int = 0
    steps: tuple[StepEntry, ...] = ()
    questions: tuple[QuestionEntry, ...] = ()
    """None when it has no quiz, or a broken one."""
    concepts: tuple[str, ...] = ()
    """Ids of those that its steps teach, each once."""
    problem: Problem | None = None
    quiz_problem: Problem | None = None

    @property
    def required(self) -> tuple[str, ...]:
        """Ids of the steps that are not optional."""
        return tuple(step.id for step in self.steps if not step.optional)

    @property
    def self_test(self) -> StepEntry | None:
        """The step that shows where to begin."""
        return next((step for step in self.steps if step.self_test), None)

    @property
    def digests(self) -> dict[str, str]:
        """Digests of the questions by their ids."""
        return {question.id: question.digest for question in self.questions}


@dataclass(frozen=True, slots=True)
class LabEntry:
    """A lab; of a broken one only the id and the first problem are known."""

    id: str
    title: Text
    experiment: str
    state: State
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class ConceptEntry:
    """A concept, with the ids of the labs that show it, some of them still coming."""

    id: str
    name: Text
    labs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term of the glossary: the step that teaches it, and the ways in which texts of a language write it."""

    id: str
    term: Text
    definition: Text
    step: str
    written: dict[Lang, list[str]]
    not_in: tuple[str, ...] = ()
    """Steps in which these words mean something else."""


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """A unit.

    Attributes:
        id: Its id; the name of its folder when the unit file is broken.
        problem: The first problem of a broken unit file.
        moved: Ids of steps that are no more, with those that took their place.
        examination: How many questions its final examination has; 0: it has none.
        examined_after: Id of the section at whose end that is offered.
    """

    id: str
    folder: str
    title: Text
    summary: Text
    sections: tuple[SectionIndex, ...]
    labs: tuple[LabEntry, ...]
    concepts: tuple[ConceptEntry, ...]
    problem: Problem | None = None
    moved: dict[str, str] = field(default_factory=dict)
    terms: tuple[TermEntry, ...] = ()
    """None when it has no glossary, or a broken one."""
    examination: int = 0
    examined_after: str = ""

    @property
    def examined(self) -> bool:
        """Whether the final examination can be taken."""
        return self.examination > 0 and any(s.questions and s.state == "ready" for s in self.sections)


@dataclass(frozen=True, slots=True)
class CourseIndex:
    """The table of contents of a course."""

    units: tuple[UnitIndex, ...]

    def section(self, section_id: str) -> tuple[UnitIndex, SectionIndex] | None:
        """The section of an id and its unit."""
        return next(((u, s) for u in self.units for s in u.sections if s.id == section_id), None)

    def following(self, unit_id: str, section_id: str) -> tuple[UnitIndex, SectionIndex] | None:
        """The section after one, in whichever unit; None after the last of the course."""
        known = [(unit, section) for unit in self.units for section in unit.sections]
        ids = [(unit.id, section.id) for unit, section in known]
        at = ids.index((unit_id, section_id)) + 1 if (unit_id, section_id) in ids else len(ids)
        return known[at] if at < len(known) else None

    def step(self, step_id: str) -> tuple[UnitIndex, SectionIndex, int] | None:
        """The unit and the section of a step, and its place in that."""
        for unit in self.units:
            for section in unit.sections:
                for place, step in enumerate(section.steps):
                    if step.id == step_id:
                        return unit, section, place
        return None

    @property
    def places(self) -> dict[tuple[str, Literal["step", "question"], str], tuple[str, str]]:
        """Where the steps and questions stand: unit, what it is and its id → section and id. Steps that are no more lead to those
        that took their place.
        """
        found: dict[tuple[str, Literal["step", "question"], str], tuple[str, str]] = {}
        for unit in self.units:
            for section in unit.sections:
                found |= {(unit.id, "step", step.id): (section.id, step.id) for step in section.steps}
                found |= {(unit.id, "question", q.id): (section.id, q.id) for q in section.questions}
            for old, new in unit.moved.items():
                if (unit.id, "step", new) in found:
                    found[unit.id, "step", old] = found[unit.id, "step", new]
        return found


_ENTRIES: dict[str, Callable[..., Any]] = {
    kind.__name__: kind
    for kind in (
        Text,
        Problem,
        StepEntry,
        QuestionEntry,
        SectionIndex,
        LabEntry,
        ConceptEntry,
        TermEntry,
        UnitIndex,
        CourseIndex,
    )
}
"""What the cache is made of, each stored as its fields and the name of its class."""


def course_stamp(root: Path) -> Stamp:
    """What tells whether a course has changed since its index was built."""
    stamp: Stamp = []
    for at in course_files(root):
        with suppress(OSError):
            content = at.path.read_bytes()
            stamp.append([at.file, len(content), zlib.crc32(content)])
    return stamp


def course_times(root: Path) -> Stamp:
    """A cheaper stamp for within one process: path, modification time in nanoseconds and size of each file."""
    return [[at.file, *file_times(at.path)] for at in course_files(root)]


def file_times(path: Path) -> tuple[int, int]:
    """Modification time of a file in nanoseconds and its size; zeros when there is none."""
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_mtime_ns, stat.st_size


def read_cached(cache: Path, root: Path, stamp: Stamp) -> CourseIndex | None:
    """The cached index; None when there is none, it is of other files, or it is damaged in any way."""
    try:
        checksum, body = _cache_file(cache, root).read_bytes().split(b"\n", 1)
        if int(checksum, 16) != zlib.crc32(body):
            return None
        stored = json.loads(body, object_hook=_entry)
        if stored["format"] != _FORMAT or stored["root"] != str(root) or stored["stamp"] != stamp:
            return None
        index = stored["index"]
        return index if isinstance(index, CourseIndex) else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def write_cached(cache: Path, root: Path, stamp: Stamp, index: CourseIndex) -> None:
    """Keep an index; a cache that can't be written is no cache, not an error.

    `stamp`: State of its files, taken before they were read.
    """
    stored = {"format": _FORMAT, "root": str(root), "stamp": stamp, "index": index}
    body = json.dumps(stored, default=_stored)
    with suppress(OSError):
        write_whole(_cache_file(cache, root), f"{zlib.crc32(body.encode()):08x}\n{body}")


def _stored(entry: Any) -> dict[str, Any]:
    return {"class": type(entry).__name__} | {f.name: getattr(entry, f.name) for f in fields(entry)}


def _entry(stored: dict[str, Any]) -> Any:
    if "class" not in stored:
        return stored
    kind = _ENTRIES[stored.pop("class")]
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in stored.items()})


def _cache_file(cache: Path, root: Path) -> Path:
    return cache / f"course-{zlib.crc32(os.fsencode(root)):08x}.json"
