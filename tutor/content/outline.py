"""The course as a tree, for reading and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from pydantic import BaseModel

from tutor.content.files import course_files
from tutor.content.load import UnitDocuments, as_model, load_documents
from tutor.content.models import ConceptFile, GlossaryFile, Lab, Section, SectionEntry, Unit
from tutor.content.questions import LabQuestion, Question, Quiz
from tutor.text import Lang, Text


def run_outline(root: Path, *, as_json: bool, lang: Lang, out: TextIO) -> int:
    """Print a course as a tree, or for machines with texts in both languages.

    Returns:
        1 when files of the course were broken and are missing from the tree, else 0.
    """
    units = load_documents(course_files(root))
    course = outline(units)
    found = [problem for unit in units for document in unit.all() for problem in document.problems]
    errors = [problem for problem in found if problem.severity == "error"]
    if as_json:
        print(json.dumps(course, ensure_ascii=False, indent=2), file=out)
    else:
        print(render_outline(course, lang), *(problem.head(lang) for problem in errors), sep="\n", file=out)
    return 1 if errors else 0


def outline(units: Iterable[UnitDocuments]) -> dict[str, Any]:
    """What is sound of a course as plain data; texts are ``{"zh": …, "en": …}``."""
    return {"units": [_unit(files, unit) for files in units if (unit := as_model(files.unit, Unit))]}


def _pick(thing: BaseModel, *names: str) -> dict[str, Any]:
    return thing.model_dump(mode="json", include=set(names))


def _unit(files: UnitDocuments, unit: Unit) -> dict[str, Any]:
    labs = [lab for document in files.labs.values() if (lab := as_model(document, Lab))]
    glossary = as_model(files.glossary, GlossaryFile)
    concepts = as_model(files.concepts, ConceptFile)
    return {
        **_pick(unit, "id", "title"),
        "sections": [_section(files, entry) for entry in unit.sections],
        "labs": [_pick(lab, "id", "experiment", "concepts", "title") for lab in labs],
        "glossary": [_pick(term, "id", "term", "concepts") for term in glossary.terms] if glossary else [],
        "concepts": [_pick(c, "id", "name", "labs") for c in concepts.concepts] if concepts else [],
    }


def _section(files: UnitDocuments, entry: SectionEntry) -> dict[str, Any]:
    section = as_model(files.sections.get(entry.id), Section)
    quiz = as_model(files.quizzes.get(entry.id), Quiz)
    step_keys = ("id", "kind", "title", "concepts", "lab", "optional", "chapter")
    return {
        **_pick(entry, "id", "title"),
        "state": "ready" if section else "coming",
        "steps": [_pick(step, *step_keys) for step in section.steps] if section else [],
        "questions": [_question(question) for question in quiz.questions] if quiz else [],
    }


def _question(question: Question) -> dict[str, Any]:
    lab = question.lab if isinstance(question, LabQuestion) else None
    picked = _pick(question, "id", "kind", "concepts", "step")
    return {**picked, "lab": lab, "params": list(question.params)}


_COMING = Text("（即将推出）", " (coming)")
_OPTIONAL = Text("（选读）", " (optional)")
_QUIZ = Text("测验", "Quiz")
_LABS = Text("实验", "Labs")
_GLOSSARY = Text("术语表", "Glossary")

_Tree = tuple[str, list[Any]]
"""A line and the trees below it."""


def render_outline(course: dict[str, Any], lang: Lang) -> str:
    """An `outline` as a drawn tree."""
    lines: list[str] = []
    for unit in course["units"]:
        lines.append(f"{unit['id']}  {unit['title'][lang]}")
        _draw(_below_unit(unit, lang), "", lines)
    return "\n".join(lines)


def _below_unit(unit: dict[str, Any], lang: Lang) -> list[_Tree]:
    labs = [
        f"{lab['id']}  {lab['title'][lang]}  [{lab['experiment']}]  {' '.join(lab['concepts'])}"
        for lab in unit["labs"]
    ]
    terms = [f"{term['id']}  {term['term'][lang]}" for term in unit["glossary"]]
    below = [_section_tree(section, lang) for section in unit["sections"]]
    return below + _list(_LABS[lang], labs) + _list(_GLOSSARY[lang], terms)


def _section_tree(section: dict[str, Any], lang: Lang) -> _Tree:
    below: list[_Tree] = []
    chapter = below  # the steps of a chapter stand below its name
    for step in section["steps"]:
        if step["chapter"] is not None:
            chapter = []
            below.append((step["chapter"][lang], chapter))
        lab = f"  ⟨{step['lab']}⟩" if step["lab"] else ""
        lab += _OPTIONAL[lang] if step["optional"] else ""
        line = f"{step['id']}  {step['kind']}  {step['title'][lang]}{lab}  {' '.join(step['concepts'])}"
        chapter.append((line, []))
    questions = []
    for q in section["questions"]:
        kind = f"{q['kind']}({', '.join(q['params'])})" if q["params"] else q["kind"]
        lab = f"  ⟨{q['lab']}⟩" if q["lab"] else ""
        questions.append(f"{q['id']}  {kind}  → {q['step']}{lab}  {' '.join(q['concepts'])}")
    coming = _COMING[lang] if section["state"] == "coming" else ""
    return f"{section['id']}  {section['title'][lang]}{coming}", below + _list(_QUIZ[lang], questions)


def _list(name: str, lines: list[str]) -> list[_Tree]:
    return [(f"{name} ({len(lines)})", [(line, []) for line in lines])] if lines else []


def _draw(trees: list[_Tree], indent: str, lines: list[str]) -> None:
    for i, (head, below) in enumerate(trees):
        last = i == len(trees) - 1
        lines.append(f"{indent}{'└─ ' if last else '├─ '}{head}".rstrip())
        _draw(below, indent + ("   " if last else "│  "), lines)
