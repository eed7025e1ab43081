"""Loads a course: every file on its own, so that a broken one never hides what is wrong with the others."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from tutor.content.files import CourseFile, FileKind, files_of
from tutor.content.index import (
    ConceptEntry,
    LabEntry,
    QuestionEntry,
    SectionIndex,
    StepEntry,
    TermEntry,
    UnitHead,
    UnitIndex,
)
from tutor.content.models import (
    ConceptFile,
    GlossaryFile,
    Lab,
    MilestoneFile,
    Section,
    SectionEntry,
    Term,
    Unit,
    digest,
)
from tutor.content.problems import ContentError, Problem
from tutor.content.questions import Quiz
from tutor.content.source import Key, Source, read_source
from tutor.content.validate import validate
from tutor.text import LANGS, Text

M = TypeVar("M", bound=BaseModel)

MODELS: dict[FileKind, type[BaseModel]] = {
    "unit": Unit,
    "concepts": ConceptFile,
    "glossary": GlossaryFile,
    "milestones": MilestoneFile,
    "section": Section,
    "quiz": Quiz,
    "lab": Lab,
}
"""The model of each kind of file."""


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """A file with what was read from it."""

    at: CourseFile
    source: Source
    model: BaseModel | None
    """What it says; None when it is broken."""
    problems: tuple[Problem, ...]
    """What is wrong with it, taken alone."""

    def problem(self, code: str, *key: str | int, at_key: bool = False, **values: object) -> Problem:
        """A problem at the value (or the key) of a path in the file."""
        mark = self.source.key_mark(key) if at_key else self.source.value_mark(key)
        return self.source.problem(code, mark, **values)

    def place(self, *key: str | int) -> str:
        """``file:line:col`` of the value at a path."""
        line, col = self.source.value_mark(key)
        return f"{self.source.file}:{line}:{col}"

    def problem_inside(self, code: str, key: Key, offset: int, **values: object) -> Problem:
        """A problem at a character of a text."""
        return self.source.problem(code, self.source.inner_mark(key, offset), **values)


def load_document(at: CourseFile, shown: str | None = None) -> Document:
    """Read and validate one file.

    `shown`: How to name it to the author; its path in the course by default.
    """
    source = read_source(at.path, shown or at.file)
    model, problems = validate(source, MODELS[at.kind])
    return Document(at, source, model, problems)


@dataclass(slots=True, eq=False)
class UnitDocuments:
    """The files of one unit, broken ones included."""

    folder: str
    unit: Document | None = None
    concepts: Document | None = None
    glossary: Document | None = None
    milestones: Document | None = None
    sections: dict[str, Document] = field(default_factory=dict)
    quizzes: dict[str, Document] = field(default_factory=dict)
    labs: dict[str, Document] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        match document.at.kind:
            case "section":
                self.sections[document.at.stem] = document
            case "quiz":
                self.quizzes[document.at.stem] = document
            case "lab":
                self.labs[document.at.stem] = document
            case kind:
                setattr(self, kind, document)

    def all(self) -> Iterator[Document]:
        for one in (self.unit, self.concepts, self.glossary, self.milestones):
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
    """The base of a lab leads nowhere: the code of the problem, and the lab that can't be its base."""

    def __init__(self, code: str, lab: str) -> None:
        super().__init__(code, lab)
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


def sound_labs(documents: UnitDocuments) -> dict[str, Lab]:
    """The labs of a unit by the names of their files, each with the labs that make its base."""
    labs = {stem: lab for stem, document in documents.labs.items() if (lab := as_model(document, Lab))}
    found = dict(labs)
    for stem, lab in labs.items():
        with contextlib.suppress(BaseError):  # the check names it
            found[stem] = with_base(lab, labs.get)
    return found


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


def build_unit(root: Path, folder: str) -> UnitIndex:
    """Read every file of a unit and say what is in it; broken files are listed as such."""
    return _unit_of(folder, files_of(root, folder))


def unit_head(root: Path, folder: str) -> UnitHead:
    """Read what a unit's own file says of it."""
    return _unit_of(folder, (at for at in files_of(root, folder) if at.kind == "unit")).head


def _unit_of(folder: str, files: Iterable[CourseFile]) -> UnitIndex:
    return _unit(next(iter(load_documents(files)), UnitDocuments(folder)))


def _first(document: Document | None) -> Problem | None:
    """What a broken file should be fixed for first."""
    if document is None or document.model is not None:
        return None
    return next((p for p in document.problems if p.severity == "error"), None)


def _unit(documents: UnitDocuments) -> UnitIndex:
    unit = as_model(documents.unit, Unit)
    concepts = as_model(documents.concepts, ConceptFile)
    glossary = as_model(documents.glossary, GlossaryFile)
    name = Text(documents.folder, documents.folder)
    examination = unit.examination if unit else None
    return UnitIndex(
        id=unit.id if unit else documents.folder,
        folder=documents.folder,
        title=unit.title if unit else name,
        summary=unit.summary if unit else Text("", ""),
        sections=tuple(_section(entry, documents) for entry in unit.sections) if unit else (),
        labs=tuple(_lab(stem, document) for stem, document in documents.labs.items()),
        concepts=tuple(ConceptEntry(c.id, c.name, c.labs) for c in concepts.concepts) if concepts else (),
        problem=_first(documents.unit),
        moved=dict(unit.moved) if unit else {},
        terms=tuple(map(_term, glossary.terms)) if glossary else (),
        examination=examination.questions if examination else 0,
        examined_after=examination.after or unit.sections[-1].id if unit and examination else "",
    )


def _term(term: Term) -> TermEntry:
    written = {lang: list(term.written(lang)) for lang in LANGS}
    return TermEntry(term.id, term.term, term.definition, term.step, written, term.not_in)


def _section(entry: SectionEntry, documents: UnitDocuments) -> SectionIndex:
    lesson = documents.sections.get(entry.id)
    quiz_document = documents.quizzes.get(entry.id)
    section = as_model(lesson, Section)
    quiz = as_model(quiz_document, Quiz)
    steps = section.steps if section else ()
    return SectionIndex(
        id=entry.id,
        title=entry.title,
        summary=entry.summary,
        state="ready" if section else "coming" if lesson is None else "broken",
        minutes=section.minutes if section else 0,
        steps=tuple(
            StepEntry(s.id, s.kind, s.title, s.lab, s.concepts, s.optional, s.self_test) for s in steps
        ),
        questions=tuple(
            QuestionEntry(q.id, digest(q), q.concepts, Text(_beginning(q.prompt.zh), _beginning(q.prompt.en)))
            for q in (quiz.questions if quiz else ())
        ),
        concepts=tuple(dict.fromkeys(concept for step in steps for concept in step.concepts)),
        problem=_first(lesson),
        quiz_problem=_first(quiz_document),
    )


def _beginning(prompt: str) -> str:
    """Return the first line of a prompt as plain words, with an ellipsis for what is drawn or to be filled in."""
    line = next((line for line in prompt.splitlines() if line.strip()), "")
    words = re.sub(r"[*`]", "", re.sub(r"\{[^{}]*\}|\[\[\d+\]\]", "…", line)).strip()
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


_LONGEST = 100
"""Characters of the beginning of a prompt."""


def _lab(stem: str, document: Document) -> LabEntry:
    lab = as_model(document, Lab)
    if lab is None:
        return LabEntry(stem, Text(stem, stem), "", "broken", _first(document))
    return LabEntry(stem, lab.title, lab.experiment, "ready")
