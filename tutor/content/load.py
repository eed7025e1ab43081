"""Loads a course: every file on its own, so that a broken one never hides what is wrong with the others."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from tutor.content.files import CourseFile, FileKind, course_files
from tutor.content.models import (
    Concept,
    ConceptFile,
    GlossaryFile,
    Lab,
    Quiz,
    Section,
    SectionEntry,
    Term,
    Unit,
)
from tutor.content.problems import ContentError, Problem
from tutor.content.source import Key, Mark, Source, read_source
from tutor.content.validate import validate

M = TypeVar("M", bound=BaseModel)

MODELS: dict[FileKind, type[BaseModel]] = {
    "unit": Unit,
    "concepts": ConceptFile,
    "glossary": GlossaryFile,
    "section": Section,
    "quiz": Quiz,
    "lab": Lab,
}
"""The model of each kind of file."""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A file with what was read from it.

    Attributes:
        source: Its data and the places of everything in it.
        model: What it says; None when it is broken.
        problems: What is wrong with it, taken alone.
    """

    at: CourseFile
    source: Source
    model: BaseModel | None
    problems: tuple[Problem, ...]

    def problem(self, code: str, *key: str | int, at_key: bool = False, **values: object) -> Problem:
        """A problem at the value (or the key) of a path in the file."""
        mark = self.source.key_mark(key) if at_key else self.source.value_mark(key)
        return self.source.problem(code, mark, **values)

    def problem_at(self, code: str, mark: Mark, **values: object) -> Problem:
        """A problem at a place of the file."""
        return self.source.problem(code, mark, **values)

    def inside(self, key: Key, offset: int) -> Mark:
        """Where a character of a text stands."""
        return self.source.inner_mark(key, offset)


def load_document(at: CourseFile, shown: str | None = None) -> Document:
    """Read and validate one file.

    `shown`: How to name it to the author; its path in the course by default.
    """
    source = read_source(at.path, shown or at.file)
    model, problems = validate(source, MODELS[at.kind])
    return Document(at, source, model, problems)


@dataclass(frozen=True, slots=True)
class CourseSection:
    """A section of a unit: its entry always, its lesson and its quiz when they are there and sound."""

    entry: SectionEntry
    section: Section | None
    quiz: Quiz | None


@dataclass(frozen=True, slots=True)
class CourseUnit:
    """A unit with everything in it that could be read."""

    folder: str
    unit: Unit
    sections: tuple[CourseSection, ...]
    labs: dict[str, Lab]
    concepts: tuple[Concept, ...]
    glossary: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course: its units in the order of their folders' names."""

    units: tuple[CourseUnit, ...]


@dataclass(slots=True, eq=False)
class UnitDocuments:
    """The files of one unit, broken ones included."""

    folder: str
    unit: Document | None = None
    concepts: Document | None = None
    glossary: Document | None = None
    sections: dict[str, Document] = field(default_factory=dict)
    quizzes: dict[str, Document] = field(default_factory=dict)
    labs: dict[str, Document] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        """Put a file into its place."""
        kind, stem = document.at.kind, document.at.stem
        if kind == "unit":
            self.unit = document
        elif kind == "concepts":
            self.concepts = document
        elif kind == "glossary":
            self.glossary = document
        else:
            {"section": self.sections, "quiz": self.quizzes, "lab": self.labs}[kind][stem] = document

    def all(self) -> Iterator[Document]:
        """Every file there is."""
        for one in (self.unit, self.concepts, self.glossary):
            if one is not None:
                yield one
        for many in (self.sections, self.quizzes, self.labs):
            yield from many.values()


def as_model(document: Document | None, model: type[M]) -> M | None:
    """The model of a file that is there and sound."""
    found = document.model if document else None
    return found if isinstance(found, model) else None


def load_documents(files: Iterable[CourseFile], shown: dict[str, str] | None = None) -> list[UnitDocuments]:
    """The files of a course, read; `shown` says for a path in the course how to name it to the author."""
    units: dict[str, UnitDocuments] = {}
    for at in files:
        unit = units.setdefault(at.unit, UnitDocuments(at.unit))
        unit.add(load_document(at, (shown or {}).get(at.file)))
    return [units[name] for name in sorted(units)]


class BaseError(Exception):
    """The base of a lab leads nowhere.

    Attributes:
        code: Which problem: ``base.unknown``, ``base.saves_none`` or ``base.cycle``.
        lab: The lab that can't be its base.
    """

    def __init__(self, code: str, lab: str) -> None:
        super().__init__(f"{code}: {lab}")
        self.code = code
        self.lab = lab


def with_base(lab: Lab, find: Callable[[str], Lab | None], users: tuple[str, ...] = ()) -> Lab:
    """A lab that knows the one that makes its base, and that its own, and so on.

    `users`: The labs that need this one.

    Raises:
        BaseError: There is no such lab, or it gives no model.
    """
    if lab.base is None:
        return lab
    name = lab.base.lab
    if name in (*users, lab.id):
        raise BaseError("base.cycle", name)
    before = find(name)
    if before is None:
        raise BaseError("base.unknown", name)
    if before.saves is None or before.saves.arm not in {arm.id for arm in before.arms}:
        raise BaseError("base.saves_none", name)
    return lab.after(with_base(before, find, (*users, lab.id)))


def build_course(units: Iterable[UnitDocuments]) -> Course:
    """What is sound in the files, put together."""
    return Course(tuple(built for unit in units if (built := _build_unit(unit))))


def _build_unit(documents: UnitDocuments) -> CourseUnit | None:
    unit = as_model(documents.unit, Unit)
    if unit is None:
        return None
    concepts = as_model(documents.concepts, ConceptFile)
    glossary = as_model(documents.glossary, GlossaryFile)
    sections = tuple(
        CourseSection(
            entry,
            as_model(documents.sections.get(entry.id), Section),
            as_model(documents.quizzes.get(entry.id), Quiz),
        )
        for entry in unit.sections
    )
    return CourseUnit(
        folder=documents.folder,
        unit=unit,
        sections=sections,
        labs=sound_labs(documents),
        concepts=concepts.concepts if concepts else (),
        glossary=glossary.terms if glossary else (),
    )


def sound_labs(documents: UnitDocuments) -> dict[str, Lab]:
    """The labs of a unit by the names of their files, each with the labs that make its base."""
    labs = {stem: lab for stem, document in documents.labs.items() if (lab := as_model(document, Lab))}
    found = dict(labs)
    for stem, lab in labs.items():
        with contextlib.suppress(BaseError):  # the check names it
            found[stem] = with_base(lab, labs.get)
    return found


def load_course(root: Path) -> tuple[Course, tuple[Problem, ...]]:
    """Load everything below a course root.

    Args:
        root: The folder that holds ``lessons/`` and ``quizzes/``.

    Returns:
        What could be loaded, and the problems of all files, each taken alone (`tutor.content.check` also
        checks one file against another).
    """
    units = load_documents(course_files(root))
    problems = tuple(p for unit in units for document in unit.all() for p in document.problems)
    return build_course(units), problems


def load_model(at: CourseFile, model: type[M]) -> M:
    """The model of one file.

    Raises:
        ContentError: The file is broken; it carries all of the file's problems.
    """
    document = load_document(at)
    found = as_model(document, model)
    if found is None:
        raise ContentError(document.problems)
    return found
