"""Builds the table of contents of a course from its files."""

from __future__ import annotations

from pathlib import Path

from tutor.content.files import course_files, unit_folders
from tutor.content.index import ConceptEntry, CourseIndex, LabEntry, SectionIndex, StepEntry, UnitIndex
from tutor.content.load import Document, UnitDocuments, as_model, load_documents
from tutor.content.models import ConceptFile, Lab, Quiz, Section, SectionEntry, Unit
from tutor.content.problems import Problem
from tutor.text import Text


def build_index(root: Path) -> CourseIndex:
    """Read every file of a course and say what is in it; broken files are listed as such."""
    folders = set(unit_folders(root))
    units = [unit for unit in load_documents(course_files(root)) if unit.folder in folders]
    return CourseIndex(tuple(map(_unit, units)))


def _first(document: Document | None) -> Problem | None:
    """What a broken file should be fixed for first."""
    if document is None or document.model is not None:
        return None
    return next((p for p in document.problems if p.severity == "error"), None)


def _unit(documents: UnitDocuments) -> UnitIndex:
    unit = as_model(documents.unit, Unit)
    concepts = as_model(documents.concepts, ConceptFile)
    name = Text(documents.folder, documents.folder)
    return UnitIndex(
        id=unit.id if unit else documents.folder,
        folder=documents.folder,
        title=unit.title if unit else name,
        summary=unit.summary if unit else Text("", ""),
        sections=tuple(_section(entry, documents) for entry in unit.sections) if unit else (),
        labs=tuple(_lab(stem, document) for stem, document in documents.labs.items()),
        concepts=tuple(ConceptEntry(c.id, c.name) for c in concepts.concepts) if concepts else (),
        problem=_first(documents.unit),
    )


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
        steps=tuple(StepEntry(s.id, s.kind, s.title, s.lab, s.concepts, s.optional) for s in steps),
        questions=tuple(question.id for question in quiz.questions) if quiz else (),
        concepts=tuple(dict.fromkeys(concept for step in steps for concept in step.concepts)),
        problem=_first(lesson),
        quiz_problem=_first(quiz_document),
    )


def _lab(stem: str, document: Document) -> LabEntry:
    lab = as_model(document, Lab)
    if lab is None:
        return LabEntry(stem, Text(stem, stem), "", "broken", _first(document))
    return LabEntry(stem, lab.title, lab.experiment, "ready")
