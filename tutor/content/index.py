"""The table of contents of a course, light enough for the first screen: standard library only.

That of a unit is built once from its files (`tutor.content.load.build_unit`) and kept in a cache (`tutor.content.stored`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from tutor.content.problems import Problem
from tutor.text import Lang, Text

State = Literal["ready", "coming", "broken"]
"""ready: can be opened; coming: announced, no file yet; broken: its file has problems."""


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
class UnitHead:
    """What is known of a unit before its index is read, with the ids of its sections."""

    id: str
    folder: str
    title: Text
    summary: Text
    sections: tuple[str, ...]


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

    @property
    def head(self) -> UnitHead:
        sections = tuple(section.id for section in self.sections)
        return UnitHead(self.id, self.folder, self.title, self.summary, sections)


class UnitEntry:
    """A unit of a course; a subclass may read it when it is asked for."""

    def __init__(self, unit: UnitIndex) -> None:
        self._given = unit

    @cached_property
    def head(self) -> UnitHead:
        return self.unit.head

    @cached_property
    def unit(self) -> UnitIndex:
        return self._given

    @cached_property
    def places(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Where its steps and questions stand, by what it is and its id; steps that are no more lead to those that took their place."""
        found: dict[tuple[str, str], tuple[str, str]] = {}
        for section in self.unit.sections:
            found |= {("step", step.id): (section.id, step.id) for step in section.steps}
            found |= {("question", q.id): (section.id, q.id) for q in section.questions}
        for old, new in self.unit.moved.items():
            if ("step", new) in found:
                found["step", old] = found["step", new]
        return found


@dataclass(frozen=True, slots=True)
class CourseIndex:
    """The table of contents of a course."""

    entries: tuple[UnitEntry, ...]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CourseIndex) and self.units == other.units

    __hash__ = object.__hash__

    @property
    def unit_heads(self) -> tuple[UnitHead, ...]:
        return tuple(entry.head for entry in self.entries)

    @property
    def units(self) -> tuple[UnitIndex, ...]:
        """All units, read as far as they weren't."""
        return tuple(entry.unit for entry in self.entries)

    def unit(self, unit_id: str) -> UnitIndex | None:
        """The unit of an id."""
        return next((entry.unit for entry in self.entries if entry.head.id == unit_id), None)

    def section(self, section_id: str) -> tuple[UnitIndex, SectionIndex] | None:
        """The section of an id and its unit."""
        units = (entry.unit for entry in self.entries if section_id in entry.head.sections)
        return next(((u, s) for u in units for s in u.sections if s.id == section_id), None)

    def following(self, unit_id: str, section_id: str) -> tuple[UnitIndex, SectionIndex] | None:
        """The section after one, in whichever unit; None after the last of the course."""
        ids = [(entry, id) for entry in self.entries for id in entry.head.sections]
        at = next((i for i, (e, id) in enumerate(ids) if (e.head.id, id) == (unit_id, section_id)), len(ids))
        return self.at(at + 1)

    def at(self, place: int) -> tuple[UnitIndex, SectionIndex] | None:
        """The section at a place among all of the course, and its unit."""
        for entry in self.entries:
            if place < len(entry.head.sections):
                return entry.unit, entry.unit.sections[place]
            place -= len(entry.head.sections)
        return None

    def step(self, step_id: str) -> tuple[UnitIndex, SectionIndex, int] | None:
        """The unit and the section of a step, and its place in that."""
        for entry in self.entries:
            section_id, _ = entry.places.get(("step", step_id), ("", ""))
            for section in entry.unit.sections:
                for place, step in enumerate(section.steps):
                    if section.id == section_id and step.id == step_id:
                        return entry.unit, section, place
        return None

    def place(
        self, unit_id: str, what: Literal["step", "question"], section_id: str, id: str
    ) -> tuple[str, str]:
        """Return section and id under which a step or question stands now that once stood under these; what isn't known stays there."""
        found = next((entry for entry in self.entries if entry.head.id == unit_id), None)
        return (found.places if found is not None else {}).get((what, id), (section_id, id))
